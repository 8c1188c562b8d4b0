/**
 * A signal that is aborted when one of the others is, after `ms`, or by `end`. Unlike `AbortSignal.any` it then lets
 * go of the others, some of which live as long as the process.
 */
export function waitOver(others: AbortSignal[], ms?: number): { signal: AbortSignal; end(): void } {
  const over = new AbortController();
  const end = () => {
    clearTimeout(timer);
    for (const other of others) other.removeEventListener('abort', end);
    over.abort();
  };
  const timer = ms === undefined ? undefined : setTimeout(end, ms);
  for (const other of others) other.addEventListener('abort', end);
  if (others.some(({ aborted }) => aborted)) end();
  return { signal: over.signal, end };
}

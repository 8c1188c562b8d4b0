import { setTimeout as delay } from 'node:timers/promises';
import { Complaint, oneLine } from '../complaint.ts';

const readyTimeoutMs = 60_000;
const watchEveryMs = 10_000;

export async function untilApiIsReady(apiUrl: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const problem = await fetch(`${apiUrl}/readyz`, { signal }).then(
      async (response) => (response.ok ? undefined : await response.text()),
      oneLine,
    );
    signal.throwIfAborted();
    if (problem === undefined) return;
    if (Date.now() > deadline)
      throw new Complaint(`The api was not ready after ${readyTimeoutMs / 1000} s: ${problem}`);
    await delay(100, undefined, { signal });
  }
}

/** Reports warnings of a running api, because on a full disk no log can. */
export function watchReadiness(
  apiUrl: string,
  signal: AbortSignal,
  onWarning: (warning: string) => void,
): void {
  const look = async () => {
    const response = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(watchEveryMs) });
    const { warnings = [] } = (await response.json()) as { warnings?: string[] };
    for (const warning of warnings) onWarning(warning);
  };
  // An api that is down is reported by its supervisor.
  const timer = setInterval(() => look().catch(() => {}), watchEveryMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

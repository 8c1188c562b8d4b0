/** The service could not be reached, or did not answer, after all retries. `cause` says why. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly attempts: number;

  constructor(request: Request, attempts: number, cause: unknown) {
    const { origin, pathname } = new URL(request.url);
    const tries = attempts === 1 ? 'once' : `${attempts} times`;
    super(`${request.method} ${origin}${pathname} had no answer, tried ${tries}: ${reasonOf(cause)}`, {
      cause,
    });
    this.attempts = attempts;
  }
}

/** Node says only "fetch failed"; the cause says what failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
}

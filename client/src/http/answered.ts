import { ProblemError } from './problem-error.ts';

/** What a call of the raw client resolves to. */
interface Result {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** @returns the answer of the service. @throws ProblemError if it refused the request */
export async function answered<R extends Result>(call: Promise<R>): Promise<NonNullable<R['data']>> {
  const { data, error, response } = await call;
  if (!response.ok || data == null) throw new ProblemError(response, error);
  return data;
}

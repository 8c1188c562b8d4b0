import { ProblemError } from './problem-error.ts';

/** What a call of the raw client resolves to. */
interface Result {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** @returns what the service answered. @throws ProblemError when it could not do it */
export async function answered<R extends Result>(call: Promise<R>): Promise<NonNullable<R['data']>> {
  const { data, error, response } = await call;
  if (!response.ok || data == null) throw new ProblemError(response, error);
  return data;
}

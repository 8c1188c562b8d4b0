import { type Answer, readAnswer, type TestApi } from './open-test-api.ts';

/** A client of the mj-proxy protocol. */
export interface MjClient {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** @param secret the key as the header has it */
export function mjClient({ app }: Pick<TestApi, 'app'>, secret: string): MjClient {
  const auth = { 'mj-api-secret': secret };
  return {
    get: async (path, headers) => readAnswer(await app.request(path, { headers: { ...auth, ...headers } })),
    post: async (path, body, headers) =>
      readAnswer(
        await app.request(path, {
          method: 'POST',
          headers: { ...auth, 'Content-Type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
  };
}

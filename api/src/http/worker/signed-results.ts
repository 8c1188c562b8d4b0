import { isSigned } from '@midjourney-api/shared/results/signature';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';
import { problemResponse } from '../problems/problem-response.ts';

/** Lets only results through that were signed with one of the secrets; all of them without a secret. */
export function signedResults(secrets: string[] | undefined) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (secrets && !isSigned(secrets, await c.req.text(), c.req.raw.headers)) {
      const message = 'The signature is missing, wrong or older than five minutes.';
      return problemResponse(c, { code: 'bad_signature', message });
    }
    await next();
  });
}

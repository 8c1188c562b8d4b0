import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { auth as readBasicAuth } from 'hono/utils/basic-auth';
import { requireOperator } from '../../queries/access.ts';
import type { AppEnv } from '../app-env.ts';
import { problemResponse } from '../problems/problem-response.ts';
import { type AuthDependencies, authenticate } from './authenticate.ts';

/** Lets operators in: HTTP Basic, so that a browser can, with any user name and their app_key as password. */
export function operatorAuth({ log, ...auth }: AuthDependencies) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const appKey = readBasicAuth(c.req.raw)?.password;
    // A browser sends its first request without a password.
    if (!appKey) return credentialsRequired(c);
    const result = await authenticate(c, appKey, auth);
    if ('refused' in result) {
      const { refused: reason, user } = result;
      log.info(
        {
          request_id: c.get('requestId'),
          reason,
          user: user?.userName,
          address: auth.limits.addressOf(c),
        },
        'operator authentication failed',
      );
      return credentialsRequired(c);
    }
    requireOperator(result.user);
    await next();
  });
}

function credentialsRequired(c: Context<AppEnv>): Response {
  return problemResponse(
    c,
    {
      code: 'credentials_required',
      message: 'Sign in with any user name and the app_key of an operator as the password.',
    },
    { 'WWW-Authenticate': 'Basic realm="midjourney-api operators", charset="UTF-8"' },
  );
}

import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logger';
import { findUserByAppKey } from '@midjourney-api/shared/users/users';
import { createMiddleware } from 'hono/factory';
import { auth as readBasicAuth } from 'hono/utils/basic-auth';
import type { AppEnv } from '../app-env.ts';
import { Problem } from '../problems/problem.ts';
import { remoteAddress } from './remote-address.ts';

/** Lets operators in: HTTP Basic, so that a browser can, with any user name and their app_key as password. */
export function operatorAuth({ db, log }: { db: Database; log: Logger }) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const appKey = readBasicAuth(c.req.raw)?.password;
    const user = appKey ? await findUserByAppKey(db, appKey) : undefined;
    if (!user || user.disabledAt) {
      if (appKey) {
        log.info(
          { request_id: c.get('requestId'), user: user?.userName, address: remoteAddress(c) },
          'operator authentication failed',
        );
      }
      throw new Problem(
        'credentials_required',
        'Sign in with any user name and the app_key of an operator as the password.',
        { headers: { 'WWW-Authenticate': 'Basic realm="midjourney-api operators", charset="UTF-8"' } },
      );
    }
    if (user.role !== 'operator') throw new Problem('forbidden', 'This is for operators only.');

    c.set('user', user);
    await next();
  });
}

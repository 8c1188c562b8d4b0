import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logger';
import { findUserByAppKey, type User } from '@midjourney-api/shared/users/users';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';
import { Problem } from '../problems/problem.ts';
import { remoteAddress } from './remote-address.ts';

/**
 * Finds the user whose key the request carries and puts them into the context.
 * Refuses with 403, not 401: that is what the service's older clients know.
 */
export function bearerAuth({ db, log }: { db: Database; log: Logger }) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const refuse = (reason: Refusal, user?: User) => {
      log.info(
        { request_id: c.get('requestId'), reason, user: user?.userName, address: remoteAddress(c) },
        'authentication failed',
      );
      return new Problem('auth_failed', refusals[reason], {
        headers: { 'WWW-Authenticate': challenge(reason) },
      });
    };

    const header = c.req.header('Authorization');
    if (!header) throw refuse('missing');
    const appKey = /^Bearer +(\S+) *$/i.exec(header)?.[1];
    if (!appKey) throw refuse('malformed');
    const user = await findUserByAppKey(db, appKey);
    if (!user) throw refuse('unknown');
    if (user.disabledAt) throw refuse('disabled', user);

    c.set('user', user);
    await next();
  });
}

const refusals = {
  missing: 'Send your key in the header "Authorization: Bearer <app_key>".',
  malformed: 'The Authorization header must read "Bearer <app_key>".',
  unknown: 'This app_key is not known. Check that it is complete, or ask the operator for a new one.',
  disabled: 'This user is disabled. Ask the operator to enable it.',
};
type Refusal = keyof typeof refusals;

/** https://www.rfc-editor.org/rfc/rfc6750#section-3: no error code where no key was sent. */
function challenge(reason: Refusal): string {
  return reason === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
}

import type { User } from '@midjourney-api/shared/users/users';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';
import { problemResponse } from '../problems/problem-response.ts';
import { type AuthDependencies, authenticate } from './authenticate.ts';

/**
 * Finds the user whose key the request carries and puts them into the context.
 * @param code how it refuses: with 403, which is what the service's older clients know, or with 401
 */
export function bearerAuth(
  { log, ...auth }: AuthDependencies,
  code: 'auth_failed' | 'credentials_required' = 'auth_failed',
) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const refuse = (reason: Reason, user?: User) => {
      log.info(
        { request_id: c.get('requestId'), reason, user: user?.userName, address: auth.limits.addressOf(c) },
        'authentication failed',
      );
      const headers = { 'WWW-Authenticate': challenge(reason) };
      return problemResponse(c, { code, message: reasons[reason] }, headers);
    };

    const header = c.req.header('Authorization');
    const appKey = bearerKey(header);
    if (!appKey) {
      await auth.limits.countRequest(c);
      return refuse(header ? 'malformed' : 'missing');
    }
    const result = await authenticate(c, appKey, auth);
    if ('refused' in result) return refuse(result.refused, result.user);
    await next();
  });
}

/** For routes that need no key, and show operators more. */
export async function isOperator(c: Context<AppEnv>, auth: AuthDependencies): Promise<boolean> {
  const appKey = bearerKey(c.req.header('Authorization'));
  if (!appKey) return false;
  const result = await authenticate(c, appKey, auth);
  return !('refused' in result) && result.user.role === 'operator';
}

function bearerKey(header: string | undefined): string | undefined {
  return header && /^Bearer +(\S+) *$/i.exec(header)?.[1];
}

const reasons = {
  missing: 'Send your key in the header "Authorization: Bearer <app_key>".',
  malformed: 'The Authorization header must read "Bearer <app_key>".',
  unknown: 'This app_key is not known. Check that it is complete, or ask the operator for a new one.',
  disabled: 'This user is disabled. Ask the operator to enable it.',
};
type Reason = keyof typeof reasons;

/** https://www.rfc-editor.org/rfc/rfc6750#section-3: no error code where no key was sent. */
function challenge(reason: Reason): string {
  return reason === 'missing' ? 'Bearer' : 'Bearer error="invalid_token"';
}

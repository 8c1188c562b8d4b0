import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';
import { type AuthDependencies, authenticateAny } from '../auth/authenticate.ts';
import type { AnswerProblem } from '../problems/problem-response.ts';

/**
 * Finds the user whose key the request carries, in one of the spellings that clients have: `mj-api-secret: <key>`,
 * `Authorization: <key>`, each with `Bearer` or without. Browsers and proxies add headers of their own, so that the
 * first key that is known counts, and the others do no harm.
 */
export function mjAuth({ log, ...auth }: AuthDependencies, answer: AnswerProblem) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const refuse = (reason: keyof typeof reasons, user?: string) => {
      const address = auth.limits.addressOf(c);
      log.info({ request_id: c.get('requestId'), reason, user, address }, 'authentication failed');
      return answer(c, { code: 'auth_failed', message: reasons[reason] });
    };
    const appKeys = keysIn(c.req.header('mj-api-secret'), c.req.header('Authorization'));
    if (appKeys.length === 0) {
      await auth.limits.countRequest(c);
      return refuse('missing');
    }
    const result = await authenticateAny(c, appKeys, auth);
    if ('refused' in result) return refuse(result.refused, result.user?.userName);
    await next();
  });
}

function keysIn(...headers: (string | undefined)[]): string[] {
  const keys = headers.map((header = '') => header.replace(/^Bearer +/i, '').trim());
  return [...new Set(keys)].filter((key) => /^\S+$/.test(key));
}

const reasons = {
  missing:
    'Send your app_key in the header "mj-api-secret: <app_key>", or "Authorization: Bearer <app_key>".',
  unknown: 'This app_key is not known. Check that it is complete, or ask the operator for a new one.',
  disabled: 'This user is disabled. Ask the operator to enable it.',
};

import { z } from '@hono/zod-openapi';
import { findAccount } from '@midjourney-api/shared/accounts/accounts';
import { cached } from '@midjourney-api/shared/concurrency/cached';
import { plainIssues } from '@midjourney-api/shared/config/plain-issues';
import { createUserLookUp } from '@midjourney-api/shared/users/users';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { createCommands } from './commands/commands.ts';
import type { Dependencies } from './dependencies.ts';
import { type Api, apiPrefix, mcpPath } from './http/app-env.ts';
import { operatorAuth } from './http/auth/operator-auth.ts';
import { createApi } from './http/create-api.ts';
import { addDocs } from './http/docs/docs-page.ts';
import { createKeyedRoutes } from './http/keyed-routes.ts';
import { limitOpenRoutes } from './http/limits/open-routes.ts';
import { createRequestLimits } from './http/limits/request-limits.ts';
import { createMcp } from './http/mcp/mcp.ts';
import { allowOrigins } from './http/middleware/allow-origins.ts';
import { knownQuery } from './http/middleware/known-query.ts';
import { requestLog } from './http/middleware/request-log.ts';
import { requestMetrics } from './http/middleware/request-metrics.ts';
import { securityHeaders } from './http/middleware/security-headers.ts';
import { urlLimit } from './http/middleware/url-limit.ts';
import { isMeantForMj, mjPath, readMjAddress } from './http/mj/address.ts';
import { mjProblemResponse, noSuchMjRoute } from './http/mj/answer.ts';
import { createMj } from './http/mj/mj.ts';
import { addBullBoard } from './http/operators/bull-board.ts';
import { addHealth } from './http/operators/health.ts';
import { addMetrics } from './http/operators/metrics.ts';
import { addReady } from './http/operators/ready.ts';
import { addGetPicture } from './http/pictures/get-picture.ts';
import { addGetPreview } from './http/pictures/get-preview.ts';
import { type AnswerProblem, answerError, problemResponse } from './http/problems/problem-response.ts';
import { createWorkerApi } from './http/worker/receive-result.ts';
import { createKeptPictures } from './pictures/kept-pictures.ts';
import { picturesPath } from './pictures/pictures-at.ts';
import { createWatchedTasks } from './queries/watched-tasks.ts';

/** In characters; no route needs more than half of it. */
const longestUrl = 4_096;

/** The whole HTTP side of the service. It opens no connection: it uses those that it is given. */
export function createApp(deps: Dependencies): Api {
  z.config({ localeError: plainIssues });
  const { config, db, log } = deps;
  const auth = { findUser: createUserLookUp(db), log, limits: createRequestLimits(deps) };
  const context = {
    ...deps,
    commands: createCommands(deps),
    watched: createWatchedTasks(deps),
    keptPictures: deps.pictures && createKeptPictures({ ...deps, pictures: deps.pictures }),
    accountNamed: cached((name: string) => findAccount(db, name), { ms: 1_000 }),
  };
  const speaksMj = (path: string) => config.MJ_API && isMeantForMj(path);
  const answer: AnswerProblem = (c, problem, headers) =>
    speaksMj(c.req.path)
      ? mjProblemResponse(c, config, problem, headers)
      : problemResponse(c, problem, headers);
  // All prefixes share one set of routes; they differ only in the speed that they ask for.
  const app = createApi((path) => (config.MJ_API && readMjAddress(path)?.path) || path);
  // MySQL stores it with the task, in a column of this length.
  app.use(requestId({ limitLength: 64 }));
  app.use(requestMetrics(app, deps.metrics));
  app.use(requestLog(log));
  app.use(securityHeaders());
  if (config.CORS_ORIGINS)
    app.use(
      allowOrigins(
        config.CORS_ORIGINS,
        (path) => path.startsWith('/v1/') || path === mcpPath || speaksMj(path),
      ),
    );
  app.use(urlLimit(longestUrl));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const allowed = methods.join(', ');
        const message = `${c.req.method} is not allowed here: use ${allowed}.`;
        return answer(c, { code: 'method_not_allowed', message }, { Allow: allowed });
      },
    }),
  );
  app.onError(answerError(log, answer));
  app.notFound((c) =>
    speaksMj(c.req.path)
      ? noSuchMjRoute(c)
      : problemResponse(c, {
          code: 'not_found',
          message: 'There is no such address here; /docs lists all of them.',
        }),
  );

  app.use(limitOpenRoutes(auth.limits));
  // Authenticated by a signature, so it is mounted before the routes that need a key.
  app.route(apiPrefix, createWorkerApi(deps));
  app.route(apiPrefix, createKeyedRoutes(context, auth));
  if (config.MJ_API) app.route(mjPath, createMj(context, auth, answer));
  if (config.MCP) app.route(mcpPath, createMcp(context, auth));
  app.use(`${picturesPath}/*`, knownQuery(app));
  if (context.keptPictures) {
    addGetPreview(app, context);
    addGetPicture(app, context.keptPictures, auth);
  }
  addHealth(app);
  addReady(app, deps);
  addMetrics(app, deps);
  addDocs(app, config.PUBLIC_URL);
  addBullBoard(app, deps, operatorAuth(auth));
  return app;
}

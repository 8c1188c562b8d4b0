import { OpenAPIHono, z } from '@hono/zod-openapi';
import { plainIssues } from '@midjourney-api/shared/config/plain-issues';
import { createUserLookUp } from '@midjourney-api/shared/users/users';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { createSubmitTask } from './commands/submit.ts';
import { createUploadPicture } from './commands/upload/upload-picture.ts';
import type { Dependencies } from './dependencies.ts';
import { type Api, type AppEnv, apiPrefix } from './http/app-env.ts';
import type { AuthDependencies } from './http/auth/authenticate.ts';
import { bearerAuth } from './http/auth/bearer-auth.ts';
import { operatorAuth } from './http/auth/operator-auth.ts';
import { addDocs } from './http/docs/docs-page.ts';
import { addGetImage } from './http/images/get-image.ts';
import { limitOpenRoutes } from './http/limits/open-routes.ts';
import { createRequestLimits } from './http/limits/request-limits.ts';
import { allowOrigins } from './http/middleware/allow-origins.ts';
import { bodyLimit } from './http/middleware/body-limit.ts';
import { knownQuery } from './http/middleware/known-query.ts';
import { requestLog } from './http/middleware/request-log.ts';
import { requestMetrics } from './http/middleware/request-metrics.ts';
import { securityHeaders } from './http/middleware/security-headers.ts';
import { urlLimit } from './http/middleware/url-limit.ts';
import { addBullBoard } from './http/operators/bull-board.ts';
import { addGetAccountInfo } from './http/operators/get-account-info.ts';
import { addHealth } from './http/operators/health.ts';
import { addListAccounts } from './http/operators/list-accounts.ts';
import { addListAudit } from './http/operators/list-audit.ts';
import { addMetrics } from './http/operators/metrics.ts';
import { addReady } from './http/operators/ready.ts';
import { answerError, problemResponse, validationRefusal } from './http/problems/problem-response.ts';
import { addGetMe } from './http/v1/get-me.ts';
import { addGetUsage } from './http/v1/get-usage.ts';
import { addMessageRoute, addUploadRoute } from './http/v1/pictures/upload.ts';
import { addBlend } from './http/v1/submit/blend.ts';
import { addDescribe } from './http/v1/submit/describe.ts';
import { addAction } from './http/v1/submit/follow-ups/action.ts';
import { addFollowUps } from './http/v1/submit/follow-ups/follow-up-route.ts';
import { addImagine } from './http/v1/submit/imagine.ts';
import { addShorten } from './http/v1/submit/shorten.ts';
import { addShow } from './http/v1/submit/show.ts';
import { addCancel } from './http/v1/tasks/cancel.ts';
import { addClaim } from './http/v1/tasks/claim.ts';
import { addGetTask } from './http/v1/tasks/get-task.ts';
import { addListTasks } from './http/v1/tasks/list-tasks.ts';
import { addRelease } from './http/v1/tasks/release.ts';
import { addTaskEvents } from './http/v1/tasks/task-events.ts';
import { addReceiveResult } from './http/worker/receive-result.ts';
import { picturesPath } from './pictures/pictures-at.ts';
import { createWatchedTasks } from './queries/watched-tasks.ts';

/** Twice the longest that any route has a use for. */
const longestUrl = 4_096;

/** The whole HTTP side of the service. Opens nothing: it works with what it is given. */
export function createApp(deps: Dependencies): Api {
  z.config({ localeError: plainIssues });
  const { config, db, log } = deps;
  const auth = { findUser: createUserLookUp(db), log, limits: createRequestLimits(deps) };
  const app = newApi();
  // As long as MySQL keeps it with the task.
  app.use(requestId({ limitLength: 64 }));
  app.use(requestMetrics(deps.metrics));
  app.use(requestLog(log));
  app.use(securityHeaders());
  app.use(urlLimit(longestUrl));
  if (config.CORS_ORIGINS) app.use('/v1/*', allowOrigins(config.CORS_ORIGINS));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const allowed = methods.join(', ');
        const message = `${c.req.method} is not possible here; ${allowed} is.`;
        return problemResponse(c, { code: 'method_not_allowed', message }, { Allow: allowed });
      },
    }),
  );
  app.onError(answerError(log));
  app.notFound((c) =>
    problemResponse(c, {
      code: 'not_found',
      message: 'There is no such address here; /docs shows all that there are.',
    }),
  );

  app.use(limitOpenRoutes(auth.limits));
  app.route(apiPrefix, createTriggerApi(deps, auth));
  app.use(`${picturesPath}/*`, knownQuery(app));
  if (deps.pictures) addGetImage(app, { ...deps, pictures: deps.pictures }, auth);
  addHealth(app);
  addReady(app, deps);
  addMetrics(app, deps);
  addDocs(app, config.PUBLIC_URL);
  addBullBoard(app, deps, operatorAuth(auth));
  return app;
}

/** The routes under the prefix of the older service. */
function createTriggerApi(deps: Dependencies, auth: AuthDependencies): Api {
  const { config } = deps;
  const api = newApi();
  const submitTask = createSubmitTask(deps);
  const watched = createWatchedTasks(deps);

  // The webhook's own authentication is its signature, so it comes before the users'.
  api.use('/midjourney/result', bodyLimit(config.BODY_LIMIT_BYTES));
  addReceiveResult(api, deps);

  api.use(bearerAuth(auth));
  api.use(knownQuery(api, apiPrefix));
  // Larger than other bodies may be, so they come before their limit.
  const uploadPicture = createUploadPicture(deps);
  addUploadRoute(api, deps, uploadPicture);
  addBlend(api, deps, submitTask, uploadPicture);
  api.use(bodyLimit(config.BODY_LIMIT_BYTES));
  addImagine(api, submitTask, deps.bannedWords);
  addFollowUps(api, deps, submitTask);
  addAction(api, deps, submitTask, deps.bannedWords);
  addDescribe(api, deps, submitTask);
  addShorten(api, submitTask, deps.bannedWords);
  addShow(api, deps, submitTask);
  addGetTask(api, deps, watched);
  addListTasks(api, deps);
  addTaskEvents(api, deps, watched);
  addRelease(api, deps);
  addCancel(api, deps);
  addClaim(api, deps);
  addMessageRoute(api, deps);
  addGetMe(api, deps);
  addGetUsage(api, deps);
  addListAudit(api, deps);
  addListAccounts(api, deps);
  addGetAccountInfo(api, deps);
  return api;
}

function newApi(): Api {
  return new OpenAPIHono<AppEnv>({
    // Bull Board's own links end in a slash.
    strict: false,
    defaultHook: (result) => {
      if (!result.success) throw validationRefusal(result.error);
    },
  });
}

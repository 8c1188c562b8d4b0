import { OpenAPIHono, z } from '@hono/zod-openapi';
import { plainIssues } from '@midjourney-api/shared/plain-issues';
import { createUserLookUp } from '@midjourney-api/shared/users/users';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { addAccountInfoRoute } from './accounts/account-info-route.ts';
import { addAccountsRoute } from './accounts/accounts-route.ts';
import { addBullBoard } from './admin/bull-board.ts';
import { type Api, type AppEnv, apiPrefix, type Dependencies } from './app-env.ts';
import { addDocs } from './docs/docs-page.ts';
import { addHealthRoutes } from './health/health-routes.ts';
import { limitOpenRoutes } from './limits/open-routes.ts';
import { createRequestLimits } from './limits/request-limits.ts';
import { addMetricsRoute } from './metrics/metrics-route.ts';
import { requestMetrics } from './metrics/request-metrics.ts';
import { allowOrigins } from './middleware/allow-origins.ts';
import type { AuthDependencies } from './middleware/authenticate.ts';
import { bearerAuth } from './middleware/bearer-auth.ts';
import { bodyLimit } from './middleware/body-limit.ts';
import { knownQuery } from './middleware/known-query.ts';
import { operatorAuth } from './middleware/operator-auth.ts';
import { requestLog } from './middleware/request-log.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { urlLimit } from './middleware/url-limit.ts';
import { addAuditRoute } from './operators/audit-route.ts';
import { createFreshLinks } from './pictures/fresh-links.ts';
import { addImageRoute } from './pictures/image-route.ts';
import { imagesPath } from './pictures/images-at.ts';
import { Problem } from './problems/problem.ts';
import { answerError, problemResponse, validationProblem } from './problems/problem-response.ts';
import { addResultRoute } from './results/result-route.ts';
import { addAction } from './tasks/action.ts';
import { addBlend } from './tasks/blend.ts';
import { addCancel } from './tasks/cancel.ts';
import { addClaim } from './tasks/claim.ts';
import { addDescribe } from './tasks/describe.ts';
import { addEventsRoute } from './tasks/events-route.ts';
import { addFollowUps } from './tasks/follow-ups.ts';
import { addImagine } from './tasks/imagine.ts';
import { addReadRoutes } from './tasks/read-routes.ts';
import { addRelease } from './tasks/release.ts';
import { addShorten } from './tasks/shorten.ts';
import { addShow } from './tasks/show.ts';
import { createSubmitTask } from './tasks/submit-task.ts';
import { createWatchedTasks } from './tasks/watched-tasks.ts';
import { createUploadPicture } from './uploads/upload-picture.ts';
import { addMessageRoute, addUploadRoute } from './uploads/upload-routes.ts';
import { addMeRoute } from './users/me-route.ts';
import { addUsageRoute } from './users/usage-route.ts';

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
        const detail = `${c.req.method} is not possible here; ${allowed} is.`;
        return problemResponse(c, new Problem('method_not_allowed', detail, { headers: { Allow: allowed } }));
      },
    }),
  );
  app.onError(answerError(log));
  app.notFound((c) =>
    problemResponse(
      c,
      new Problem('not_found', 'There is no such address here; /docs shows all that there are.'),
    ),
  );

  app.use(limitOpenRoutes(auth.limits));
  app.route(apiPrefix, createTriggerApi(deps, auth));
  app.use(`${imagesPath}/*`, knownQuery(app));
  if (deps.pictures) addImageRoute(app, { ...deps, pictures: deps.pictures }, auth);
  addHealthRoutes(app, deps);
  addMetricsRoute(app, deps);
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
  const freshLinks = createFreshLinks(deps);

  // The webhook's own authentication is its signature, so it comes before the users'.
  api.use('/midjourney/result', bodyLimit(config.BODY_LIMIT_BYTES));
  addResultRoute(api, deps);

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
  addReadRoutes(api, deps, watched, freshLinks);
  addEventsRoute(api, deps, watched, freshLinks);
  addRelease(api, deps);
  addCancel(api, deps);
  addClaim(api, deps, freshLinks);
  addMessageRoute(api, deps);
  addMeRoute(api, deps);
  addUsageRoute(api, deps);
  addAuditRoute(api, deps);
  addAccountsRoute(api, deps);
  addAccountInfoRoute(api, deps);
  return api;
}

function newApi(): Api {
  return new OpenAPIHono<AppEnv>({
    // Bull Board's own links end in a slash.
    strict: false,
    defaultHook: (result) => {
      if (!result.success) throw validationProblem(result.error);
    },
  });
}

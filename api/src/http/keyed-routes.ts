import type { Dialect } from '@midjourney-api/shared/users/dialect';
import type { Api, RouteContext } from './app-env.ts';
import type { AuthDependencies } from './auth/authenticate.ts';
import { bearerAuth } from './auth/bearer-auth.ts';
import { createApi } from './create-api.ts';
import { createOriginal } from './original/original.ts';
import { createV1 } from './v1/v1.ts';

/**
 * The routes under the prefix of the older service. All of them need an app_key, whose dialect decides how they are
 * answered. Routes that the original service did not have are answered as in v1 to everybody.
 */
export function createKeyedRoutes(context: RouteContext, auth: AuthDependencies): Api {
  const api = createApi();
  api.use(bearerAuth(auth));
  api.route('/', onlyFor('original', createOriginal(context)));
  api.route('/', createV1(context));
  return api;
}

/** The same routes for keys of this dialect; requests with other keys pass them by. */
function onlyFor(dialect: Dialect, routes: Api): Api {
  const only = createApi();
  // What is mounted has the error handler of its own dialect.
  for (const { method, path, handler } of createApi().route('/', routes).routes) {
    only.on(method, path, (c, next) => (c.get('user').dialect === dialect ? handler(c, next) : next()));
  }
  for (const definition of routes.openAPIRegistry.definitions) {
    if (definition.type === 'route') only.openAPIRegistry.registerPath(definition.route);
  }
  return only;
}

import { OpenAPIHono } from '@hono/zod-openapi';
import type { Api, AppEnv } from './app-env.ts';
import { validationRefusal } from './problems/problem-response.ts';

/** An api without routes, which refuses requests that fail a route's schema. */
export function createApi(): Api {
  return new OpenAPIHono<AppEnv>({
    // Bull Board's own links end in a slash.
    strict: false,
    defaultHook: (result) => {
      if (!result.success) throw validationRefusal(result.error);
    },
  });
}

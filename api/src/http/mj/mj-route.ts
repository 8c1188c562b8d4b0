import { createRoute, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Refusal } from '../../commands/refusal.ts';
import type { Outlook } from '../../queries/outlook.ts';
import type { Api, AppEnv, RouteContext } from '../app-env.ts';
import { bodyLimit, jsonBodyBytes } from '../middleware/body-limit.ts';
import { errorExample, errorSchema } from './answer.ts';
import { parseBody } from './body.ts';
import type { BodyRoom } from './body-room.ts';

/** What the routes of this dialect work with. */
export interface MjContext extends RouteContext {
  outlook: Outlook;
  bodyRoom: BodyRoom;
}

export type AddMjRoute = (api: Api, context: MjContext) => void;

/** Five pictures of several megabytes in base64. */
const largestBody = 41_943_040;

interface MjRoute {
  /** Below /mj. */
  path: string;
  operationId: string;
  summary: string;
  description?: string;
  /** What it answers with HTTP 200, or what it redirects to. */
  answer: { schema: z.ZodType; example: unknown } | { redirectsTo: string };
}

interface MjPost<Schema extends z.ZodType> extends MjRoute {
  params?: z.ZodObject;
  schema: Schema;
  /** Of the body. */
  example: unknown;
  /** Whether pictures may come in the body, so that it may be large. */
  pictures?: boolean;
  handle: (c: Context<AppEnv>, body: z.output<Schema>, context: MjContext) => Promise<Response>;
}

/** A route that takes a JSON body. */
export function mjPost<Schema extends z.ZodType>({
  params,
  schema,
  example,
  pictures = false,
  handle,
  ...described
}: MjPost<Schema>): AddMjRoute {
  return function addMjPost(api, context) {
    const content = { 'application/json': { schema, example } };
    const request = { ...(params && { params }), body: { required: true, content } };
    const route = describeMjRoute('post', described, request);
    api.openAPIRegistry.registerPath(route);
    const limit = bodyLimit(pictures ? largestBody : jsonBodyBytes);
    api.post(route.getRoutingPath(), limit, async (c) => {
      const mostBytes = mostBytesOf(c);
      if (!pictures || mostBytes <= jsonBodyBytes)
        return handle(c, parseBody(await c.req.text(), schema), context);
      const room = await context.bodyRoom.enter(c.get('user').id, mostBytes);
      try {
        const text = await c.req.text();
        room.shrinkTo(text.length);
        return await handle(c, parseBody(text, schema), context);
      } finally {
        room.leave();
      }
    });
  };
}

/** The announced length of the body, or else the largest that is allowed. */
function mostBytesOf(c: Context): number {
  const announced = c.req.header('Content-Length');
  return c.req.header('Transfer-Encoding') === undefined && announced !== undefined
    ? Number(announced)
    : largestBody;
}

interface MjUnsupported extends MjRoute {
  refusal: () => Refusal;
}

/**
 * A route that refuses whatever it is sent. Clients send pictures as JSON or in a form, and some miss an answer that
 * comes before they have sent all of it: so the body is read to its end, and dropped.
 */
export function mjUnsupported({ refusal, ...described }: MjUnsupported): AddMjRoute {
  return function addMjUnsupported(api) {
    const route = describeMjRoute('post', described, undefined);
    api.openAPIRegistry.registerPath(route);
    api.post(route.getRoutingPath(), bodyLimit(largestBody), async (c) => {
      await c.req.raw.body?.pipeTo(new WritableStream());
      throw refusal();
    });
  };
}

interface MjGet extends MjRoute {
  params?: z.ZodObject;
  handle: (c: Context<AppEnv>, context: MjContext) => Promise<Response>;
}

/** A route that reads. Whatever body comes with it is ignored. */
export function mjGet({ params, handle, ...described }: MjGet): AddMjRoute {
  return function addMjGet(api, context) {
    const route = describeMjRoute('get', described, params && { params });
    api.openAPIRegistry.registerPath(route);
    api.get(route.getRoutingPath(), (c) => handle(c, context));
  };
}

function describeMjRoute(
  method: 'get' | 'post',
  { answer, ...described }: MjRoute,
  request: Parameters<typeof createRoute>[0]['request'],
) {
  return createRoute({
    ...described,
    method,
    tags: ['mj-proxy'],
    security: [{ mjApiSecret: [] }, { appKey: [] }],
    ...(request && { request }),
    responses: {
      ...('redirectsTo' in answer
        ? { 302: { description: answer.redirectsTo } }
        : { 200: { description: 'Whatever came of it', content: { 'application/json': answer } } }),
      default: {
        description: 'A wrong key, too many requests, a body that is too large, or a service that is down',
        content: { 'application/json': { schema: errorSchema, example: errorExample } },
      },
    },
  });
}

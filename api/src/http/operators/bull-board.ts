import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import { environmentAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Queue } from 'bullmq';
import type { MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';
import type { Dependencies } from '../../dependencies.ts';
import type { Api, AppEnv } from '../app-env.ts';
import { problemResponse } from '../problems/problem-response.ts';

const boardPath = '/admin/queues';

/** Bull Board, for operators. A task's job has its user and the first words of its prompt, and nothing secret. */
export function addBullBoard(app: Api, deps: Dependencies, operatorsOnly: MiddlewareHandler<AppEnv>): void {
  const { config, db, queues } = deps;
  const serverAdapter = new HonoAdapter(serveStatic).setBasePath(boardPath);
  const adapterOf = (queue: Queue) => new BullMQAdapter(queue, { readOnlyMode: !config.ADMIN_WRITE });
  const board = createBullBoard({
    queues: [],
    serverAdapter,
    options: { uiConfig: { boardTitle: 'midjourney-api' } },
  });
  /** Accounts come and go while the board is open. */
  const showEveryQueue = async () => {
    const accounts = await db.query.accounts.findMany({ columns: { name: true } });
    const names = accounts.length > 0 ? accounts.map(({ name }) => name) : [environmentAccount];
    board.setQueues(queues.every(names).map(adapterOf));
  };

  app.use(`${boardPath}/*`, boardHeaders);
  app.use(`${boardPath}/*`, operatorsOnly);
  // The browser sends the operator's credentials along, whichever page asks it to.
  app.use(`${boardPath}/*`, csrf());
  if (!config.ADMIN_WRITE) app.use(`${boardPath}/*`, readOnly);
  app.use(`${boardPath}/*`, async (_c, next) => {
    await showEveryQueue();
    await next();
  });
  app.route(boardPath, serverAdapter.registerPlugin());
}

/** Whatever way to change something Bull Board may grow. */
const readOnly: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    const message = 'Jobs can be changed here once ADMIN_WRITE=1 is set.';
    return problemResponse(c, { code: 'method_not_allowed', message }, { Allow: 'GET, HEAD' });
  }
  await next();
};

/** Keeps the page from loading fonts from another server. It styles itself from its script. */
const boardHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    frameAncestors: ["'none'"],
  },
  strictTransportSecurity: false,
});

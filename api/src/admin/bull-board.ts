import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import { environmentAccount } from '@midjourney-api/shared/queues/queues';
import { csrf } from 'hono/csrf';
import { secureHeaders } from 'hono/secure-headers';
import type { Api, Dependencies } from '../app-env.ts';
import { operatorAuth } from '../middleware/operator-auth.ts';

const boardPath = '/admin/queues';

/** Bull Board, for operators. Jobs hold ids only, so there is nothing secret in it. */
export function addBullBoard(app: Api, deps: Dependencies): void {
  const { config, queues, maintenance } = deps;
  const serverAdapter = new HonoAdapter(serveStatic).setBasePath(boardPath);
  const shown = [queues.drawings, queues.account(environmentAccount), queues.uploads, maintenance];
  createBullBoard({
    queues: shown.map((queue) => new BullMQAdapter(queue, { readOnlyMode: !config.ADMIN_WRITE })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'midjourney-api' } },
  });

  app.use(`${boardPath}/*`, boardHeaders);
  app.use(`${boardPath}/*`, operatorAuth(deps));
  // The browser sends the operator's credentials along, whichever page asks it to.
  app.use(`${boardPath}/*`, csrf());
  app.route(boardPath, serverAdapter.registerPlugin());
}

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

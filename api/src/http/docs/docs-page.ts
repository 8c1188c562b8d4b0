import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { secureHeaders } from 'hono/secure-headers';
import type { Api } from '../app-env.ts';
import { createOpenApiDocument } from './openapi-document.ts';
import { staticDocument } from './static-document.ts';

const assets = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const served = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};
const html = 'text/html; charset=utf-8';

/** `/openapi.json`, and `/docs`, which renders it with Swagger UI from this server's own files. */
export function addDocs(app: Api, publicUrl: string | undefined): void {
  app.get(
    '/openapi.json',
    staticDocument('application/json', () => JSON.stringify(createOpenApiDocument(app, publicUrl))),
  );

  app.use('/docs/*', pageHeaders);
  app.get(
    '/docs',
    staticDocument(html, () => docsPage),
  );
  app.get(
    '/docs/start.js',
    staticDocument('text/javascript; charset=utf-8', () => startScript),
  );
  for (const [file, type] of Object.entries(served)) {
    app.get(
      `/docs/${file}`,
      staticDocument(type, () => readFile(path.join(assets, file))),
    );
  }

  app.use('/', pageHeaders);
  app.get(
    '/',
    staticDocument(html, () => homePage),
  );
}

/** Swagger UI sets styles from its script, and has pictures in its style sheet. */
const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // Whether this host speaks https only is up to the proxy in front.
  strictTransportSecurity: false,
});

/** A page with the head that all of them share. */
function page(body: string, stylesheet = ''): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>midjourney-api</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">${stylesheet}
  </head>
  <body>
${body}
  </body>
</html>
`;
}

const docsPage = page(
  `    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>`,
  '\n    <link rel="stylesheet" href="/docs/swagger-ui.css">',
);

const startScript = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  tryItOutEnabled: true,
  persistAuthorization: true,
  validatorUrl: null,
});
`;

const homePage = page(`    <h1>midjourney-api</h1>
    <p>An HTTP API in front of Midjourney's Discord bot.</p>
    <ul>
      <li><a href="/docs">All routes, to read and to try</a></li>
      <li><a href="/openapi.json">The same as OpenAPI 3.1</a></li>
      <li><a href="/admin/queues">Queues, for operators</a></li>
    </ul>`);

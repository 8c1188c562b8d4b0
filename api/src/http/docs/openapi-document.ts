import type { Api } from '../app-env.ts';
import { serviceVersion } from '../service-version.ts';
import { taskWebhook } from './task-webhook.ts';

/** The OpenAPI 3.1 description of all routes that the app has, from the schemas that validate them. */
export function createOpenApiDocument(app: Api, publicUrl: string | undefined) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'appKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'The app_key that the operator gave you.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'mjApiSecret', {
    type: 'apiKey',
    in: 'header',
    name: 'mj-api-secret',
    description: 'The same app_key, sent as clients of the mj-proxy protocol do.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'webhookSignature', {
    type: 'apiKey',
    in: 'header',
    name: 'webhook-signature',
    description: 'Standard Webhooks, together with `webhook-id` and `webhook-timestamp`.',
  });
  app.openAPIRegistry.registerWebhook(taskWebhook);
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'midjourney-api',
      version: serviceVersion,
      license: { name: 'MIT' },
      description:
        'Draws pictures with Midjourney through Discord. Submit a task, follow it by its `trigger_id`, continue it by the buttons that its picture has. Each task costs one token, which is given back if it fails. Errors are `application/problem+json`; `detail` says what to do.\n\n' +
        'Requests are limited for each key and for each address. `RateLimit-Policy` and `RateLimit` on every answer state the limits, what is left of them (`r`) and for how many seconds (`t`); beyond them the answer is 429 `rate_limited`, with `Retry-After`. A request that waits, by `wait` or for events, counts once. After many wrong keys from one address, keys that have not worked before are refused from there for up to a minute.',
    },
    servers: [{ url: publicUrl ?? '/' }],
    security: [{ appKey: [] }],
    tags: [
      { name: 'Submit', description: 'One token each.' },
      { name: 'Tasks', description: 'Follow them, list them, give them up.' },
      { name: 'Pictures', description: 'Upload your own.' },
      { name: 'Account', description: 'Your tokens.' },
      {
        name: 'mj-proxy',
        description:
          'The same by the protocol that clients of midjourney-proxy speak, also under `/mj-fast`, `/mj-relax` and `/mj-turbo`.',
      },
      {
        name: 'Original',
        description:
          'Only for keys of the dialect `original`, that of the older Python service. Routes that both services have are answered to these keys as the older service did, see docs/original.md.',
      },
      { name: 'Worker', description: 'Workers report results here.' },
      { name: 'Operators', description: 'Health of the service.' },
    ],
  });
}

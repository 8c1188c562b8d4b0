import { createRoute, z } from '@hono/zod-openapi';
import { wantedSettingsSchema } from '@midjourney-api/shared/accounts/midjourney-settings';
import { speeds } from '@midjourney-api/shared/tasks/task';
import { changeSettings } from '../../commands/change-settings.ts';
import type { Dependencies } from '../../dependencies.ts';
import { requireOperator } from '../../queries/access.ts';
import type { Api } from '../app-env.ts';
import { problemsWithKey } from '../problems/problem-schema.ts';
import { accountNameField } from '../v1/fields.ts';

const settingsSchema = z
  .object({
    model: z.string().nullable().describe('the model of prompts that name none, in the words of the menu'),
    remix: z.boolean().nullable().describe('whether buttons open a form for another prompt'),
    speed: z.enum(speeds).nullable(),
    variability: z.enum(['high', 'low']).nullable(),
    stealth: z.boolean().nullable(),
    raw: z.boolean().nullable(),
    video_resolution: z.union([z.literal(480), z.literal(720)]).nullable(),
  })
  .openapi('MidjourneySettings');

const example = {
  model: 'Use the default model (V8.2)',
  remix: true,
  speed: 'fast' as const,
  variability: 'high' as const,
  stealth: false,
  raw: false,
  video_resolution: 480 as const,
};

const params = z.object({ name: accountNameField.openapi({ example: 'default' }) });
const path = '/accounts/{name}/settings';

const readRoute = createRoute({
  method: 'get',
  path,
  operationId: 'getAccountSettings',
  tags: ['Operators'],
  summary: "Midjourney's /settings of an account, for operators",
  description:
    "Midjourney shows the menu to the account's user only, so this needs an account with a user session. What the menu " +
    'does not show is null. Costs no token.',
  request: { params },
  responses: {
    200: {
      description: 'How it is set now',
      content: { 'application/json': { schema: settingsSchema, example } },
    },
    ...problemsWithKey('invalid_request', 'forbidden', 'not_found', 'action_unavailable', 'unavailable'),
  },
});

const changeRoute = createRoute({
  method: 'patch',
  path,
  operationId: 'changeAccountSettings',
  tags: ['Operators'],
  summary: "Change Midjourney's /settings of an account, for operators",
  description:
    'Presses what differs, one after the other, and reads the menu again, up to three times. `applied` lists what the ' +
    'menu shows at the end, `refused` what it does not. Settings hold for everybody who uses the account.',
  request: {
    params,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: wantedSettingsSchema
            .refine((wanted) => Object.keys(wanted).length > 0, 'must name a setting to change')
            .openapi('WantedSettings'),
          example: { remix: true, model: 'default' },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'What came of it',
      content: {
        'application/json': {
          schema: z
            .object({
              settings: settingsSchema,
              applied: z.array(z.string()),
              refused: z.array(z.object({ setting: z.string(), reason: z.string() })),
            })
            .openapi('ChangedSettings'),
          example: { settings: example, applied: ['remix', 'model'], refused: [] },
        },
      },
    },
    ...problemsWithKey('invalid_request', 'forbidden', 'not_found', 'action_unavailable', 'unavailable'),
  },
});

export function addAccountSettings(api: Api, deps: Dependencies): void {
  const noStore = { 'Cache-Control': 'private, no-store' };

  api.openapi(readRoute, async (c) => {
    requireOperator(c.get('user'));
    const order = { account: c.req.valid('param').name, actor: c.get('user').userName, wanted: {} };
    const { settings } = await changeSettings(deps, { ...order, requestId: c.get('requestId') });
    return c.json(settings, 200, noStore);
  });

  api.openapi(changeRoute, async (c) => {
    requireOperator(c.get('user'));
    const changed = await changeSettings(deps, {
      account: c.req.valid('param').name,
      wanted: c.req.valid('json'),
      actor: c.get('user').userName,
      requestId: c.get('requestId'),
    });
    return c.json(changed, 200, noStore);
  });
}

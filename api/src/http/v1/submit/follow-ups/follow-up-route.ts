import { createRoute, z } from '@hono/zod-openapi';
import { panDirections } from '@midjourney-api/shared/tasks/task';
import type { Context } from 'hono';
import type { FollowUp } from '../../../../commands/follow-up.ts';
import { parentFields, pressOnParent } from '../../../../commands/press-button.ts';
import { type SubmitTask, submitAnswer } from '../../../../commands/submit.ts';
import type { Dependencies } from '../../../../dependencies.ts';
import type { Api, AppEnv } from '../../../app-env.ts';
import { problemResponses } from '../../../problems/problem-schema.ts';
import { acceptedResponse, exampleTaskId, submitFields, submitParameters } from '../../fields.ts';

const bodySchema = z.strictObject({ ...parentFields, ...submitFields });
const pickSchema = bodySchema.extend({
  index: z.int().min(1).max(4).describe('which of the four: 1 and 2 above, 3 and 4 below'),
});
const soloSchema = bodySchema.extend({
  index: z.unknown().optional().describe('ignored: there is one picture'),
});
const expandSchema = bodySchema.extend({ direction: z.enum(panDirections) });
const zoomoutSchema = bodySchema.extend({
  zoomout: z
    .literal([50, 75])
    .openapi({ type: 'integer', enum: [50, 75] })
    .describe('50: twice the area around it, 75: one and a half times'),
});

const maxUpscaleSchema = bodySchema.extend({
  style: z
    .enum(['subtle', 'creative'])
    .describe('of the upscaler; version 5 enlarges two or four times instead, older ones in one way'),
});
const animateSchema = bodySchema.extend({
  motion: z.enum(['high', 'low']).describe('how much moves'),
});

/** The routes that press a button under the picture of an earlier task. */
export function addFollowUps(api: Api, { db }: Dependencies, submitTask: SubmitTask): void {
  const submit = async (c: Context<AppEnv>, body: z.infer<typeof bodySchema>, followUp: FollowUp) => {
    const task = await submitTask(c, body, async () => {
      const press = await pressOnParent(db, c.get('user').id, body, followUp);
      return { triggerType: followUp.type, ...press };
    });
    return submitAnswer(task);
  };

  for (const [type, summary] of [
    ['upscale', 'Take one of the four pictures'],
    ['variation', 'Draw four variations of one of the four pictures'],
  ] as const) {
    api.openapi(followUpRoute(type, summary, pickSchema, { index: 2 }), async (c) => {
      const body = c.req.valid('json');
      return c.json(await submit(c, body, { type, index: body.index }), 200);
    });
  }

  for (const [type, summary, schema] of [
    ['reset', "Draw the four again (Midjourney's reroll)", bodySchema],
    ['solo_variation', 'Draw variations of a single picture', soloSchema],
    ['solo_low_variation', 'Draw subtle variations of a single picture', soloSchema],
    ['solo_high_variation', 'Draw strong variations of a single picture', soloSchema],
  ] as const) {
    api.openapi(followUpRoute(type, summary, schema, {}), async (c) =>
      c.json(await submit(c, c.req.valid('json'), { type }), 200),
    );
  }

  api.openapi(
    followUpRoute('expand', 'Continue a single picture to one side', expandSchema, { direction: 'left' }),
    async (c) => {
      const body = c.req.valid('json');
      return c.json(await submit(c, body, { type: 'expand', direction: body.direction }), 200);
    },
  );

  api.openapi(
    followUpRoute('zoomout', 'Zoom out of a single picture', zoomoutSchema, { zoomout: 50 }),
    async (c) => {
      const body = c.req.valid('json');
      return c.json(await submit(c, body, { type: 'zoomout', zoomout: body.zoomout }), 200);
    },
  );

  api.openapi(
    followUpRoute('max_upscale', 'Enlarge a single picture', maxUpscaleSchema, { style: 'subtle' }),
    async (c) => {
      const body = c.req.valid('json');
      return c.json(await submit(c, body, { type: 'max_upscale', style: body.style }), 200);
    },
  );

  api.openapi(
    followUpRoute('animate', 'Make a video of a single picture', animateSchema, { motion: 'low' }),
    async (c) => {
      const body = c.req.valid('json');
      return c.json(await submit(c, body, { type: 'animate', motion: body.motion }), 200);
    },
  );
}

/** What every route that presses a button may answer instead. */
export const followUpProblems = problemResponses(
  'invalid_request',
  'auth_failed',
  'not_found',
  'action_unavailable',
  'idempotency_conflict',
  'too_large',
  'insufficient_tokens',
  'queue_full',
  'unavailable',
  'internal',
);

/** All of them are alike but for what the body has beside the parent. The path is the task's type. */
function followUpRoute<Body extends z.ZodType>(
  type: FollowUp['type'],
  summary: string,
  schema: Body,
  example: Record<string, unknown>,
) {
  return createRoute({
    method: 'post',
    path: `/${type}`,
    tags: ['Submit'],
    summary,
    description:
      'Costs one token, which is given back if the task fails. The parent must have succeeded and have this button.',
    parameters: submitParameters,
    request: {
      body: {
        required: true,
        content: { 'application/json': { schema, example: { trigger_id: exampleTaskId, ...example } } },
      },
    },
    responses: {
      200: acceptedResponse({
        message: 'success',
        trigger_id: '1767323045678401',
        trigger_type: type,
        status: 'queued',
        parent_trigger_id: exampleTaskId,
      }),
      ...followUpProblems,
    },
  });
}

import { createRoute, z } from '@hono/zod-openapi';
import { accountStates } from '@midjourney-api/shared/accounts/account-states';
import { listAccounts } from '@midjourney-api/shared/accounts/accounts';
import { defaultPacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import { refusalCauses } from '@midjourney-api/shared/accounts/refusal-causes';
import { speeds } from '@midjourney-api/shared/tasks/task';
import type { Dependencies } from '../../dependencies.ts';
import { requireOperator } from '../../queries/access.ts';
import type { Api } from '../app-env.ts';
import { problemsWithKey } from '../problems/problem-schema.ts';

const pacingSchema = z.object({
  min_gap: z.number().describe('seconds between two sends'),
  per_hour: z.int().nullable(),
  per_day: z.int().nullable(),
  hours: z.string().nullable(),
  videos: z.int().nullable().describe('how many at once, counted apart from pictures'),
  when_fast_ends: z.enum(['relax', 'stop']).nullable(),
});

const accountSchema = z
  .object({
    name: z.string(),
    guild_id: z.string().nullable(),
    channel_id: z.string().nullable(),
    session: z.enum(['bot', 'user']),
    concurrency: z.int(),
    speed: z.enum(speeds).nullable().describe('null: as the task asks, or as Midjourney is set'),
    weight: z.int(),
    enabled: z.boolean(),
    proxy: z.string().nullable().describe('the proxy for all of its traffic, without the password'),
    pacing: pacingSchema.describe('the limits that keep it inconspicuous; null: not limited'),
    resume_after_block: z.boolean().describe('whether it draws again by itself after a block with an end'),
    state: z.enum([...accountStates, 'disabled']),
    cause: z.enum(refusalCauses).nullable().describe('why it is refused, for programs'),
    reason: z.string().nullable().describe('why it is refused, or draws nothing new now, for people'),
    advice: z.string().nullable().describe('what a person has to do'),
    until: z.string().nullable().describe('when that ends, where it is known'),
    check_link: z
      .string()
      .nullable()
      .describe('where a person can answer Midjourney’s human check, for a short while'),
    since: z.string(),
    driver: z.string().nullable().describe('the worker that has it'),
    in_flight: z.int(),
    drawn_today: z.int(),
  })
  .openapi('Account');

const route = createRoute({
  method: 'get',
  path: '/accounts',
  operationId: 'listAccounts',
  tags: ['Operators'],
  summary: 'The Midjourney accounts, for operators',
  responses: {
    200: {
      description: 'Every account, never its tokens',
      content: {
        'application/json': {
          schema: z.object({ data: z.array(accountSchema) }).openapi('Accounts'),
          example: {
            data: [
              {
                name: 'default',
                guild_id: '1100000000000000001',
                channel_id: '1100000000000000002',
                session: 'bot',
                concurrency: 3,
                speed: null,
                weight: 1,
                enabled: true,
                proxy: null,
                pacing: defaultPacing,
                resume_after_block: false,
                state: 'ready',
                cause: null,
                reason: null,
                advice: null,
                until: null,
                check_link: null,
                since: '2026-01-02T03:04:05.678Z',
                driver: 'host-42-1a2b3c4d',
                in_flight: 2,
                drawn_today: 314,
              },
            ],
          },
        },
      },
    },
    ...problemsWithKey('forbidden'),
  },
});

export function addListAccounts(api: Api, { db, clock }: Dependencies): void {
  api.openapi(route, async (c) => {
    requireOperator(c.get('user'));
    c.header('Cache-Control', 'private, no-store');
    return c.json({ data: await listAccounts(db, clock()) }, 200);
  });
}

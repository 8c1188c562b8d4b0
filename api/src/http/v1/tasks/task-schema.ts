import { z } from '@hono/zod-openapi';
import { type TaskView, taskSchema as wireSchema } from '@midjourney-api/shared/tasks/views/task-schema';
import { exampleHash, exampleTaskId } from '../fields.ts';

/**
 * The wire shape under its name in the OpenAPI document. Created by this `z`: `openapi` is missing on
 * schemas that were made before `@hono/zod-openapi` was loaded.
 */
export const taskSchema = z.object(wireSchema.shape).openapi('Task');

export const taskExample: TaskView = {
  trigger_id: exampleTaskId,
  trigger_type: 'generate',
  bot: 'midjourney',
  status: 'succeeded',
  progress: 100,
  prompt: 'a beautiful sunset over the sea --ar 3:2',
  msg_id: '1279000000000000000',
  msg_hash: exampleHash,
  image_url: `https://pictures.example/v1/images/${exampleTaskId}-5f0c9a7d3b1e48c2a6d49e07b8f1c235.png`,
  media_type: 'image/png',
  width: 1344,
  height: 896,
  buttons: [
    {
      label: 'U1',
      custom_id: `MJ::JOB::upsample::1::${exampleHash}`,
      name: 'Upscale 1',
      action: 'upscale',
    },
    {
      label: '🔄',
      custom_id: `MJ::JOB::reroll::0::${exampleHash}::SOLO`,
      name: 'Reroll',
      action: 'reset',
      form: 'maybe',
    },
  ],
  token: 'spent',
  created_at: '2026-01-01T12:00:00.000Z',
  submitted_at: '2026-01-01T12:00:00.412Z',
  started_at: '2026-01-01T12:00:03.127Z',
  finished_at: '2026-01-01T12:00:41.903Z',
};

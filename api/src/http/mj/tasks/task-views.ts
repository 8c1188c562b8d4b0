import { z } from '@hono/zod-openapi';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import {
  type MjTaskView,
  mjTaskSchema as wireSchema,
} from '@midjourney-api/shared/tasks/views/mj-task-schema';
import { viewMjTask } from '@midjourney-api/shared/tasks/views/mj-task-view';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import { exampleHash, exampleTaskId } from '../../v1/fields.ts';
import { picturesFor } from '../../v1/tasks/task-views.ts';
import type { MjContext } from '../mj-route.ts';

/**
 * The wire shape under its name in the OpenAPI document. Created by this `z`: `openapi` is missing on
 * schemas that were made before `@hono/zod-openapi` was loaded.
 */
export const mjTaskSchema = z.object(wireSchema.shape).openapi('MjTask');

export const mjTaskExample: MjTaskView = {
  id: exampleTaskId,
  action: 'IMAGINE',
  status: 'SUCCESS',
  prompt: 'a beautiful sunset over the sea --ar 3:2',
  promptEn: 'a beautiful sunset over the sea --ar 3:2',
  description: '/imagine a beautiful sunset over the sea --ar 3:2',
  state: null,
  submitTime: 1_767_323_045_678,
  startTime: 1_767_323_046_090,
  finishTime: 1_767_323_087_581,
  imageUrl: `https://pictures.example/v1/images/${exampleTaskId}-5f0c9a7d3b1e48c2a6d49e07b8f1c235.png`,
  imageUrls: null,
  videoUrl: null,
  videoUrls: null,
  progress: '100%',
  failReason: null,
  buttons: [
    { customId: `MJ::JOB::upsample::1::${exampleHash}`, emoji: '', label: 'U1', type: 2, style: 2 },
    { customId: `MJ::JOB::reroll::0::${exampleHash}::SOLO`, emoji: '🔄', label: '', type: 2, style: 2 },
  ],
  botType: 'MID_JOURNEY',
  mode: 'FAST',
  properties: {
    notifyHook: null,
    discordInstanceId: null,
    botType: 'MID_JOURNEY',
    finalPrompt: 'a beautiful sunset over the sea --ar 3:2 --v 8.1',
    finalZhPrompt: '',
  },
};

/** The tasks as clients of this dialect see them, with links that work. */
export async function viewMjTasks(
  c: Context<AppEnv>,
  context: MjContext,
  shown: ShownTask[],
): Promise<MjTaskView[]> {
  const at = picturesFor(c, context);
  return (await context.freshLinks(shown)).map((task) => viewMjTask(task, at));
}

import type { FailCode } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { type ResultEvent, resultEventSchema } from '@midjourney-api/shared/webhook/result-event';
import type { DiscordMessage } from '../discord/message.ts';

/** The webhook's event for a message of Midjourney's. */
export function resultEventOf(
  taskId: TaskId,
  type: ResultEvent['type'],
  message: DiscordMessage,
  more: Pick<ResultEvent, 'progress' | 'reason' | 'fail_code'> = {},
): ResultEvent {
  // The schema drops what Discord sends and the contract does not name.
  return resultEventSchema.parse({
    type,
    id: message.id,
    content: message.content,
    attachments: message.attachments,
    embeds: message.embeds,
    components: message.components,
    flags: message.flags,
    trigger_id: taskId,
    ...more,
  });
}

/** The webhook's event for a failure that no message told. */
export function failureEvent(
  taskId: TaskId,
  failCode: FailCode,
  reason: string,
  messageId = '0',
): ResultEvent {
  return resultEventSchema.parse({
    type: 'error',
    id: messageId,
    trigger_id: taskId,
    fail_code: failCode,
    reason,
  });
}

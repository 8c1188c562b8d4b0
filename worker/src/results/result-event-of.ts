import { type ResultEvent, resultEventSchema } from '@midjourney-api/shared/results/result-event';
import type { FailCode } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { DiscordMessage } from '../discord/message.ts';
import { readDrawn } from '../midjourney/parse-content.ts';

/** The webhook's event for a message of Midjourney's. */
export function resultEventOf(
  taskId: TaskId,
  type: ResultEvent['type'],
  message: DiscordMessage,
  more: Pick<ResultEvent, 'progress' | 'reason' | 'fail_code' | 'job_id' | 'job_ended'> = {},
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
    ...(type === 'end' && { drawn: readDrawn(message.content) }),
    ...more,
  });
}

/** What is known of a failed task's job. */
interface JobLeft {
  messageId?: string | null;
  jobId?: string | null;
  /** Midjourney has nothing of it under way. */
  ended?: boolean;
}

/** The webhook's event for a failure that no message reports. */
export function failureEvent(
  taskId: TaskId,
  failCode: FailCode,
  reason: string,
  { messageId, jobId, ended = false }: JobLeft = {},
): ResultEvent {
  return resultEventSchema.parse({
    type: 'error',
    id: messageId ?? '0',
    trigger_id: taskId,
    fail_code: failCode,
    reason,
    ...(jobId && { job_id: jobId }),
    ...(ended && { job_ended: true }),
  });
}

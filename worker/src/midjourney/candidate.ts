import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { familyOf, type MessageFamily } from '@midjourney-api/shared/midjourney/press-facts';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { DiscordMessage } from '../discord/message.ts';
import type { Evidence } from './evidence.ts';
import { exclusiveKey } from './exclusive-key.ts';

/** A task at Midjourney, with what its messages are known by. */
export interface Candidate {
  task: Pick<Task, 'id' | 'action'>;
  nonce: string | null;
  interactionId: string | null;
  /** Newest message of the channel when it was sent: older ones cannot be about it. */
  sentAfterMessageId: string | null;
  /** Midjourney's first message about it, also when it only said that there will be more. */
  firstMessageId: string | null;
  progressMessageId: string | null;
  /** Midjourney's id of the job, once a message has shown it. */
  hash: string | null;
  started: boolean;
}

/** What is known apart from the tasks that an account has at Midjourney. */
export interface Known {
  /** The account's user at Discord: what others sent is not for its tasks. */
  ownUserId?: string | null;
  /** The jobs that messages have shown, also those of tasks that have ended. */
  jobs?: { get(job: string): ShownJob | undefined };
}

/** A job that a message has shown. */
export interface ShownJob {
  /** The first message that did. */
  since: string;
  /** The task that it is of, where that is known, and its `exclusiveKey`. */
  owner: { taskId: TaskId; key: string | null } | undefined;
}

/** Whether nothing rules out that the message is about the task. */
export function mayBelong(evidence: Evidence, candidate: Candidate, { ownUserId, jobs }: Known): boolean {
  const { message, job, content } = evidence;
  const userId = message.interaction?.userId ?? content?.userId;
  return (
    isAfter(message.id, candidate.sentAfterMessageId) &&
    !(userId && ownUserId && userId !== ownUserId) &&
    (!job || mayBeJobOf(candidate, job, jobs?.get(job))) &&
    answersInteraction(message, candidate) !== false
  );
}

function mayBeJobOf(
  { task, hash, sentAfterMessageId }: Candidate,
  job: string,
  shown: ShownJob | undefined,
): boolean {
  // A job keeps its id from its first message on: another id is another job, however alike they read.
  if (hash) return hash === job;
  if (!shown || shown.owner?.taskId === task.id) return true;
  // Its marker or nonce identifies its messages, whatever job they name.
  if (exclusiveKey(task.action) === null) return true;
  // What was being drawn before, for another task or a person in the channel. Buttons' messages may show the id of the
  // picture that they are under.
  if (task.action.kind !== 'button') return !shown.owner && isAfter(shown.since, sentAfterMessageId);
  // Midjourney may post a picture again, or long after its progress message is gone. Its task has ended by then, and
  // the next one that reads like it is under way. What is picked twice may keep one id, and is the same picture.
  return (
    shown.owner?.key !== exclusiveKey(task.action) ||
    /^(?:pick|video|unknown)\b/.test(familyOfTask(task) ?? '')
  );
}

/** Whether the message answers the candidate's interaction; undefined when that of either is not known. */
export function answersInteraction(
  { interaction }: DiscordMessage,
  { interactionId }: Candidate,
): boolean | undefined {
  if (!interaction || interactionId === null) return undefined;
  return interaction.id === interactionId || interaction.openedBy === interactionId;
}

export function familyOfTask({ action }: Candidate['task']): MessageFamily | undefined {
  return action.kind === 'button' ? familyOf(parseCustomId(action.customId)) : undefined;
}

/** Discord's ids grow with time. */
export function isAfter(messageId: string, earlierId: string | null): boolean {
  return earlierId === null || BigInt(messageId) > BigInt(earlierId);
}

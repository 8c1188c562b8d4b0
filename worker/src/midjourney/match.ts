import { hashOfFilename } from '@midjourney-api/shared/tasks/buttons';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { DiscordMessage } from '../discord/message.ts';
import { readMarker } from './marker.ts';
import { type ParsedContent, parseContent } from './parse-content.ts';
import { familyOfButton, familyOfMessage } from './result-family.ts';

/** A task at Midjourney, with what tells its messages from others. */
export interface Candidate {
  task: Pick<Task, 'id' | 'action'>;
  nonce: string | null;
  interactionId: string | null;
  /** Newest message of the channel when it was sent: older ones cannot be about it. */
  sentAfterMessageId: string | null;
  progressMessageId: string | null;
  /** Midjourney's id of the job, once a preview has told it. */
  hash: string | null;
  started: boolean;
}

/**
 * Finds the task that a message of the Midjourney Bot belongs to, among the tasks that its account has at
 * Midjourney now. Strongest evidence first; what no evidence decides belongs to nobody, and is never guessed.
 */
export function matchMessage<C extends Candidate>(
  message: DiscordMessage,
  candidates: Iterable<C>,
): C | undefined {
  const hash = hashOfPicture(message);
  const open = [...candidates].filter(
    (candidate) =>
      isAfter(message.id, candidate.sentAfterMessageId) &&
      // A job keeps its id from its first preview on: another id is another job, however alike they read.
      (!hash || !candidate.hash || hash === candidate.hash),
  );
  return (
    only(open, ({ nonce }) => nonce !== null && nonce === message.nonce) ??
    only(open, ({ interactionId }) => interactionId !== null && interactionId === message.interaction?.id) ??
    only(open, ({ progressMessageId }) => progressMessageId === message.id) ??
    matchByText(message, parseContent(message.content), open)
  );
}

function matchByText<C extends Candidate>(
  message: DiscordMessage,
  content: ParsedContent | null,
  open: C[],
): C | undefined {
  // Derived pictures repeat the text of the first, marker included: what refers to a message is told by that alone.
  const pressedOn = message.referencedMessageId ?? message.interaction?.messageId ?? null;
  if (pressedOn !== null) return matchButton(pressedOn, content, open);
  return matchCommand(message, content, open);
}

function matchButton<C extends Candidate>(
  pressedOn: string,
  content: ParsedContent | null,
  open: C[],
): C | undefined {
  const pressed = open.filter(
    ({ task, progressMessageId }) =>
      task.action.kind === 'button' &&
      task.action.messageId === pressedOn &&
      // A job shows its progress in one message only: what another one shows is another job's.
      (content?.status === 'done' || progressMessageId === null),
  );
  if (content) {
    const family = familyOfMessage(content);
    return only(
      pressed,
      ({ task }) => task.action.kind === 'button' && familyOfButton(task.action.customId) === family,
    );
  }
  // A refusal does not say which button it answers: only of the single one not yet being drawn it can be.
  return only(pressed, ({ started }) => !started);
}

function matchCommand<C extends Candidate>(
  message: DiscordMessage,
  content: ParsedContent | null,
  open: C[],
): C | undefined {
  const prompt = content?.prompt ?? promptInFooter(message);
  const marker = prompt === undefined ? undefined : readMarker(prompt);
  if (marker) return only(open, ({ task }) => task.id === marker && task.action.kind === 'imagine');

  const described = message.embeds
    .flatMap(({ image, thumbnail }) => [image?.url, thumbnail?.url])
    .map(filename);
  return only(
    open,
    ({ task: { action } }) =>
      action.kind === 'describe' && described.includes(filename(action.uploadFilename)),
  );
}

/** Refusals of a command repeat it in the small print of their embed. */
function promptInFooter(message: DiscordMessage): string | undefined {
  for (const { footer } of message.embeds) {
    const prompt = footer && /^\/imagine\s+(?:prompt:\s*)?([\s\S]*)$/.exec(footer.text)?.[1];
    if (prompt) return prompt;
  }
  return undefined;
}

/** The job's UUID in the name of a picture: at its end when finished, at its start in a preview. */
export function hashOfPicture({
  attachments: [picture],
}: Pick<DiscordMessage, 'attachments'>): string | undefined {
  if (!picture) return undefined;
  return (
    hashOfFilename(picture.filename) ??
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_/.exec(picture.filename)?.[1]
  );
}

/** Discord's ids grow with time. */
function isAfter(messageId: string, earlierId: string | null): boolean {
  return earlierId === null || BigInt(messageId) > BigInt(earlierId);
}

function filename(url: string | undefined): string | undefined {
  return url
    ?.replace(/[?#].*$/, '')
    .split('/')
    .at(-1);
}

/** The one that fits; undefined when none does, or more than one. */
function only<C>(candidates: C[], fits: (candidate: C) => boolean): C | undefined {
  const fitting = candidates.filter(fits);
  return fitting.length === 1 ? fitting[0] : undefined;
}

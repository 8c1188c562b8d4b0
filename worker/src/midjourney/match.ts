import { hashOfFilename } from '@midjourney-api/shared/tasks/buttons';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { DiscordMessage } from '../discord/message.ts';
import { readMarker } from './marker.ts';
import { type ParsedContent, parseContent } from './parse-content.ts';
import {
  descriptionFamily,
  familyOfButton,
  familyOfMessage,
  type ResultFamily,
  unknownFamily,
} from './result-family.ts';
import { isDescription, isShortening } from './signal.ts';

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
 * @param ownUserId the account's user at Discord, where it is known: what others asked for is none of its tasks.
 */
export function matchMessage<C extends Candidate>(
  message: DiscordMessage,
  candidates: Iterable<C>,
  ownUserId: string | null = null,
): C | undefined {
  const content = parseContent(message.content);
  const userId = message.interaction?.userId ?? content?.userId;
  if (userId && ownUserId && userId !== ownUserId) return undefined;

  const hash = hashOfJob(message);
  const open = [...candidates].filter(
    (candidate) =>
      isAfter(message.id, candidate.sentAfterMessageId) &&
      // A job keeps its id from its first message on: another id is another job, however alike they read.
      (!hash || !candidate.hash || hash === candidate.hash) &&
      // What answers another interaction is another job's, too.
      answersSend(message, candidate) !== false,
  );
  return (
    only(open, ({ nonce }) => nonce !== null && nonce === message.nonce) ??
    only(open, (candidate) => answersSend(message, candidate) === true) ??
    only(open, ({ progressMessageId }) => progressMessageId === message.id) ??
    only(
      open,
      (candidate) => candidate.hash !== null && candidate.hash === hash && mayShow(candidate, message),
    ) ??
    matchByText(message, content, open)
  );
}

/** What a task shows again may be drawn at this moment for another task: the answer to a command is meant. */
function mayShow({ task }: Candidate, { interaction }: DiscordMessage): boolean {
  return task.action.kind !== 'show' || answers(interaction, 'show');
}

/** Whether a message may answer this command. The name is not always told. */
function answers(interaction: DiscordMessage['interaction'], command: string): boolean {
  return (
    interaction !== null && interaction.messageId === null && (interaction.command ?? command) === command
  );
}

/** Whether the message answers the candidate's interaction; undefined when that of either is not known. */
function answersSend({ interaction }: DiscordMessage, { interactionId }: Candidate): boolean | undefined {
  if (!interaction || interactionId === null) return undefined;
  return interaction.id === interactionId || interaction.openedBy === interactionId;
}

function matchByText<C extends Candidate>(
  message: DiscordMessage,
  content: ParsedContent | null,
  open: C[],
): C | undefined {
  // Derived pictures repeat the text of the first, marker included: what refers to a message is told by that alone.
  const pressedOn = message.referencedMessageId ?? message.interaction?.messageId ?? null;
  if (pressedOn !== null) return matchButton(pressedOn, message, content, open);
  return matchCommand(message, content, open);
}

function matchButton<C extends Candidate>(
  pressedOn: string,
  message: DiscordMessage,
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
  const ofFamily = (family: ResultFamily) =>
    pressed.filter(
      ({ task }) => task.action.kind === 'button' && familyOfButton(task.action.customId) === family,
    );
  const family = content ? familyOfMessage(content) : isDescription(message) ? descriptionFamily : undefined;
  // A refusal does not say which button it answers: only of the single one not yet being drawn it can be.
  if (!family) return only(pressed, ({ started }) => !started);
  const alike = ofFamily(family);
  // What no known button's message reads like may be that of a button that is new at Midjourney.
  return only(alike.length > 0 ? alike : ofFamily(unknownFamily), () => true);
}

function matchCommand<C extends Candidate>(
  message: DiscordMessage,
  content: ParsedContent | null,
  open: C[],
): C | undefined {
  const small = smallPrint(message);
  const prompt = content?.prompt ?? (small?.command === 'imagine' ? small.text : undefined);
  const marker = prompt === undefined ? undefined : readMarker(prompt);
  if (marker) return only(open, ({ task }) => task.id === marker && task.action.kind === 'imagine');

  const described = message.embeds
    .flatMap(({ image, thumbnail }) => [image?.url, thumbnail?.url])
    .flatMap((url) => filename(url) ?? []);
  if (described.length > 0) {
    return only(
      open,
      ({ task: { action } }) =>
        action.kind === 'describe' && described.includes(filename(action.uploadFilename) ?? ''),
    );
  }
  return matchUnmarked(message, content, small, open);
}

/**
 * Commands whose messages hold nothing of the task's own: which command it was, and that an account has only one
 * of its kind under way (see `exclusiveKey`), is all that tells. The risk that is left: the same user types the
 * same command into the channel by hand while a task's is under way. The job's id rules that out from the first
 * message on; before that, a listening session of the user's own does, which sees nonces.
 */
function matchUnmarked<C extends Candidate>(
  message: DiscordMessage,
  content: ParsedContent | null,
  small: SmallPrint | undefined,
  open: C[],
): C | undefined {
  const command = message.interaction?.command ?? small?.command ?? commandByShape(message, content);
  return only(
    open,
    ({ task: { action }, progressMessageId }) =>
      action.kind === command &&
      action.kind !== 'imagine' &&
      // A job shows its progress in one message only.
      (!content || content.status === 'done' || progressMessageId === null) &&
      // Several of these may be under way: a refusal repeats which of them it refuses.
      (action.kind !== 'show' || small?.text === action.jobId),
  );
}

/** Whether the task's messages hold nothing of its own, so that they can only be told by being the only ones. */
export function isUnmarked({ task }: Pick<Candidate, 'task'>): boolean {
  return task.action.kind === 'blend' || task.action.kind === 'shorten';
}

/** Which command a message answers that does not say so: its picture comes in a message of its own. */
function commandByShape(message: DiscordMessage, content: ParsedContent | null): string | undefined {
  if (isShortening(message)) return 'shorten';
  return content?.action === 'imagine' && onlyLinks.test(content.prompt) ? 'blend' : undefined;
}

/** Links that Midjourney has shortened, and parameters: a prompt without words, as a blend's is. */
const onlyLinks = /^(?:\s*<https?:\/\/[^\s>]+>)*(?:\s*--.*)?\s*$/;

interface SmallPrint {
  command: string;
  text: string;
}

/** Refusals of a command repeat it in the small print of their embed. */
function smallPrint({ embeds }: DiscordMessage): SmallPrint | undefined {
  for (const { footer } of embeds) {
    const groups =
      footer && /^\/(?<command>\w+)\s*(?:(?:prompt|job_id):\s*)?(?<text>[\s\S]*)$/.exec(footer.text)?.groups;
    if (groups?.command) return { command: groups.command, text: groups.text ?? '' };
  }
  return undefined;
}

/** The job's UUID: in its cancel button while it is drawn, and in the name of a preview, at its start, or picture, at its end. */
export function hashOfJob({
  attachments: [picture],
  components,
}: Pick<DiscordMessage, 'attachments' | 'components'>): string | undefined {
  const cancel = /"MJ::CancelJob::ByJobid::([0-9a-f-]{36})"/.exec(JSON.stringify(components ?? []))?.[1];
  if (cancel || !picture) return cancel;
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

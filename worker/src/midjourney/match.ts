import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { jobIdOf } from '@midjourney-api/shared/midjourney/job-id';
import { familyOf } from '@midjourney-api/shared/midjourney/press-facts';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { DiscordMessage } from '../discord/message.ts';
import { readMarker } from './marker.ts';
import { familiesOfMessage, isTextOfVideo } from './message-family.ts';
import { isShortening } from './numbered-texts.ts';
import { type ParsedContent, parseContent } from './parse-content.ts';
import { readRefusal } from './refusal.ts';
import { readSignal } from './signal.ts';

/** A task at Midjourney, with what tells its messages from others. */
export interface Candidate {
  task: Pick<Task, 'id' | 'action'>;
  nonce: string | null;
  interactionId: string | null;
  /** Newest message of the channel when it was sent: older ones cannot be about it. */
  sentAfterMessageId: string | null;
  /** Midjourney's first message about it, also when it only said that there will be more. */
  firstMessageId: string | null;
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
  const open = [...candidates].filter((candidate) => mayBelong(message, hash, candidate));
  return (
    only(open, ({ nonce }) => nonce !== null && nonce === message.nonce) ??
    only(open, (candidate) => answersSend(message, candidate) === true) ??
    only(open, (candidate) => describesFile(message, candidate)) ??
    only(open, (candidate) => isOwn(message.id, candidate)) ??
    only(open, (candidate) => followsOwn(message, content, candidate)) ??
    only(
      open,
      (candidate) => candidate.hash !== null && candidate.hash === hash && mayShow(candidate, message),
    ) ??
    matchByText(message, content, open)
  );
}

/**
 * Whether a message that belongs to nobody may be about this task all the same: a sign that Midjourney has it, and
 * that its account is not silent.
 */
export function mayConcern(message: DiscordMessage, candidate: Candidate): boolean {
  if (!mayBelong(message, hashOfJob(message), candidate)) return false;
  const { action } = candidate.task;
  const pressedOn = pressedMessage(message);
  if (pressedOn !== null) return refersTo(pressedOn, candidate);
  return (
    matchMessage(message, [candidate]) !== undefined ||
    (message.interaction?.command === action.kind && !parseContent(message.content))
  );
}

function mayBelong(message: DiscordMessage, hash: string | undefined, candidate: Candidate): boolean {
  return (
    isAfter(message.id, candidate.sentAfterMessageId) &&
    // A job keeps its id from its first message on: another id is another job, however alike they read.
    (!hash || !candidate.hash || hash === candidate.hash) &&
    // What answers another interaction is another job's, too.
    answersSend(message, candidate) !== false
  );
}

function isOwn(messageId: string, { progressMessageId, firstMessageId }: Candidate): boolean {
  return messageId === progressMessageId || messageId === firstMessageId;
}

/** The message that this one replies to, or whose button was pressed for it. */
function pressedMessage({ referencedMessageId, interaction }: DiscordMessage): string | null {
  return referencedMessageId ?? interaction?.messageId ?? null;
}

function refersTo(messageId: string, candidate: Candidate): boolean {
  const { action } = candidate.task;
  return isOwn(messageId, candidate) || (action.kind === 'button' && action.messageId === messageId);
}

/** Whether it replies to what the job has shown of itself so far, as refusals do, and the pictures of some jobs. */
function followsOwn(message: DiscordMessage, content: ParsedContent | null, candidate: Candidate): boolean {
  const { referencedMessageId, interaction } = message;
  const answered = [referencedMessageId, interaction?.firstAnswerId];
  if (!answered.some((id) => id && isOwn(id, candidate))) return false;
  // A picture drawn from another one may reply to it as well.
  return readSignal(message).type !== 'finished' || isResultOf(message, content, candidate);
}

function isResultOf(
  message: DiscordMessage,
  content: ParsedContent | null,
  { task: { id, action }, hash }: Candidate,
): boolean {
  if (hash !== null) return hash === hashOfJob(message);
  if (action.kind === 'button')
    return familiesOfMessage(message, content).includes(familyOf(parseCustomId(action.customId)));
  if (!content) return false;
  return action.kind === 'imagine' ? readMarker(content.prompt) === id : content.action === 'imagine';
}

/** Whether it describes the file that the task uploaded for that. */
function describesFile(message: DiscordMessage, { task: { action } }: Candidate): boolean {
  return (
    action.kind === 'describe' &&
    pressedMessage(message) === null &&
    describedFiles(message).includes(filename(action.uploadFilename) ?? '')
  );
}

function describedFiles({ embeds }: DiscordMessage): string[] {
  return embeds
    .flatMap(({ image, thumbnail }) => [image?.url, thumbnail?.url])
    .flatMap((url) => filename(url) ?? []);
}

/** What a task shows again may be drawn at this moment for another task: the answer to a command is meant. */
function mayShow(candidate: Candidate, message: DiscordMessage): boolean {
  const pressedOn = pressedMessage(message);
  // A picked video may keep the id of the job that it was picked from.
  if (pressedOn !== null && !refersTo(pressedOn, candidate)) return false;
  return candidate.task.action.kind !== 'show' || answers(message.interaction, 'show');
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
  const pressedOn = pressedMessage(message);
  if (pressedOn !== null) return matchButton(pressedOn, message, content, open);
  return matchCommand(message, content, open);
}

function matchButton<C extends Candidate>(
  pressedOn: string,
  message: DiscordMessage,
  content: ParsedContent | null,
  open: C[],
): C | undefined {
  const isFinal = readSignal(message).type === 'finished' || content?.status === 'done';
  const pressed = open.filter(
    ({ task, progressMessageId }) =>
      task.action.kind === 'button' &&
      task.action.messageId === pressedOn &&
      // A job shows its progress in one message only: what another one shows is another job's.
      (isFinal || progressMessageId === null),
  );
  const families = familiesOfMessage(message, content);
  // A refusal does not say which button it answers: only of the single one not yet being drawn it can be.
  if (families.length === 0 && message.attachments.length === 0)
    return only(pressed, ({ started }) => !started);
  const ofFamilies = (wanted: readonly string[]) =>
    pressed.filter(
      ({ task }) =>
        task.action.kind === 'button' && wanted.includes(familyOf(parseCustomId(task.action.customId))),
    );
  const alike = ofFamilies(families);
  // What no known button's message reads like may be that of a button that is new at Midjourney.
  return only(alike.length > 0 ? alike : ofFamilies(['unknown']), () => true);
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

  // What describes another file than a task's is no task's.
  if (describedFiles(message).length > 0) return undefined;
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
  const onlyAnnounces = readSignal(message).type === 'accepted';
  return only(
    open,
    ({ task: { action }, progressMessageId, firstMessageId }) =>
      action.kind === command &&
      action.kind !== 'imagine' &&
      // A job shows its progress in one message only.
      (!content || content.status === 'done' || progressMessageId === null) &&
      (!onlyAnnounces || firstMessageId === null) &&
      // Several of these may be under way: a refusal repeats which of them it refuses.
      (action.kind !== 'show' || small?.text === action.jobId),
  );
}

/** Which command a message answers that does not say so: its picture comes in a message of its own. */
function commandByShape(message: DiscordMessage, content: ParsedContent | null): string | undefined {
  if (isShortening(message)) return 'shorten';
  const isBlend =
    content?.action === 'imagine' && onlyLinks.test(content.prompt) && !isTextOfVideo(content.prompt);
  return isBlend ? 'blend' : undefined;
}

/** Links that Midjourney has shortened, and parameters: a prompt without words, as a blend's is. */
const onlyLinks = /^(?:\s*<https?:\/\/[^\s>]+>)*(?:\s*--.*)?\s*$/;

interface SmallPrint {
  command: string;
  text: string;
}

/** Refusals of a command repeat it in the small print of their embed, or on a line of their own. */
function smallPrint({ embeds, content }: DiscordMessage): SmallPrint | undefined {
  for (const text of [...embeds.map(({ footer }) => footer?.text ?? ''), ...content.split('\n')]) {
    const groups = /^\/(?<command>\w+)\s*(?:(?:prompt|job_id):\s*)?(?<text>[\s\S]*)$/.exec(text)?.groups;
    if (groups?.command) return { command: groups.command, text: groups.text ?? '' };
  }
  return undefined;
}

/** Midjourney's id of the job that a message shows; what a refusal's buttons are about is not known. */
export function hashOfJob(message: DiscordMessage): string | undefined {
  if (readRefusal(message)) return undefined;
  return jobIdOf(message) ?? parseContent(message.content)?.jobId ?? undefined;
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

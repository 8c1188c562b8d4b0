import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { DiscordMessage } from '../discord/message.ts';
import {
  answersInteraction,
  type Candidate,
  familyOfTask,
  isAfter,
  type Known,
  mayBelong,
} from './candidate.ts';
import { type Evidence, fileNameOf, readEvidence } from './evidence.ts';
import { isTextOfVideo } from './message-family.ts';

/**
 * Finds the task that a message of the Midjourney Bot belongs to, among those that its account has at Midjourney.
 *
 * A task is ruled out by a message that is older than its send, of another job, for another user, or answers another
 * interaction.
 * These rules choose from the rest, the strongest evidence first. The first that fits exactly one task decides:
 * 1. by nonce: the task was sent with the message's
 * 2. by interaction: the message answers the task's, or a form which that opened
 * 3. by file: it describes the file that the task uploaded for this
 * 4. by message: it is an edit of one that the job has shown
 * 5. by reply: it replies to one that the job has shown
 * 6. by job: it shows Midjourney's id of the job
 * 7. by press: it refers to the message whose button the task pressed, and reads as that button's messages do
 * 8. by marker: its prompt begins with the task's id, and it refers to no other message, or is a video that replies to
 *    a progress message of its own which nobody saw
 * 9. the only one of its kind: it has none of these, and answers a command that one task alone has sent
 *
 * What no rule decides belongs to no task, and is never guessed.
 */
export function matchMessage<C extends Candidate>(
  message: DiscordMessage,
  candidates: Iterable<C>,
  known: Known = {},
): C | undefined {
  return match(readEvidence(message), [...candidates], known);
}

/**
 * Whether a message that belongs to no task may be about this one all the same: a sign that Midjourney has it, and
 * that its account is not silent.
 */
export function mayConcern(message: DiscordMessage, candidate: Candidate, known: Known = {}): boolean {
  const evidence = readEvidence(message);
  const { content, pressedOn } = evidence;
  if (!mayBelong(evidence, candidate, known)) return false;
  // Also what was made of its picture is a sign that it was drawn.
  if (evidence.marker === candidate.task.id) return true;
  if (pressedOn !== null) return refersTo(pressedOn, candidate);
  return (
    match(evidence, [candidate], known) !== undefined ||
    (message.interaction?.command === candidate.task.action.kind && content === null)
  );
}

/** Finds the task that the evidence is for; undefined where it is for none of these, or may be for several. */
type Rule = <C extends Candidate>(evidence: Evidence, open: readonly C[]) => C | undefined;

function match<C extends Candidate>(
  evidence: Evidence,
  candidates: readonly C[],
  known: Known,
): C | undefined {
  const open = candidates.filter((candidate) => mayBelong(evidence, candidate, known));
  for (const rule of rules) {
    const found = rule(evidence, open);
    if (found) return found;
  }
  return undefined;
}

const byNonce: Rule = ({ message }, open) =>
  only(open, ({ nonce }) => nonce !== null && nonce === message.nonce);

const byInteraction: Rule = ({ message }, open) =>
  only(open, (candidate) => answersInteraction(message, candidate) === true);

const byFile: Rule = ({ pressedOn, describedFiles }, open) =>
  only(
    open,
    ({ task: { action } }) =>
      action.kind === 'describe' &&
      'uploadFilename' in action &&
      pressedOn === null &&
      describedFiles.includes(fileNameOf(action.uploadFilename)),
  );

const byMessage: Rule = ({ message }, open) => only(open, (candidate) => isOwn(message.id, candidate));

/** Refusals reply to what the job has shown of itself so far, and so do the pictures of some jobs. */
const byReply: Rule = (evidence, open) => {
  const { referencedMessageId, interaction } = evidence.message;
  const answered = [referencedMessageId, interaction?.firstAnswerId];
  return only(
    open,
    (candidate) =>
      answered.some((id) => id && isOwn(id, candidate)) &&
      // A picture drawn from another one may reply to it as well.
      (evidence.signal !== 'finished' || isResultOf(evidence, candidate)),
  );
};

const byJob: Rule = ({ message, job, pressedOn }, open) =>
  only(
    open,
    (candidate) =>
      candidate.hash !== null &&
      candidate.hash === job &&
      // A picked video may keep the id of the job that it was picked from.
      (pressedOn === null || refersTo(pressedOn, candidate)) &&
      // What a task shows again may be drawn at this moment for another task: the answer to a command is meant.
      (candidate.task.action.kind !== 'show' || mayAnswerShow(message)),
  );

const byPress: Rule = ({ message, content, signal, pressedOn, families }, open) => {
  const pressed = open.filter(
    ({ task: { action } }) => action.kind === 'button' && action.messageId === pressedOn,
  );
  // A refusal does not say which button it answers. The first answer to a press is of one not yet being drawn; where
  // the press is not named, it may also follow what another one has shown.
  if (families.length === 0 && message.attachments.length === 0) {
    const isFirstAnswer = message.interaction !== null && message.interaction.firstAnswerId === null;
    const waiting = pressed.filter(({ started }) => !started);
    return isFirstAnswer || waiting.length === pressed.length ? only(waiting, () => true) : undefined;
  }
  const isFinal = signal === 'finished' || content?.status === 'done';
  // A job shows its progress in one message only: what another one shows is another job's.
  const unshown = pressed.filter(({ progressMessageId }) => isFinal || progressMessageId === null);
  const alike = unshown.filter(({ task }) => families.some((family) => family === familyOfTask(task)));
  if (alike.length > 0) return only(alike, () => true);
  // What no known button's message reads like may be that of a button that is new at Midjourney.
  return only(unshown, ({ task }) => familyOfTask(task) === 'unknown');
};

const byMarker: Rule = (evidence, open) =>
  only(
    open,
    (candidate) =>
      candidate.task.id === evidence.marker &&
      candidate.task.action.kind === 'imagine' &&
      (evidence.pressedOn === null || repliesToItself(evidence, candidate)),
  );

/**
 * The videos of a prompt reply to their own progress message, which Midjourney deletes: a session that reads
 * them in the history has never seen it, and knows only that it is newer than the send. Videos drawn again by a button read alike
 * and reply to the first ones. As long as those are unknown here, only a person in the channel can have pressed it.
 */
function repliesToItself({ message, signal, content }: Evidence, { sentAfterMessageId }: Candidate): boolean {
  const { referencedMessageId, interaction } = message;
  return (
    referencedMessageId !== null &&
    !interaction?.messageId &&
    signal === 'finished' &&
    content !== null &&
    isTextOfVideo(content.prompt) &&
    isAfter(referencedMessageId, sentAfterMessageId)
  );
}

/**
 * Commands whose messages hold nothing of the task's own: which command it was, and that an account has only one of
 * its kind under way (see `exclusiveKey`), is all that shows. The risk that is left: the same user types the same
 * command into the channel by hand while a task's is under way. The job's id rules that out from the first message
 * on; before that, a listening session of the user's own does, which sees nonces.
 */
const onlyOneOfItsKind: Rule = (evidence, open) => {
  const { message, content, signal, pressedOn, marker, describedFiles, command, smallPrint } = evidence;
  if (pressedOn !== null || marker || message.nonce !== null) return undefined;
  return only(
    open,
    ({ task: { action }, progressMessageId, firstMessageId }) =>
      action.kind === command &&
      action.kind !== 'imagine' &&
      (describedFiles.length === 0 || ('link' in action && describedFiles.every(mayBeBehind(action.link)))) &&
      // A job shows its progress in one message only.
      (!content || content.status === 'done' || signal === 'finished' || progressMessageId === null) &&
      (signal !== 'accepted' || firstMessageId === null) &&
      // Several of these may be under way: a refusal repeats which of them it refuses.
      (action.kind !== 'show' || smallPrint?.text === action.jobId),
  );
};

/** In the order of the doc comment of `matchMessage`. */
const rules: readonly Rule[] = [
  byNonce,
  byInteraction,
  byFile,
  byMessage,
  byReply,
  byJob,
  byPress,
  byMarker,
  onlyOneOfItsKind,
];

/** The command's name is not always known. */
function mayAnswerShow({ interaction }: DiscordMessage): boolean {
  return interaction !== null && interaction.messageId === null && (interaction.command ?? 'show') === 'show';
}

/** Whether a message is one that the job has shown of itself. */
function isOwn(messageId: string, { progressMessageId, firstMessageId }: Candidate): boolean {
  return messageId === progressMessageId || messageId === firstMessageId;
}

function refersTo(messageId: string, candidate: Candidate): boolean {
  const { action } = candidate.task;
  return isOwn(messageId, candidate) || (action.kind === 'button' && action.messageId === messageId);
}

function isResultOf({ content, job, marker, families }: Evidence, { task, hash }: Candidate): boolean {
  if (hash !== null) return hash === job;
  const { id, action } = task;
  if (action.kind === 'button') return families.some((family) => family === familyOfTask(task));
  if (!content) return false;
  return action.kind === 'imagine' ? marker === id : content.action === 'imagine';
}

/**
 * Whether a described file may be what a link leads to. The api names what it uploads by an id, as tasks have: a task
 * that has ended may have described that, unless the link is to that upload.
 */
function mayBeBehind(link: string): (fileName: string) => boolean {
  return (fileName) => fileName === fileNameOf(link) || !isTaskId(fileName.replace(/\.[^.]*$/, ''));
}

/** The one that fits; undefined when none does, or more than one. */
function only<C>(candidates: readonly C[], fits: (candidate: C) => boolean): C | undefined {
  const fitting = candidates.filter(fits);
  return fitting.length === 1 ? fitting[0] : undefined;
}

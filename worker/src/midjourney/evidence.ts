import { jobIdOf } from '@midjourney-api/shared/midjourney/job-id';
import type { MessageFamily } from '@midjourney-api/shared/midjourney/press-facts';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { DiscordMessage } from '../discord/message.ts';
import { readMarker } from './marker.ts';
import { familiesOfMessage, isTextOfVideo } from './message-family.ts';
import { isDescription, isShortening } from './numbered-texts.ts';
import { type ParsedContent, parseContent } from './parse-content.ts';
import { readRefusal } from './refusal.ts';
import { readSignal, type Signal } from './signal.ts';

/** What a message of the Midjourney Bot shows of the task that it is about. */
export interface Evidence {
  message: DiscordMessage;
  content: ParsedContent | null;
  signal: Signal['type'];
  /** Midjourney's id of the job. */
  job: string | undefined;
  /** The message that this one replies to, or whose button was pressed for it. */
  pressedOn: string | null;
  /** Which buttons' messages read like this one. */
  families: readonly MessageFamily[];
  /** In a message that refers to another this may be the other's: derived pictures repeat the text of the first. */
  marker: TaskId | undefined;
  /** The names of the files that it describes. */
  describedFiles: readonly string[];
  /** The command that it answers. */
  command: string | undefined;
  smallPrint: SmallPrint | undefined;
}

/** What a refusal repeats of the command that it refuses. */
interface SmallPrint {
  command: string;
  text: string;
}

export function readEvidence(message: DiscordMessage): Evidence {
  const content = parseContent(message.content);
  const smallPrint = readSmallPrint(message);
  const prompt = content?.prompt ?? (smallPrint?.command === 'imagine' ? smallPrint.text : undefined);
  return {
    message,
    content,
    signal: readSignal(message).type,
    job: jobOfMessage(message),
    pressedOn: message.referencedMessageId ?? message.interaction?.messageId ?? null,
    families: familiesOfMessage(message, content),
    marker: prompt === undefined ? undefined : readMarker(prompt),
    describedFiles: describedFiles(message),
    command: message.interaction?.command ?? smallPrint?.command ?? commandByShape(message, content),
    smallPrint,
  };
}

/** Midjourney's id of the job that a message shows; what a refusal's buttons are about is not known. */
export function jobOfMessage(message: DiscordMessage): string | undefined {
  if (readRefusal(message)) return undefined;
  return jobIdOf(message) ?? parseContent(message.content)?.jobId ?? undefined;
}

function describedFiles({ embeds }: DiscordMessage): string[] {
  return embeds
    .flatMap(({ image, thumbnail }) => [image?.url, thumbnail?.url])
    .flatMap((url) => (url === undefined ? [] : fileNameOf(url)));
}

/** The last part of an address or a path. */
export function fileNameOf(address: string): string {
  return address.replace(/[?#].*$/, '').replace(/^.*\//s, '');
}

/** The command that a message answers which does not name it: its picture comes in a message of its own. */
function commandByShape(message: DiscordMessage, content: ParsedContent | null): string | undefined {
  if (isShortening(message)) return 'shorten';
  if (isDescription(message)) return 'describe';
  const isBlend =
    content?.action === 'imagine' && onlyLinks.test(content.prompt) && !isTextOfVideo(content.prompt);
  return isBlend ? 'blend' : undefined;
}

/** Links that Midjourney has shortened, and parameters: a prompt without words, as a blend's is. */
const onlyLinks = /^(?:\s*<https?:\/\/[^\s>]+>)*(?:\s*--.*)?\s*$/;

/** Refusals of a command repeat it in the small print of their embed, or on a line of their own. */
function readSmallPrint({ embeds, content }: DiscordMessage): SmallPrint | undefined {
  for (const text of [...embeds.map(({ footer }) => footer?.text ?? ''), ...content.split('\n')]) {
    const groups = /^\/(?<command>\w+)\s*(?:(?:prompt|job_id):\s*)?(?<text>[\s\S]*)$/.exec(text)?.groups;
    if (groups?.command) return { command: groups.command, text: groups.text ?? '' };
  }
  return undefined;
}

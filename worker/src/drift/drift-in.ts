import type { Drift, DriftKind, MessageSample } from '@midjourney-api/shared/drift/drift';
import { buttonsIn } from '@midjourney-api/shared/midjourney/components';
import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { DiscordMessage } from '../discord/message.ts';
import { isDescription, isShortening } from '../midjourney/numbered-texts.ts';
import { parseContent } from '../midjourney/parse-content.ts';
import { readRefusal } from '../midjourney/refusal.ts';
import { type Statement, statementOf } from '../midjourney/statement.ts';
import type { ActiveTask } from '../tasks/active-task.ts';
import { createRedactor, type Redactor, sampleUserId } from './redact.ts';

/** The task that a message is about, before the message changed what is known of it. */
type TaskBefore = Pick<
  ActiveTask,
  'task' | 'nonce' | 'sentAfterMessageId' | 'firstMessageId' | 'progressMessageId'
>;

export interface DriftedMessage {
  message: DiscordMessage;
  /** undefined: it belongs to no known task. */
  about: TaskBefore | undefined;
  /** The kind of session that received it. */
  session: 'bot' | 'user';
}

/** https://discord.com/developers/docs/components/reference: rows, buttons, selects. */
const knownComponents = [1, 2, 3];

/** What a message while Midjourney works may say instead of showing the job. */
const onlyWorking = /^(?:displaying|animating|creating|generating|processing|analyzing)\b/i;

/**
 * What is new in a message of the Midjourney Bot. Where it belongs to no task, any of its words may be a client's: then
 * only its buttons and components are examined.
 */
export function driftIn({ message, about, session }: DriftedMessage): Drift[] {
  const { content, components } = message;
  const customIds = buttonsIn(components).flatMap(({ custom_id }) => custom_id ?? []);
  const newIds = customIds.filter((customId) => parseCustomId(customId).kind === 'unknown');
  const newTypes = unknownComponents(components);
  const words = about && newWords(message);
  if (newIds.length === 0 && newTypes.length === 0 && !words) return [];

  const redactor = createRedactor(about && clientsTexts(about));
  const shapes: { kind: DriftKind; shape: string }[] = [
    ...newIds.map((customId) => ({ kind: 'button' as const, shape: shapeOfCustomId(customId, redactor) })),
    ...newTypes.map((shape) => ({ kind: 'component' as const, shape })),
  ];
  if (words === 'content') shapes.push({ kind: words, shape: inShort(redactor.text(content)) });
  else if (words) {
    const { title, text, kind } = words;
    shapes.push({ kind, shape: inShort(title ? redactor.ownText(title) : redactor.text(text)) });
  }
  // A redactor of its own: the ids of a sample are numbered from the first one on.
  const sample = sampleOf({ message, about, session });
  return shapes.map(({ kind, shape }) => ({ kind, shape, sample }));
}

/** The texts of a client that a message may repeat. */
function clientsTexts({ task: { prompt, action, state } }: TaskBefore): string[] {
  const sent = 'prompt' in action && action.prompt ? [action.prompt] : [];
  return [prompt, ...sent, ...(state ? [state] : [])];
}

/** @returns an unknown refusal, or `content` when the message says anything else that is not known. */
function newWords(message: DiscordMessage): NewRefusal | 'content' | undefined {
  const said = statementOf(message);
  const kind = readRefusal(message)?.unknown;
  if (said) return kind && { ...said, kind };
  const { content } = message;
  const isKnown = isKnownJob(content) || isDescription(message) || isShortening(message);
  return content === '' || isKnown || onlyWorking.test(content) ? undefined : 'content';
}

/** Whether a job is shown without words that are new. */
function isKnownJob(content: string): boolean {
  const shown = parseContent(content);
  return (
    shown !== null && shown.action !== 'unknown' && (shown.status !== 'running' || shown.progress !== null)
  );
}

interface NewRefusal extends Statement {
  kind: Statement['form'];
}

function inShort(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/x{2,}(?: x+)*/g, 'xx')
    .trim();
  return line.slice(0, 120);
}

/** Its job, its numbers and what only this one has are left out. */
function shapeOfCustomId(customId: string, redactor: Redactor): string {
  return redactor
    .customId(customId)
    .split('::')
    .map((part) =>
      /^[0-9a-f]{8}-/.test(part) ? '{job}' : /^\d+$/.test(part) ? '#' : /^[x0_-]+$/.test(part) ? '*' : part,
    )
    .join('::')
    .slice(0, 120);
}

/** The types of components that are not known, each with those that it is nested in. */
function unknownComponents(components: readonly unknown[] = []): string[] {
  const found = new Set<string>();
  const look = (each: unknown, above: string) => {
    if (typeof each !== 'object' || each === null) return;
    const { type, components: nested, accessory } = each as Record<string, unknown>;
    if (typeof type !== 'number') return;
    const path = above ? `${above} > ${type}` : `type ${type}`;
    if (!knownComponents.includes(type)) found.add(path);
    for (const below of [...(Array.isArray(nested) ? nested : []), accessory]) look(below, path);
  };
  for (const each of components) look(each, '');
  return [...found];
}

/** Ids grow with time, and so do their stand-ins: what was before the message comes first. */
function sampleOf({ message, about, session }: DriftedMessage): MessageSample {
  const { json } = createRedactor(about && clientsTexts(about));
  const task = about && {
    sentAfterMessageId: about.sentAfterMessageId,
    nonce: about.nonce,
    action: about.task.action,
  };
  const earlierId = about?.progressMessageId ?? about?.firstMessageId;
  const announced = { id: earlierId, content: `**<#1#>x** - <@${sampleUserId}> (Waiting to start)` };
  // In the order of their ids, which are numbered as they are met.
  const shownTask = task && (json(task) as MessageSample['task']);
  const event = (t: string, raw: Record<string, unknown>) => ({
    t,
    d: { ...(json(raw) as Record<string, unknown>), author: { id: message.authorId, bot: true } },
  });
  return {
    session,
    ...(shownTask && { task: shownTask }),
    events: [
      ...(earlierId ? [event('MESSAGE_CREATE', announced)] : []),
      event(earlierId === message.id ? 'MESSAGE_UPDATE' : 'MESSAGE_CREATE', rawOf(message)),
    ],
  };
}

/** As Discord's gateway sent it, as far as this program reads it. */
function rawOf({ interaction, ...message }: DiscordMessage): Record<string, unknown> {
  const opener = interaction?.openedBy && {
    triggering_interaction_metadata: {
      id: interaction.openedBy,
      type: 3,
      user: { id: sampleUserId },
      interacted_message_id: interaction.messageId,
    },
  };
  return {
    id: message.id,
    content: message.content,
    flags: message.flags,
    attachments: message.attachments,
    embeds: message.embeds,
    components: message.components,
    ...(message.nonce !== null && { nonce: message.nonce }),
    ...(message.referencedMessageId !== null && {
      type: 19,
      message_reference: { message_id: message.referencedMessageId },
    }),
    ...(interaction && {
      interaction_metadata: {
        id: interaction.id,
        type: interaction.command === null ? 3 : 2,
        user: { id: sampleUserId },
        ...(interaction.command !== null && { name: interaction.command }),
        ...(interaction.messageId !== null && { interacted_message_id: interaction.messageId }),
        ...(interaction.firstAnswerId !== null && {
          original_response_message_id: interaction.firstAnswerId,
        }),
        ...opener,
      },
    }),
  };
}

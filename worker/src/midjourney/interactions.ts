import { randomBytes } from 'node:crypto';
import type { Task, TaskAction } from '@midjourney-api/shared/tasks/task';
import type { ApplicationCommand, DiscordAccount } from '../discord/rest.ts';
import type { BotIds } from './bots.ts';
import { markPrompt } from './marker.ts';

/** Discord's numbers for what an interaction and an option are. */
const interactionType = { command: 2, component: 3 };
const optionType = { string: 3, attachment: 11 };
const buttonComponent = 2;

type CommandAction = Exclude<TaskAction, { kind: 'button' }>;

/** Which Midjourney command a task needs; null for a button. */
export function commandOf({ kind }: TaskAction): CommandAction['kind'] | null {
  return kind === 'button' ? null : kind;
}

/** The application that a task's command or button is of. */
export function applicationOf({ bot = 'midjourney' }: TaskAction, bots: BotIds): string {
  return bots[bot];
}

export interface InteractionContext {
  account: Pick<DiscordAccount, 'guildId' | 'channelId'>;
  bots: BotIds;
  sessionId: string;
  nonce: string;
  command: ApplicationCommand | null;
}

/** Discord wants one; it is not checked against a gateway session. */
export function createSessionId(): string {
  return randomBytes(16).toString('hex');
}

/** The body of POST /interactions for a task, as Discord's own client builds it. */
export function buildInteraction(
  { id, action }: Pick<Task, 'id' | 'action'>,
  context: InteractionContext,
): Record<string, unknown> {
  const common = {
    application_id: applicationOf(action, context.bots),
    guild_id: context.account.guildId,
    channel_id: context.account.channelId,
    session_id: context.sessionId,
    nonce: context.nonce,
  };
  if (action.kind === 'button') {
    return {
      ...common,
      type: interactionType.component,
      message_id: action.messageId,
      message_flags: action.messageFlags,
      data: { component_type: buttonComponent, custom_id: action.customId },
    };
  }
  if (!context.command) throw new Error(`Midjourney's command "${action.kind}" is not known.`);
  const { command } = context;
  return {
    ...common,
    type: interactionType.command,
    data: {
      version: command.version,
      id: command.id,
      name: command.name,
      type: 1,
      application_command: command,
      ...commandData(id, action),
    },
  };
}

function commandData(id: Task['id'], action: CommandAction) {
  switch (action.kind) {
    case 'imagine':
      return { options: [text('prompt', markPrompt(action.prompt, id))], attachments: [] };
    case 'shorten':
      // Without a marker: it would count among the words that matter.
      return { options: [text('prompt', action.prompt)], attachments: [] };
    case 'show':
      return { options: [text('job_id', action.jobId)], attachments: [] };
    case 'describe':
      return { options: [file('image', 0)], attachments: [attachment(action.uploadFilename, 0)] };
    case 'blend': {
      const { uploadFilenames: names, ratio } = action;
      const images = names.map((_, at) => file(`image${at + 1}`, at));
      return {
        options: [...images, text('dimensions', `--ar ${ratio}`)],
        attachments: names.map(attachment),
      };
    }
  }
}

function text(name: string, value: string) {
  return { type: optionType.string, name, value };
}

/** An option that is the attachment with this id. */
function file(name: string, attachmentId: number) {
  return { type: optionType.attachment, name, value: attachmentId };
}

function attachment(uploadFilename: string, id: number) {
  return { id: String(id), filename: uploadFilename.split('/').at(-1), uploaded_filename: uploadFilename };
}

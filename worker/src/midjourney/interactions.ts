import type { Task, TaskAction } from '@midjourney-api/shared/tasks/task';
import type { Modal } from '../discord/channel-event.ts';
import type { DiscordAccount } from '../discord/discord-account.ts';
import type { ApplicationCommand } from '../discord/rest/interaction-requests.ts';
import type { BotIds } from './bots.ts';
import { markPrompt } from './marker.ts';

/** Discord's numbers for what an interaction and an option are. */
const interactionType = { command: 2, component: 3, modal: 5 };
const optionType = { string: 3, attachment: 11 };
const componentType = { row: 1, button: 2, select: 3, textInput: 4 };

type CommandAction = Exclude<TaskAction, { kind: 'button' }>;

/** Which Midjourney command a task needs; null for a button. */
export function commandOf({ kind }: TaskAction): CommandAction['kind'] | null {
  return kind === 'button' ? null : kind;
}

/** The application that a task's command or button is of. */
export function applicationOf({ bot = 'midjourney' }: Pick<TaskAction, 'bot'>, bots: BotIds): string {
  return bots[bot];
}

export interface InteractionContext {
  account: Pick<DiscordAccount, 'guildId' | 'channelId'>;
  bots: BotIds;
  /** The gateway session that Discord sends the private answers to. */
  sessionId: string;
  nonce: string;
  command: ApplicationCommand | null;
  /** Whether a prompt is to be drawn in relax mode. */
  relax?: boolean;
}

/** The body of POST /interactions for a task, as Discord's own client builds it. */
export function buildInteraction(
  { id, action }: Pick<Task, 'id' | 'action'>,
  context: InteractionContext,
): Record<string, unknown> {
  const common = commonFields(action, context);
  if (action.kind === 'button') {
    return {
      ...common,
      type: interactionType.component,
      message_id: action.messageId,
      message_flags: action.messageFlags,
      data: { component_type: componentType.button, custom_id: action.customId },
    };
  }
  if (!context.command) throw new Error(`Midjourney's command "${action.kind}" is not known.`);
  const { command } = context;
  return {
    ...common,
    type: interactionType.command,
    data: { ...commandFields(command), ...commandData(id, action, context.relax) },
  };
}

function commandFields(command: ApplicationCommand) {
  const { version, id, name } = command;
  return { version, id, name, type: 1, application_command: command };
}

/** The body of POST /interactions for a command of the Midjourney Bot without options. */
export function buildQuestion(
  context: Omit<InteractionContext, 'command'> & { command: ApplicationCommand },
): Record<string, unknown> {
  const { command } = context;
  return {
    ...commonFields({}, context),
    type: interactionType.command,
    data: { ...commandFields(command), options: [], attachments: [] },
  };
}

/** The body of POST /interactions for a button or a select of a message that only the user sees. */
export function buildPrivatePress(
  {
    messageId,
    messageFlags,
    customId,
    values,
  }: { messageId: string; messageFlags: number; customId: string; values?: string[] | undefined },
  context: Omit<InteractionContext, 'command'>,
): Record<string, unknown> {
  const chosen = values && { type: componentType.select, values };
  return {
    ...commonFields({}, context),
    type: interactionType.component,
    message_id: messageId,
    message_flags: messageFlags,
    data: {
      component_type: values ? componentType.select : componentType.button,
      custom_id: customId,
      ...chosen,
    },
  };
}

/** The body of POST /interactions that submits a form: with the prompt in its first field, the rest as it was. */
export function buildModalAnswer(
  action: TaskAction,
  { interactionId, customId, fields }: Modal,
  prompt: string | undefined,
  context: Omit<InteractionContext, 'command'>,
): Record<string, unknown> {
  return {
    ...commonFields(action, context),
    type: interactionType.modal,
    data: {
      id: interactionId,
      custom_id: customId,
      components: fields.map((field, at) => ({
        type: componentType.row,
        components: [
          {
            type: componentType.textInput,
            custom_id: field.customId,
            value: at === 0 ? (prompt ?? field.value) : field.value,
          },
        ],
      })),
    },
  };
}

function commonFields(
  action: Pick<TaskAction, 'bot'>,
  { bots, account, sessionId, nonce }: Omit<InteractionContext, 'command'>,
): Record<string, string> {
  return {
    application_id: applicationOf(action, bots),
    guild_id: account.guildId,
    channel_id: account.channelId,
    session_id: sessionId,
    nonce,
  };
}

function commandData(id: Task['id'], action: CommandAction, relax = false) {
  switch (action.kind) {
    case 'imagine':
      return {
        options: [text('prompt', markPrompt(relax ? `${action.prompt} --relax` : action.prompt, id))],
        attachments: [],
      };
    case 'shorten':
      // Without a marker, which would be weighed like a word of the prompt.
      return { options: [text('prompt', action.prompt)], attachments: [] };
    case 'show':
      return { options: [text('job_id', action.jobId)], attachments: [] };
    case 'describe':
      return 'link' in action
        ? { options: [text('link', action.link)], attachments: [] }
        : { options: [file('image', 0)], attachments: [attachment(action.uploadFilename, 0)] };
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

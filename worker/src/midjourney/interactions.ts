import { randomBytes } from 'node:crypto';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { ApplicationCommand, DiscordAccount } from '../discord/rest.ts';
import { markPrompt } from './marker.ts';

/** Discord's numbers for what an interaction and an option are. */
const interactionType = { command: 2, component: 3 };
const optionType = { string: 3, attachment: 11 };
const buttonComponent = 2;

/** Which Midjourney command a task needs; null for a button. */
export function commandOf(task: Pick<Task, 'action'>): 'imagine' | 'describe' | null {
  return task.action.kind === 'button' ? null : task.action.kind;
}

export interface InteractionContext {
  account: Pick<DiscordAccount, 'guildId' | 'channelId'>;
  applicationId: string;
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
  task: Pick<Task, 'id' | 'action'>,
  context: InteractionContext,
): Record<string, unknown> {
  const common = {
    application_id: context.applicationId,
    guild_id: context.account.guildId,
    channel_id: context.account.channelId,
    session_id: context.sessionId,
    nonce: context.nonce,
  };
  const { action } = task;
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
  const { id, version, name } = context.command;
  const data = { version, id, name, type: 1, application_command: context.command };
  if (action.kind === 'imagine') {
    const value = markPrompt(action.prompt, task.id);
    const options = [{ type: optionType.string, name: 'prompt', value }];
    return { ...common, type: interactionType.command, data: { ...data, options, attachments: [] } };
  }
  const filename = action.uploadFilename.split('/').at(-1);
  return {
    ...common,
    type: interactionType.command,
    data: {
      ...data,
      options: [{ type: optionType.attachment, name: 'image', value: 0 }],
      attachments: [{ id: '0', filename, uploaded_filename: action.uploadFilename }],
    },
  };
}

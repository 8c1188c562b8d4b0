import type { Account } from '../accounts.ts';
import type { Message } from './model.ts';
import type { Upload } from './uploads.ts';

interface InteractionBase {
  id: string;
  nonce: string | undefined;
  account: Account;
  applicationId: string;
  /** None in direct messages. */
  guildId: string | undefined;
  channelId: string;
  sessionId: string;
}

/** A slash command: option name → text, number or the file that was attached for it. */
export interface CommandInteraction extends InteractionBase {
  type: 'command';
  name: string;
  options: Map<string, string | Upload>;
}

/** A pressed button, or a select menu with what was chosen in it. */
export interface ButtonInteraction extends InteractionBase {
  type: 'button';
  message: Message;
  customId: string;
  values: string[];
}

/** A submitted modal: the field's custom id → its text. */
export interface ModalInteraction extends InteractionBase {
  type: 'modal';
  /** The interaction that opened the modal. */
  openedBy: string;
  customId: string;
  fields: Map<string, string>;
}

export type Interaction = CommandInteraction | ButtonInteraction | ModalInteraction;

/** The interface of the Midjourney Bot: what it receives, and what Discord needs to know from it. */
export interface InteractionListener {
  /** Called once for each interaction that Discord accepted. */
  handle(interaction: Interaction): void;
  /** Whether this interaction opened a modal for this user which is still open. */
  hasOpenModal(interactionId: string, userId: string): boolean;
  /** Called when the user of an account has reacted to one of its messages. */
  reacted(message: Message, emoji: string, account: Account): void;
}

import type { Accounts, Principal } from '../accounts.ts';
import type { CommandCatalogue } from '../midjourney/commands.ts';
import { optionTypes } from '../midjourney/commands.ts';
import { midjourneyBots } from '../midjourney/identity.ts';
import type { EventPlayer } from '../scripted/event-player.ts';
import type { DirectChannels } from './direct-channels.ts';
import {
  invalidForm,
  missingAccess,
  unknownApplication,
  unknownChannel,
  unknownCommand,
  unknownInteraction,
  unknownMessage,
  uploadNotFound,
} from './errors.ts';
import { type Form, isRecord } from './form.ts';
import type { Interaction, InteractionListener } from './interaction.ts';
import type { MessageStore } from './message-store.ts';
import { messageFlags } from './model.ts';
import type { NewSnowflake } from './snowflake.ts';
import type { Upload, Uploads } from './uploads.ts';

export interface InteractionSources {
  accounts: Accounts;
  directChannels: DirectChannels;
  catalogue: CommandCatalogue;
  store: MessageStore;
  uploads: Uploads;
  listener: InteractionListener;
  player: EventPlayer;
  newId: NewSnowflake;
}

type Base = Omit<Extract<Interaction, { type: 'command' }>, 'type' | 'name' | 'options'>;

/** Reads the body of `POST /interactions`; throws what Discord answers to a wrong one. */
export function readInteraction(form: Form, sender: Principal, sources: InteractionSources): Interaction {
  const type = form.field('type').oneOf([2, 3, 5]);
  const base = readBase(form, sender, sources);
  if (type === 2) return readCommand(form, base, sources);
  if (type === 3) return readButton(form, base, sources);
  return readModal(form, base, sources);
}

function readBase(
  form: Form,
  sender: Principal,
  { accounts, directChannels, newId }: InteractionSources,
): Base {
  const applicationId = form.field('application_id').snowflake();
  const channelId = form.field('channel_id').snowflake();
  const sessionId = form.field('session_id').text({ min: 1, max: 100 });
  const nonce = form.field('nonce').optionalText({ max: 25 });
  if (!midjourneyBots.some((bot) => bot.id === applicationId)) throw unknownApplication();
  const account = accounts.ofUser(sender.user.id);
  if (!account) throw missingAccess();
  const guildId = accounts.guildOf(channelId);
  const direct = directChannels.get(channelId)?.between;
  // Commands work in direct messages with the bot, too.
  if (direct ? !direct.includes(sender.user.id) || !direct.includes(applicationId) : guildId === undefined) {
    throw unknownChannel();
  }
  if (guildId !== undefined && !sender.guildIds.has(guildId)) throw missingAccess();
  if (!form.field('guild_id').missing && form.field('guild_id').snowflake() !== guildId)
    throw missingAccess();
  return { id: newId(), nonce, account, applicationId, guildId, channelId, sessionId };
}

function readCommand(form: Form, base: Base, { catalogue, uploads }: InteractionSources): Interaction {
  const data = form.field('data');
  const command = catalogue.find(base.applicationId, data.field('id').snowflake());
  if (!command) throw unknownCommand();
  if (data.field('version').snowflake() !== catalogue.version(command)) {
    throw invalidForm('data.version', {
      code: 'INTERACTION_APPLICATION_COMMAND_INVALID_VERSION',
      message: 'This command is outdated, please try again in a few minutes',
    });
  }
  const attachments = readAttachments(data.field('attachments'), base.channelId, uploads);
  const options = new Map<string, string | Upload>();
  for (const given of data.field('options').list({ max: 25 })) {
    const name = given.field('name').text();
    const option = command.options.find((known) => known.name === name);
    if (!option)
      throw given.field('name').error('APPLICATION_COMMAND_OPTIONS_NAME_INVALID', 'Unknown option');
    given.field('type').oneOf([option.type]);
    if (option.type === optionTypes.subcommand) {
      // Discord names what was asked for after both: "prefer remix".
      return { ...base, type: 'command', name: `${command.name} ${name}`, options };
    }
    if (option.type === optionTypes.attachment) {
      const attached = attachments.get(String(given.field('value').integer()));
      if (!attached) throw uploadNotFound();
      options.set(name, attached);
      continue;
    }
    const value = given.field('value').text({ min: 1, max: 6000 });
    if (option.choices && !option.choices.some((choice) => choice.value === value)) {
      throw given.field('value').error('APPLICATION_COMMAND_OPTIONS_CHOICES_VALUE_INVALID', 'Not a choice.');
    }
    options.set(name, value);
  }
  for (const { name, required } of command.options) {
    if (required && !options.has(name)) throw data.field('options').field(name).required();
  }
  return { ...base, type: 'command', name: command.name, options };
}

function readButton(form: Form, base: Base, { store }: InteractionSources): Interaction {
  const data = form.field('data');
  const type = data.field('component_type').oneOf([2, 3]);
  const customId = data.field('custom_id').text({ min: 1, max: 100 });
  const message = store.get(base.channelId, form.field('message_id').snowflake());
  const userId = base.account.user.user.id;
  if (!message || (message.onlyFor !== undefined && message.onlyFor !== userId)) throw unknownMessage();
  // Discord finds an ephemeral message only when its flags are named.
  const flags = form.field('message_flags').missing ? 0 : form.field('message_flags').integer();
  if (message.onlyFor !== undefined && (flags & messageFlags.ephemeral) === 0) throw unknownMessage();
  const component = findComponent(message.raw?.components ?? message.components, customId);
  const values =
    type === 3
      ? data
          .field('values')
          .list({ min: 1, max: 25 })
          .map((value) => value.text())
      : [];
  const isOffered = values.every((value) => optionsOf(component).includes(value));
  if (message.author.id !== base.applicationId || component?.type !== type || !isOffered) {
    throw invalidForm('data', {
      code: 'COMPONENT_VALIDATION_FAILED',
      message: 'Component validation failed',
    });
  }
  return { ...base, type: 'button', message, customId, values };
}

function readModal(form: Form, base: Base, { listener, player }: InteractionSources): Interaction {
  const data = form.field('data');
  const openedBy = data.field('id').snowflake();
  const customId = data.field('custom_id').text({ min: 1, max: 100 });
  const fields = new Map<string, string>();
  for (const row of data.field('components').list({ min: 1, max: 5 })) {
    for (const input of row.field('components').list({ min: 1, max: 1 })) {
      fields.set(input.field('custom_id').text(), input.field('value').text({ max: 4000 }));
    }
  }
  const isOpen = player.hasOpenedForm(openedBy) || listener.hasOpenModal(openedBy, base.account.user.user.id);
  if (!isOpen) throw unknownInteraction();
  return { ...base, type: 'modal', openedBy, customId, fields };
}

/** The component of a message with this custom id, at any depth, unless it is disabled. */
function findComponent(component: unknown, customId: string): Record<string, unknown> | undefined {
  if (Array.isArray(component)) {
    for (const each of component) {
      const found = findComponent(each, customId);
      if (found) return found;
    }
    return undefined;
  }
  if (!isRecord(component)) return undefined;
  if (component.custom_id === customId && component.disabled !== true) return component;
  return findComponent(component.components, customId) ?? findComponent(component.accessory, customId);
}

/** The values that a select menu offers. */
function optionsOf(component: Record<string, unknown> | undefined): unknown[] {
  const options = Array.isArray(component?.options) ? component.options : [];
  return options.map((option) => (isRecord(option) ? option.value : undefined));
}

/** The files named in a request, by the ids that it gives them. */
export function readAttachments(form: Form, channelId: string, uploads: Uploads): Map<string, Upload> {
  const found = new Map<string, Upload>();
  for (const attachment of form.list({ max: 10 })) {
    const upload = uploads.find(channelId, attachment.field('uploaded_filename').text());
    if (!upload) throw uploadNotFound();
    const filename = attachment.field('filename').optionalText() ?? upload.filename;
    found.set(String(attachment.field('id').integer()), { ...upload, filename });
  }
  return found;
}

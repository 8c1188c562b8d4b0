import type { Account } from '../accounts.ts';
import type { Gateway } from '../discord/gateway.ts';
import type { ButtonInteraction, ModalInteraction } from '../discord/interaction.ts';
import type { ActionRow, InteractionMetadata, Message, TextInput } from '../discord/model.ts';
import { midjourneyBot } from './identity.ts';
import { metadataOf } from './job-plan.ts';
import type { Job } from './jobs.ts';
import type { Frames, RegionFrame } from './pages/frames.ts';

/** A form with one field for a prompt, and the job that it makes. */
export interface Form {
  title: string;
  customId: string;
  field: string;
  label: string;
  /** The initial text of the field. */
  value: string;
  /** `more` is what every job of the form has: what it replies to, and how it came about. */
  submit: (interaction: ModalInteraction, text: string, more: Partial<Job>) => void;
}

interface OpenModal {
  form: Form;
  message: Message;
  openedBy: InteractionMetadata;
}

interface OpeningInteraction {
  id: string;
  nonce: string | undefined;
  applicationId?: string;
}

const maxOpen = 1_000;

/** The modals that are open on users' screens. Only the user's own sessions receive them. */
export class Modals {
  readonly #opened = new Map<string, OpenModal>();
  readonly #gateway: Gateway;
  readonly #frames: Frames;

  constructor(gateway: Gateway, frames: Frames) {
    this.#gateway = gateway;
    this.#frames = frames;
  }

  open(interaction: ButtonInteraction, form: Form): void {
    const { id, nonce, account, channelId, guildId, message } = interaction;
    const user = account.user.user;
    this.#opened.set(id, { form, message, openedBy: metadataOf(interaction) });
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= maxOpen) break;
      this.#opened.delete(oldest);
    }
    const input: TextInput = {
      type: 4,
      custom_id: form.field,
      label: form.label,
      style: 2,
      value: form.value,
      required: true,
      min_length: 1,
      max_length: 4000,
    };
    const components: ActionRow<TextInput>[] = [{ type: 1, components: [input] }];
    this.#gateway.publish({
      type: 'INTERACTION_MODAL_CREATE',
      guildId,
      data: {
        id,
        nonce: nonce ?? null,
        channel_id: channelId,
        application: applicationOf(interaction.applicationId),
        custom_id: form.customId,
        title: form.title,
        components,
      },
      onlyFor: user.id,
      about: { accountUserId: user.id },
    });
  }

  /** Opens the editor in which a region is marked and described. */
  openEditor(frame: RegionFrame): void {
    const { interaction } = frame;
    this.#openFrame(interaction.account, interaction, {
      title: 'Editor',
      page: 'inpaint',
      token: this.#frames.openEditor(frame),
    });
  }

  /** Asks the account's owner to show that they are human. */
  openHumanCheck(account: Account, interaction: OpeningInteraction): void {
    this.#openFrame(account, interaction, {
      title: 'Action required to continue',
      page: 'captcha',
      token: this.#frames.openHumanCheck(account),
    });
  }

  /** Opens a web page in a frame. */
  #openFrame(
    account: Account,
    interaction: OpeningInteraction,
    { title, page, token }: { title: string; page: 'captcha' | 'inpaint'; token: string },
  ): void {
    // Both kinds of frame have this form, by which pages and public clients find them.
    const customId = `MJ::iframe::${token}`;
    const applicationId = interaction.applicationId ?? midjourneyBot('').id;
    this.#gateway.publish({
      type: 'INTERACTION_IFRAME_MODAL_CREATE',
      guildId: account.guildId,
      data: {
        id: interaction.id,
        nonce: interaction.nonce ?? null,
        channel_id: account.channelId,
        application: applicationOf(applicationId),
        custom_id: customId,
        title,
        iframe_path: `/.proxy/${page}/index.html?custom_id=${customId}`,
        modal_size: 3,
      },
      onlyFor: account.user.user.id,
      about: { accountUserId: account.user.user.id },
    });
  }

  isOpen(interactionId: string, userId: string): boolean {
    return this.#opened.get(interactionId)?.openedBy.user.id === userId;
  }

  take(interactionId: string): OpenModal | undefined {
    const modal = this.#opened.get(interactionId);
    this.#opened.delete(interactionId);
    return modal;
  }
}

function applicationOf(applicationId: string) {
  const bot = midjourneyBot(applicationId);
  return { id: bot.id, name: bot.username, description: '', icon: bot.avatar, bot };
}

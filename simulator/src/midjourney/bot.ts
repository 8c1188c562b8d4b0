import type { Account } from '../accounts.ts';
import type { ChannelFeed } from '../discord/channel-feed.ts';
import type { DirectChannels } from '../discord/direct-channels.ts';
import type { Gateway } from '../discord/gateway.ts';
import type {
  CommandInteraction,
  Interaction,
  InteractionListener,
  ModalInteraction,
} from '../discord/interaction.ts';
import type { Message } from '../discord/model.ts';
import { Answers } from './answers.ts';
import { ButtonPresses } from './button-presses.ts';
import { blendGrid, quadrant, regionGrid } from './derive-picture.ts';
import { Forms } from './forms.ts';
import { metadataOf, newSeed, openJob, planFor, regionOf, subjectOf } from './job-plan.ts';
import { Modals } from './modals.ts';
import type { Frames } from './pages/frames.ts';
import type { Region } from './pages/web-pages.ts';
import { Preferences } from './preferences.ts';
import { parsePrompt } from './prompt.ts';
import { isRefusal, refusals } from './refusals.ts';
import { Seeds } from './seeds.ts';
import { Submissions, type SubmissionsOptions } from './submissions.ts';
import { TextCommands, type TextCommandsOptions, textOption } from './text-commands.ts';

export interface MidjourneyBotOptions extends SubmissionsOptions, TextCommandsOptions {
  feed: ChannelFeed;
  gateway: Gateway;
  directChannels: DirectChannels;
  frames: Frames;
}

/** The Midjourney Bot (and niji): what it does when its commands are sent and its buttons pressed. */
export class MidjourneyBot implements InteractionListener {
  readonly #options: MidjourneyBotOptions;
  readonly #answers: Answers;
  readonly #modals: Modals;
  readonly #submissions: Submissions;
  readonly #presses: ButtonPresses;
  readonly #texts: TextCommands;
  readonly #preferences: Preferences;
  readonly #seeds: Seeds;

  constructor(options: MidjourneyBotOptions) {
    this.#options = options;
    this.#answers = new Answers(options);
    this.#modals = new Modals(options.gateway, options.frames);
    this.#submissions = new Submissions(options, this.#answers, this.#modals);
    this.#texts = new TextCommands(options, this.#answers, this.#submissions);
    this.#preferences = new Preferences(options, this.#answers);
    this.#presses = new ButtonPresses({
      jobs: options.jobs,
      studio: options.studio,
      answers: this.#answers,
      modals: this.#modals,
      submissions: this.#submissions,
      forms: new Forms(this.#submissions),
      texts: this.#texts,
      preferences: this.#preferences,
    });
    this.#seeds = new Seeds(options);
  }

  handle(interaction: Interaction): void {
    switch (interaction.type) {
      case 'command':
        this.#command(interaction);
        return;
      case 'button':
        this.#presses.press(interaction);
        return;
      case 'modal':
        this.#modal(interaction);
        return;
    }
  }

  hasOpenModal(interactionId: string, userId: string): boolean {
    return this.#modals.isOpen(interactionId, userId);
  }

  reacted(message: Message, emoji: string, account: Account): void {
    this.#seeds.reacted(message, emoji, account);
  }

  /** Asks the account's owner to show that they are human (INTERACTION_IFRAME_MODAL_CREATE). */
  raiseHumanCheck(account: Account): void {
    this.#modals.openHumanCheck(account, { id: this.#options.newId(), nonce: undefined });
  }

  /** Draws what the editor sent. Its frame was the answer to the press, so the messages have no nonce. */
  drawRegion({ interaction, parent, mask, prompt }: Region): void {
    this.#submissions.drawText(
      { ...interaction, nonce: undefined },
      regionOf(parent),
      prompt,
      (read, seed) => {
        const changed = read.echo !== parent.echoedPrompt;
        return {
          remixed: changed && interaction.account.remix,
          picture: regionGrid(quadrant(parent.picture, 1), mask, changed ? subjectOf(read) : undefined, seed),
        };
      },
    );
  }

  #command(interaction: CommandInteraction): void {
    switch (interaction.name) {
      case 'imagine':
        this.#submissions.imagine(interaction, textOption(interaction, 'prompt'));
        return;
      case 'blend':
        this.#blend(interaction);
        return;
      case 'describe':
        this.#texts.describeGiven(interaction);
        return;
      case 'shorten':
        this.#texts.shorten(interaction, textOption(interaction, 'prompt'));
        return;
      case 'show':
        void this.#texts.show(interaction, textOption(interaction, 'job_id').trim());
        return;
      default:
        this.#preferences.command(interaction);
    }
  }

  #blend(interaction: CommandInteraction): void {
    const images = [...interaction.options.values()].filter((value) => typeof value === 'object');
    const raw = textOption(interaction, 'dimensions');
    const links = images.map(({ sha256 }) => `https://cdn.discordapp.com/${sha256}.png`);
    const prompt = parsePrompt([...links, raw].join(' '), this.#submissions.readingFor(interaction, raw));
    const plan = planFor('blend', raw, prompt);
    if (isRefusal(prompt) || images.some(({ width }) => width === undefined)) {
      const refusal = isRefusal(prompt) ? prompt : refusals.imageDenied();
      this.#answers.refuse(interaction, openJob(interaction, plan), refusal);
      return;
    }
    const seed = newSeed();
    const hashes = images.map(({ sha256 }) => sha256);
    const picture = blendGrid(hashes, seed, this.#submissions.sidesOf(prompt));
    this.#submissions.draw(interaction, { ...plan, seed, picture });
  }

  #modal(interaction: ModalInteraction): void {
    const modal = this.#modals.take(interaction.openedBy);
    if (!modal) return;
    const { form, message, openedBy } = modal;
    const [text = ''] = interaction.fields.values();
    form.submit(interaction, text, {
      parentMessageId: message.id,
      interaction: metadataOf(interaction, openedBy),
    });
  }
}

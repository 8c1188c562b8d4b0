import type { Account } from '../accounts.ts';
import type { ChannelFeed } from '../discord/channel-feed.ts';
import type { DirectChannels } from '../discord/direct-channels.ts';
import type { Gateway } from '../discord/gateway.ts';
import type {
  ButtonInteraction,
  CommandInteraction,
  Interaction,
  InteractionListener,
  ModalInteraction,
} from '../discord/interaction.ts';
import type { Message } from '../discord/model.ts';
import { Answers } from './answers.ts';
import { markFavourite } from './buttons.ts';
import { type Press, parseCustomId } from './custom-ids.ts';
import { type DerivingPress, type DrawnJob, derive, isDrawn } from './derivations.ts';
import { blendGrid, quadrant, regionGrid } from './derive-picture.ts';
import { Forms } from './forms.ts';
import { metadataOf, newSeed, openJob, planFor, subjectOf } from './job-plan.ts';
import { isOpen, type Job } from './jobs.ts';
import { type Form, Modals } from './modals.ts';
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
  readonly #forms: Forms;
  readonly #texts: TextCommands;
  readonly #preferences: Preferences;
  readonly #seeds: Seeds;

  constructor(options: MidjourneyBotOptions) {
    this.#options = options;
    this.#answers = new Answers(options);
    this.#modals = new Modals(options.gateway, options.frames);
    this.#submissions = new Submissions(options, this.#answers, this.#modals);
    this.#forms = new Forms(this.#submissions);
    this.#texts = new TextCommands(options, this.#answers, this.#submissions);
    this.#preferences = new Preferences(options, this.#answers);
    this.#seeds = new Seeds(options);
  }

  handle(interaction: Interaction): void {
    switch (interaction.type) {
      case 'command':
        this.#command(interaction);
        return;
      case 'button':
        this.#button(interaction);
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

  #button(interaction: ButtonInteraction): void {
    const press = parseCustomId(interaction.customId);
    if (!press) {
      this.#refuseButton(interaction, 'imagine');
      return;
    }
    switch (press.press) {
      case 'setting':
        this.#preferences.press(interaction, press.setting);
        return;
      case 'cancel':
        this.#cancel(interaction, press.hash);
        return;
      case 'imagine_text':
        this.#imagineText(interaction, press);
        return;
      case 'describe_again':
        this.#texts.describeAgain(interaction, this.#jobUnder(interaction)?.described);
        return;
      case 'appeal':
        this.#drawAgain(interaction, { appealed: true });
        return;
      case 'moderation':
        this.#answerModeration(interaction, press.choice);
        return;
      case 'show_human':
        interaction.account.condition = { kind: 'ready' };
        this.#answers.change(interaction, interaction.message, { components: [] });
        return;
      default:
        this.#onPicture(interaction, press);
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

  #onPicture(interaction: ButtonInteraction, press: Extract<Press, { hash: string }>): void {
    const parent = this.#options.jobs.get(press.hash);
    if (!isDrawn(parent)) {
      this.#refuseButton(interaction, jobKindOf(press));
      return;
    }
    switch (press.press) {
      case 'custom_zoom':
        this.#open(interaction, this.#forms.customZoom(parent));
        return;
      case 'region':
        this.#openEditor(interaction, parent);
        return;
      case 'bookmark':
        parent.bookmarked = !parent.bookmarked;
        this.#options.studio.save(parent);
        this.#answers.change(interaction, interaction.message, {
          components: markFavourite(interaction.message.components, parent.id, parent.bookmarked),
        });
        return;
      case 'cancel':
        return;
      default:
        this.#derive(interaction, press, parent);
    }
  }

  #openEditor(interaction: ButtonInteraction, parent: DrawnJob): void {
    const { prompt, echoedPrompt, version } = parent;
    const job = openJob(interaction, { ...regionOf(parent), prompt, echoedPrompt, version });
    if (this.#submissions.mayAct(interaction, job)) this.#modals.openEditor({ interaction, parent });
  }

  #derive(interaction: ButtonInteraction, press: DerivingPress, parent: DrawnJob): void {
    const { account, message } = interaction;
    const form = account.remix && this.#forms.forRemix(press, parent, message.id, account);
    if (form) {
      this.#open(interaction, form);
      return;
    }
    const plan = derive(press, parent, newSeed(), account);
    if (!plan) {
      this.#refuseButton(interaction, jobKindOf(press));
      return;
    }
    this.#answers.mark(interaction);
    this.#submissions.draw(interaction, plan);
  }

  #open(interaction: ButtonInteraction, form: Form): void {
    this.#answers.acknowledge(interaction);
    this.#modals.open(interaction, form);
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

  /** Acknowledging a moderator's message ends the block; the prompt that met it is drawn only when resubmitted. */
  #answerModeration(interaction: ButtonInteraction, choice: 'acknowledge' | 'resubmit'): void {
    if (choice === 'resubmit') {
      this.#drawAgain(interaction);
      return;
    }
    interaction.account.condition = { kind: 'ready' };
    this.#answers.change(interaction, interaction.message, { components: [] });
  }

  /** The prompt that was refused, once more. */
  #drawAgain(interaction: ButtonInteraction, more: Partial<Job> = {}): void {
    const refused = this.#jobUnder(interaction);
    if (!refused) {
      this.#refuseButton(interaction, 'imagine');
      return;
    }
    this.#answers.mark(interaction);
    this.#submissions.imagine(interaction, refused.prompt, { ...more, parentJobId: refused.id });
  }

  #cancel(interaction: ButtonInteraction, hash: string): void {
    const job = this.#options.jobs.get(hash);
    if (!job || !isOpen(job) || job.accountUserId !== interaction.account.user.user.id) {
      this.#refuseButton(interaction, job?.kind ?? 'imagine');
      return;
    }
    this.#answers.acknowledge(interaction);
    this.#options.studio.cancel(job);
  }

  #imagineText(interaction: ButtonInteraction, { of, number }: TextPress): void {
    const source = this.#jobUnder(interaction);
    const chosen = number === 'all' ? source?.texts : source?.texts?.slice(number - 1, number);
    const [first, ...others] = chosen ?? [];
    if (!source || first === undefined) {
      this.#refuseButton(interaction, 'imagine');
      return;
    }
    const { message, account } = interaction;
    if (number !== 'all' && of === 'description') {
      this.#open(interaction, this.#forms.described(number, first, source.id));
      return;
    }
    if (number !== 'all' && account.remix) {
      this.#open(interaction, this.#forms.shortened(message.id, first, source.id));
      return;
    }
    this.#answers.mark(interaction);
    const more = { parentJobId: source.id };
    this.#submissions.imagine(interaction, first, more);
    // Only the first message is the interaction's answer and has its nonce.
    for (const text of others) this.#submissions.imagine({ ...interaction, nonce: undefined }, text, more);
  }

  /** A button that finds its job gone is recorded all the same. */
  #refuseButton(interaction: ButtonInteraction, kind: Job['kind']): void {
    const known = this.#jobUnder(interaction);
    const job = openJob(interaction, {
      kind,
      prompt: known?.prompt ?? '',
      echoedPrompt: known?.echoedPrompt ?? '',
      version: known?.version ?? '',
      parentJobId: known?.id,
    });
    this.#answers.refuse(interaction, job, refusals.jobUnknown());
  }

  #jobUnder({ message }: ButtonInteraction): Job | undefined {
    return this.#options.jobs.get(message.jobId ?? '');
  }
}

type TextPress = Extract<Press, { press: 'imagine_text' }>;

/** A region that is drawn again is a variation of one picture. */
function regionOf({ id }: DrawnJob) {
  return { kind: 'solo_variation', detail: 'region', index: 1, parentJobId: id } as const;
}

/** The kind of job that a press on a picture would have made. */
function jobKindOf({ press }: Extract<Press, { hash: string }>): Job['kind'] {
  if (press === 'custom_zoom' || press === 'make_square') return 'zoom';
  if (press === 'region') return 'solo_variation';
  return press === 'bookmark' || press === 'cancel' ? 'imagine' : press;
}

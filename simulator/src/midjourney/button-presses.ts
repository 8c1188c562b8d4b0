import type { ButtonInteraction } from '../discord/interaction.ts';
import type { Answers } from './answers.ts';
import { markFavourite } from './buttons.ts';
import { type Press, parseCustomId } from './custom-ids.ts';
import { type DerivingPress, type DrawnJob, derive, isDrawn } from './derivations.ts';
import type { Forms } from './forms.ts';
import { newSeed, openJob, regionOf } from './job-plan.ts';
import { isOpen, type Job, type Jobs } from './jobs.ts';
import type { Form, Modals } from './modals.ts';
import type { Preferences } from './preferences.ts';
import { refusals } from './refusals.ts';
import type { Studio } from './studio.ts';
import type { Submissions } from './submissions.ts';
import type { TextCommands } from './text-commands.ts';

export interface ButtonPressesContext {
  jobs: Jobs;
  studio: Studio;
  answers: Answers;
  modals: Modals;
  submissions: Submissions;
  forms: Forms;
  texts: TextCommands;
  preferences: Preferences;
}

type TextPress = Extract<Press, { press: 'imagine_text' }>;

/** What the bot does when one of its buttons is pressed. */
export class ButtonPresses {
  readonly #context: ButtonPressesContext;

  constructor(context: ButtonPressesContext) {
    this.#context = context;
  }

  press(interaction: ButtonInteraction): void {
    const press = parseCustomId(interaction.customId);
    if (!press) {
      this.#refuseButton(interaction, 'imagine');
      return;
    }
    switch (press.press) {
      case 'setting':
        this.#context.preferences.press(interaction, press.setting);
        return;
      case 'cancel':
        this.#cancel(interaction, press.hash);
        return;
      case 'imagine_text':
        this.#imagineText(interaction, press);
        return;
      case 'describe_again':
        this.#context.texts.describeAgain(interaction, this.#jobUnder(interaction)?.described);
        return;
      case 'appeal':
        this.#drawAgain(interaction, { appealed: true });
        return;
      case 'moderation':
        this.#answerModeration(interaction, press.choice);
        return;
      case 'show_human':
        interaction.account.condition = { kind: 'ready' };
        this.#context.answers.change(interaction, interaction.message, { components: [] });
        return;
      default:
        this.#onPicture(interaction, press);
    }
  }

  #onPicture(interaction: ButtonInteraction, press: Extract<Press, { hash: string }>): void {
    const parent = this.#context.jobs.get(press.hash);
    if (!isDrawn(parent)) {
      this.#refuseButton(interaction, jobKindOf(press));
      return;
    }
    switch (press.press) {
      case 'custom_zoom':
        this.#open(interaction, this.#context.forms.customZoom(parent));
        return;
      case 'region':
        this.#openEditor(interaction, parent);
        return;
      case 'bookmark':
        parent.bookmarked = !parent.bookmarked;
        this.#context.studio.save(parent);
        this.#context.answers.change(interaction, interaction.message, {
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
    if (this.#context.submissions.mayAct(interaction, job))
      this.#context.modals.openEditor({ interaction, parent });
  }

  #derive(interaction: ButtonInteraction, press: DerivingPress, parent: DrawnJob): void {
    const { account, message } = interaction;
    const form = account.remix && this.#context.forms.forRemix(press, parent, message.id, account);
    if (form) {
      this.#open(interaction, form);
      return;
    }
    const plan = derive(press, parent, newSeed(), account);
    if (!plan) {
      this.#refuseButton(interaction, jobKindOf(press));
      return;
    }
    this.#context.answers.mark(interaction);
    this.#context.submissions.draw(interaction, plan);
  }

  #open(interaction: ButtonInteraction, form: Form): void {
    this.#context.answers.acknowledge(interaction);
    this.#context.modals.open(interaction, form);
  }

  /** Acknowledging a moderator's message ends the block; the prompt that met it is drawn only when resubmitted. */
  #answerModeration(interaction: ButtonInteraction, choice: 'acknowledge' | 'resubmit'): void {
    if (choice === 'resubmit') {
      this.#drawAgain(interaction);
      return;
    }
    interaction.account.condition = { kind: 'ready' };
    this.#context.answers.change(interaction, interaction.message, { components: [] });
  }

  /** The prompt that was refused, once more. */
  #drawAgain(interaction: ButtonInteraction, more: Partial<Job> = {}): void {
    const refused = this.#jobUnder(interaction);
    if (!refused) {
      this.#refuseButton(interaction, 'imagine');
      return;
    }
    this.#context.answers.mark(interaction);
    this.#context.submissions.imagine(interaction, refused.prompt, { ...more, parentJobId: refused.id });
  }

  #cancel(interaction: ButtonInteraction, hash: string): void {
    const job = this.#context.jobs.get(hash);
    if (!job || !isOpen(job) || job.accountUserId !== interaction.account.user.user.id) {
      this.#refuseButton(interaction, job?.kind ?? 'imagine');
      return;
    }
    this.#context.answers.acknowledge(interaction);
    this.#context.studio.cancel(job);
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
      this.#open(interaction, this.#context.forms.described(number, first, source.id));
      return;
    }
    if (number !== 'all' && account.remix) {
      this.#open(interaction, this.#context.forms.shortened(message.id, first, source.id));
      return;
    }
    this.#context.answers.mark(interaction);
    const more = { parentJobId: source.id };
    this.#context.submissions.imagine(interaction, first, more);
    // Only the first message is the interaction's answer and has its nonce.
    for (const text of others)
      this.#context.submissions.imagine({ ...interaction, nonce: undefined }, text, more);
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
    this.#context.answers.refuse(interaction, job, refusals.jobUnknown());
  }

  #jobUnder({ message }: ButtonInteraction): Job | undefined {
    return this.#context.jobs.get(message.jobId ?? '');
  }
}

/** The kind of job that a press on a picture would have made. */
function jobKindOf({ press }: Extract<Press, { hash: string }>): Job['kind'] {
  if (press === 'custom_zoom' || press === 'make_square') return 'zoom';
  if (press === 'region') return 'solo_variation';
  return press === 'bookmark' || press === 'cancel' ? 'imagine' : press;
}

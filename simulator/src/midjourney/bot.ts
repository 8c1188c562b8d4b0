import { randomInt, randomUUID } from 'node:crypto';
import type { Account } from '../accounts.ts';
import type { ChannelFeed } from '../discord/channel-feed.ts';
import type { Gateway } from '../discord/gateway.ts';
import type {
  ButtonInteraction,
  CommandInteraction,
  Interaction,
  InteractionListener,
  ModalInteraction,
} from '../discord/interaction.ts';
import { type InteractionMetadata, type Message, MessageFlag, MessageType } from '../discord/model.ts';
import type { NewSnowflake } from '../discord/snowflake.ts';
import type { Upload, Uploads } from '../discord/uploads.ts';
import type { Faults } from '../faults.ts';
import type { Picture } from '../pictures/pictures.ts';
import { accountInfo } from './account-info.ts';
import {
  describeButtons,
  type Press,
  parseCustomId,
  resultButtons,
  settingsButtons,
  shortenButtons,
} from './buttons.ts';
import {
  blendGrid,
  drawGrid,
  panGrid,
  quadrant,
  redrawn,
  sidesFor,
  upscaled,
  varyGrid,
  zoomGrid,
} from './derive-picture.ts';
import { midjourneyBot, NIJI_ID } from './identity.ts';
import { finalText } from './job-text.ts';
import { isOpen, type Job, type Jobs } from './jobs.ts';
import { Modals } from './modals.ts';
import { bannedWord, fateOf } from './moderation.ts';
import { isRefusal, type Prompt, parsePrompt, shortLink } from './prompt.ts';
import { describeImage, numberedList, shortenPrompt } from './read-image.ts';
import { type Refusal, refusals } from './refusals.ts';
import type { Studio } from './studio.ts';

export interface MidjourneyBotOptions {
  jobs: Jobs;
  studio: Studio;
  feed: ChannelFeed;
  gateway: Gateway;
  faults: Faults;
  uploads: Uploads;
  newId: NewSnowflake;
  imageSize: number;
  drawMs: number;
  /** Whether a link in a prompt leads to an image. */
  linkWorks: (url: string) => boolean;
  log: (line: string) => void;
}

/** What a job is before it is known how it ends; the rest is filled in by `open`. */
type JobPlan = Pick<Job, 'kind' | 'prompt' | 'echoedPrompt' | 'version'> & Partial<Job>;

/** The Midjourney Bot (and niji): what it does when its commands are sent and its buttons pressed. */
export class MidjourneyBot implements InteractionListener {
  private readonly options: MidjourneyBotOptions;
  private readonly modals: Modals;

  constructor(options: MidjourneyBotOptions) {
    this.options = options;
    this.modals = new Modals(options.gateway);
  }

  handle(interaction: Interaction): void {
    switch (interaction.type) {
      case 'command':
        this.command(interaction);
        return;
      case 'button':
        this.button(interaction);
        return;
      case 'modal':
        this.modal(interaction);
        return;
    }
  }

  hasOpenModal(interactionId: string, userId: string): boolean {
    return this.modals.isOpen(interactionId, userId);
  }

  /** Asks the account's owner to show that they are human (INTERACTION_IFRAME_MODAL_CREATE). */
  raiseHumanCheck(account: Account, interaction?: { id: string; nonce: string | undefined }): void {
    this.modals.openFrame(account, interaction ?? { id: this.options.newId(), nonce: undefined }, {
      title: 'Action required to continue',
      customId: 'MJ::iframe::captcha',
    });
  }

  private command(interaction: CommandInteraction): void {
    switch (interaction.name) {
      case 'imagine':
        this.imagine(interaction, textOption(interaction, 'prompt'), {});
        return;
      case 'blend':
        this.blend(interaction);
        return;
      case 'describe': {
        const image = interaction.options.get('image');
        if (typeof image === 'object') this.describe(interaction, image);
        return;
      }
      case 'shorten':
        this.shorten(interaction, textOption(interaction, 'prompt'));
        return;
      case 'show':
        return void this.show(interaction, textOption(interaction, 'job_id').trim());
      case 'info':
        this.info(interaction);
        return;
      case 'settings':
        this.settings(interaction);
        return;
    }
  }

  private button(interaction: ButtonInteraction): void {
    const press = parseCustomId(interaction.customId);
    if (!press) {
      this.refuseButton(interaction, refusals.jobUnknown());
      return;
    }
    switch (press.press) {
      case 'setting':
        this.changeSetting(interaction, press.setting);
        return;
      case 'cancel':
        this.cancel(interaction, press.hash);
        return;
      case 'imagine_text':
      case 'describe_again':
        this.fromTexts(interaction, press);
        return;
      default:
        this.onPicture(interaction, press);
        return;
    }
  }

  private imagine(interaction: Interaction, raw: string, more: Partial<Job>): void {
    const prompt = this.readPrompt(interaction, raw);
    const plan: JobPlan = { kind: 'imagine', prompt: raw, ...echoOf(prompt, raw), ...more };
    if (isRefusal(prompt)) {
      this.refuse(interaction, this.open(interaction, plan), prompt);
      return;
    }
    const seed = prompt.seed ?? newSeed();
    const sides = sidesFor(prompt.aspect, this.options.imageSize);
    this.draw(interaction, {
      ...plan,
      ...manner(prompt),
      seed,
      picture: drawGrid(subject(prompt), seed, sides),
    });
  }

  private blend(interaction: CommandInteraction): void {
    const images = [...interaction.options.values()].filter((value) => typeof value === 'object');
    const dimensions = interaction.options.get('dimensions');
    const raw = typeof dimensions === 'string' ? dimensions : '';
    const links = images.map(({ sha256 }) => `https://cdn.discordapp.com/${sha256}.png`);
    const prompt = parsePrompt([...links, raw].join(' '), versionFor(interaction));
    const plan: JobPlan = { kind: 'blend', prompt: raw, ...echoOf(prompt, raw) };
    if (isRefusal(prompt)) {
      this.refuse(interaction, this.open(interaction, plan), prompt);
      return;
    }
    if (images.some(({ width }) => width === undefined)) {
      this.refuse(interaction, this.open(interaction, plan), refusals.imageDenied());
      return;
    }
    const seed = newSeed();
    const sides = sidesFor(prompt.aspect, this.options.imageSize);
    const hashes = images.map(({ sha256 }) => sha256);
    this.draw(interaction, { ...plan, ...manner(prompt), seed, picture: blendGrid(hashes, seed, sides) });
  }

  private onPicture(
    interaction: ButtonInteraction,
    press: Exclude<Press, { press: 'setting' | 'cancel' | 'imagine_text' | 'describe_again' }>,
  ): void {
    const parent = this.options.jobs.get(press.hash);
    if (parent?.state !== 'done' || !parent.picture) {
      this.refuseButton(interaction, refusals.jobUnknown());
      return;
    }
    const index = 'index' in press ? press.index : 1;
    const cell = quadrant(parent.picture, index);
    const seed = newSeed();
    const { remix } = interaction.account;
    switch (press.press) {
      case 'pick':
        this.derive(interaction, parent, { kind: 'pick', index, picture: cell });
        return;
      case 'variation':
        if (remix) {
          this.askRemix(interaction, parent, index, 'plain');
          return;
        }
        this.derive(interaction, parent, {
          kind: 'variation',
          index,
          seed,
          picture: varyGrid(cell, 'plain', seed),
        });
        return;
      case 'solo_variation':
        if (remix) {
          this.askRemix(interaction, parent, index, press.strength, true);
          return;
        }
        this.derive(interaction, parent, {
          kind: 'solo_variation',
          detail: press.strength,
          seed,
          picture: varyGrid(cell, press.strength, seed),
        });
        return;
      case 'reroll':
        this.derive(interaction, parent, {
          kind: 'reroll',
          seed,
          picture: redrawn(parent.picture, seed),
        });
        return;
      case 'upscale':
        this.derive(interaction, parent, {
          kind: 'upscale',
          detail: interaction.customId.includes('upsample_max') ? 'max' : press.style,
          picture: upscaled(cell, press.style),
        });
        return;
      case 'zoom':
        this.derive(interaction, parent, {
          kind: 'zoom',
          detail: press.factor === 2 ? '2x' : '1.5x',
          seed,
          picture: zoomGrid(cell, press.factor, seed),
        });
        return;
      case 'pan':
        this.derive(interaction, parent, {
          kind: 'pan',
          detail: press.direction,
          seed,
          picture: panGrid(cell, press.direction, seed),
        });
        return;
      case 'animate':
        this.derive(interaction, parent, {
          kind: 'animate',
          detail: press.motion,
          media: 'video',
          seed,
          picture: cell,
          // Videos name the picture by its link; nothing of its prompt is left.
          echoedPrompt: `${shortLink(`https://cdn.midjourney.com/${parent.id}/0_0.png`)} --motion ${press.motion} --video 1`,
        });
        return;
      case 'custom_zoom':
        this.modals.open(
          interaction,
          { asks: 'zoom', jobId: parent.id, message: interaction.message },
          {
            title: 'Zoom Out',
            customId: `MJ::OutpaintCustomZoomModal::${parent.id}`,
            field: 'MJ::OutpaintCustomZoomModal::prompt',
            label: 'Custom Zoom Prompt',
            value: `${parent.echoedPrompt} --zoom 2`,
          },
        );
        return;
      case 'region':
        this.modals.openFrame(interaction.account, interaction, {
          title: 'Editor',
          customId: 'MJ::iframe::editor',
        });
        return;
      case 'bookmark':
        this.bookmark(interaction, parent);
        return;
    }
  }

  private askRemix(
    interaction: ButtonInteraction,
    parent: Job,
    index: number,
    strength: 'subtle' | 'strong' | 'plain',
    solo = false,
  ): void {
    this.modals.open(
      interaction,
      { asks: 'remix', jobId: parent.id, message: interaction.message, index, strength, solo },
      {
        title: 'Remix Prompt',
        customId: `MJ::RemixModal::${parent.id}::${index}::1`,
        field: 'MJ::RemixModal::new_prompt',
        label: 'New Prompt for Image',
        value: parent.echoedPrompt,
      },
    );
  }

  private modal(interaction: ModalInteraction): void {
    const modal = this.modals.take(interaction.openedBy);
    const parent = modal && this.options.jobs.get(modal.jobId);
    if (!modal || !parent?.picture) return;
    const raw = [...interaction.fields.values()][0] ?? '';
    const metadata = metadataOf(interaction, { triggeredBy: modal.openedBy });
    const base = { parentMessageId: modal.message.id, parentJobId: parent.id, interaction: metadata };
    const cell = quadrant(parent.picture, modal.asks === 'remix' ? modal.index : 1);
    const prompt = this.readPrompt(interaction, raw, modal.asks === 'zoom');
    const kind =
      modal.asks === 'zoom' ? 'zoom' : modal.solo ? ('solo_variation' as const) : ('variation' as const);
    const plan: JobPlan = { kind, prompt: raw, ...echoOf(prompt, raw), ...base };
    if (isRefusal(prompt)) {
      this.refuse(interaction, this.open(interaction, plan), prompt);
      return;
    }
    const seed = prompt.seed ?? newSeed();
    if (modal.asks === 'zoom') {
      const picture = zoomGrid(cell, prompt.zoom ?? 2, seed);
      this.draw(interaction, { ...plan, ...manner(prompt), detail: 'custom', seed, picture });
      return;
    }
    const remixed = prompt.echo !== parent.echoedPrompt;
    this.draw(interaction, {
      ...plan,
      ...manner(prompt),
      ...(modal.solo ? { detail: modal.strength } : {}),
      index: modal.index,
      seed,
      remixed,
      picture: remixed
        ? drawGrid(subject(prompt), seed, sidesFor(prompt.aspect, this.options.imageSize))
        : varyGrid(cell, modal.strength, seed),
    });
  }

  /** A job made of another's picture: it repeats the parent's text, marker and all, under a new hash. */
  private derive(
    interaction: ButtonInteraction,
    parent: Job,
    change: { kind: Job['kind']; picture: Picture } & Partial<Job>,
  ): void {
    this.draw(interaction, {
      prompt: parent.prompt,
      echoedPrompt: parent.echoedPrompt,
      version: parent.version,
      stealth: parent.stealth,
      parentJobId: parent.id,
      ...change,
    });
  }

  private draw(interaction: Interaction, plan: JobPlan): void {
    const job = this.open(interaction, plan);
    if (!this.mayBegin(interaction, job)) return;
    const admission = this.options.studio.submit(job, interaction.account, () => {
      this.acknowledge(interaction);
      this.tellRefusal(interaction, job, refusals.jobQueued());
    });
    if (admission === 'full') this.refuse(interaction, job, refusals.queueFull());
    if (admission === 'drawing') this.acknowledge(interaction);
  }

  /** Whether the account, the faults asked for and the moderation let a job begin; if not, it has ended here. */
  private mayBegin(interaction: Interaction, job: Job): boolean {
    const { condition } = interaction.account;
    if (condition.kind === 'human_check') {
      this.raiseHumanCheck(interaction.account, interaction);
      this.end(job, 'never_started', 'human check');
      return false;
    }
    if (condition.kind === 'refused') {
      this.refuse(interaction, job, refusals.account(condition));
      return false;
    }
    const fault = this.options.faults.strikeJob({
      prompt: job.prompt,
      jobKind: job.kind,
      accounts: [job.accountUserId],
    });
    if (fault?.kind === 'refuse') {
      this.refuse(interaction, job, refusals.account(fault));
      return false;
    }
    const banned = bannedWord(job.prompt);
    if (banned !== undefined) {
      this.refuse(interaction, job, refusals.bannedPrompt(banned));
      return false;
    }
    job.fate = fateOf(job.prompt);
    if (fault?.kind === 'slow') job.drawMs = fault.drawMs;
    else if (fault) job.fate = fault.kind;
    if (job.fate === 'never_start') {
      this.end(job, 'never_started');
      return false;
    }
    return true;
  }

  private describe(interaction: Interaction, upload: Upload, parentJobId?: string): void {
    const job = this.open(interaction, {
      kind: 'describe',
      prompt: '',
      echoedPrompt: '',
      version: '',
      described: upload,
      ...(parentJobId === undefined ? {} : { parentJobId }),
    });
    if (!this.mayBegin(interaction, job)) return;
    this.answerLater(interaction, job, async () => {
      const bytes = await this.options.uploads.bytes(upload.sha256);
      if (!bytes || upload.width === undefined) return refusals.imageDenied();
      job.texts = await describeImage(bytes);
      return {
        embeds: [
          {
            description: numberedList(job.texts),
            image: {
              id: this.options.newId(),
              filename: upload.filename,
              size: upload.size,
              contentType: upload.contentType,
              width: upload.width,
              ...(upload.height === undefined ? {} : { height: upload.height }),
              source: { kind: 'upload', sha256: upload.sha256 },
            },
          },
        ],
        components: describeButtons(),
      };
    });
  }

  private shorten(interaction: Interaction, raw: string): void {
    const prompt = this.readPrompt(interaction, raw);
    const plan: JobPlan = { kind: 'shorten', prompt: raw, ...echoOf(prompt, raw) };
    const job = this.open(interaction, plan);
    if (isRefusal(prompt)) {
      this.refuse(interaction, job, prompt);
      return;
    }
    if (!this.mayBegin(interaction, job)) return;
    this.answerLater(interaction, job, async () => {
      const { important, shorter } = shortenPrompt(prompt.text || prompt.echo);
      job.texts = shorter;
      const tokens = important.map((token) => `**${token}**`).join(', ');
      return {
        embeds: [
          {
            title: 'Shortened prompts',
            description: `## Important tokens\n${tokens}\n\n## Shortened prompts\n${numberedList(shorter)}`,
          },
        ],
        components: shortenButtons(shorter.length),
      };
    });
  }

  /** Answers with an empty, loading message at once and with the content a little later. */
  private answerLater(
    interaction: Interaction,
    job: Job,
    content: () => Promise<Partial<Message> | Refusal>,
  ): void {
    const { studio, feed } = this.options;
    job.state = 'drawing';
    job.startedAt = Date.now();
    this.acknowledge(interaction);
    const draft = { ...this.draftFor(interaction, job), content: '', flags: MessageFlag.loading };
    const message = feed.post(draft, this.contextFor(interaction, job));
    job.messageIds.push(message.id);
    job.finalMessageId = message.id;
    studio.save(job);
    studio.after((job.drawMs ?? this.options.drawMs) / 6, () => {
      content()
        .catch((error): Refusal => {
          this.options.log(`answering ${job.kind} ${job.id} failed: ${error}`);
          return refusals.imageDenied();
        })
        .then((change) => {
          const refused = isRefusal(change);
          const embeds = refused ? { embeds: [refusalEmbed(change, interaction, job)] } : change;
          feed.edit(message, { ...embeds, flags: 0 }, studio.contextOf(job));
          this.end(job, refused ? 'refused' : 'done', refused ? change.title : undefined);
        })
        .catch((error) => this.options.log(`answering ${job.kind} ${job.id} failed: ${error}`));
    });
  }

  private async show(interaction: CommandInteraction, jobId: string): Promise<void> {
    const { jobs, studio, feed } = this.options;
    const shown = jobs.get(jobId);
    const job = this.open(interaction, {
      kind: 'show',
      prompt: jobId,
      echoedPrompt: shown?.echoedPrompt ?? jobId,
      version: shown?.version ?? '',
    });
    if (shown?.state !== 'done' || !shown.picture) {
      return this.refuse(interaction, job, refusals.showUnknown(jobId));
    }
    if (!this.mayBegin(interaction, job)) return;
    const attachment = await studio.resultAttachment(shown, interaction.account.user.user.username);
    this.acknowledge(interaction);
    const message = feed.post(
      {
        ...this.draftFor(interaction, job),
        content: finalText(shown),
        attachments: [attachment],
        components: resultButtons(shown),
        jobId: shown.id,
      },
      this.contextFor(interaction, job),
    );
    job.parentJobId = shown.id;
    job.messageIds.push(message.id);
    job.finalMessageId = message.id;
    this.end(job, 'done');
  }

  private info(interaction: CommandInteraction): void {
    this.answerPrivately(interaction, {
      embeds: [accountInfo(interaction.account, this.options.jobs, this.options.studio)],
    });
  }

  private settings(interaction: CommandInteraction): void {
    this.answerPrivately(interaction, {
      content: 'Adjust your settings here.',
      components: settingsRow(interaction.account),
    });
  }

  private changeSetting(interaction: ButtonInteraction, setting: string): void {
    const { account, message } = interaction;
    if (setting === 'RemixMode') account.remix = !account.remix;
    if (setting === 'FastMode') account.speed = 'fast';
    if (setting === 'RelaxMode') account.speed = 'relaxed';
    if (setting === 'TurboMode') account.speed = 'turbo';
    this.acknowledge(interaction);
    this.options.feed.edit(message, { components: settingsRow(account) }, aboutAccount(account));
  }

  private bookmark(interaction: ButtonInteraction, job: Job): void {
    job.bookmarked = !job.bookmarked;
    this.options.studio.save(job);
    this.acknowledge(interaction);
    this.options.feed.edit(
      interaction.message,
      { components: resultButtons(job) },
      aboutAccount(interaction.account),
    );
  }

  private cancel(interaction: ButtonInteraction, hash: string): void {
    const job = this.options.jobs.get(hash);
    if (!job || !isOpen(job) || job.accountUserId !== interaction.account.user.user.id) {
      this.refuseButton(interaction, refusals.jobUnknown());
      return;
    }
    this.acknowledge(interaction);
    this.options.studio.cancel(job);
  }

  private fromTexts(
    interaction: ButtonInteraction,
    press: Extract<Press, { press: 'imagine_text' | 'describe_again' }>,
  ): void {
    const source = this.options.jobs.get(interaction.message.jobId ?? '');
    if (press.press === 'describe_again' && source?.described) {
      this.describe(interaction, source.described, source.id);
      return;
    }
    const text = press.press === 'imagine_text' ? source?.texts?.[press.number - 1] : undefined;
    if (!source || text === undefined) {
      this.refuseButton(interaction, refusals.jobUnknown());
      return;
    }
    this.imagine(interaction, text, { parentJobId: source.id });
  }

  /** A prompt read and its links looked up. */
  private readPrompt(interaction: Interaction, raw: string, allowZoom = false): Prompt | Refusal {
    const prompt = parsePrompt(raw, { allowZoom, ...versionFor(interaction) });
    if (isRefusal(prompt)) return prompt;
    const broken = prompt.links.find((link) => !this.options.linkWorks(link));
    return broken === undefined ? prompt : refusals.invalidLink(broken);
  }

  private open(interaction: Interaction, plan: JobPlan): Job {
    const { account } = interaction;
    return {
      id: randomUUID(),
      accountUserId: account.user.user.id,
      applicationId: interaction.applicationId,
      guildId: interaction.guildId,
      channelId: interaction.channelId,
      interaction: metadataOf(interaction),
      messageIds: [],
      requestedAt: Date.now(),
      state: 'queued',
      fate: 'finish',
      seed: newSeed(),
      speed: account.speed,
      stealth: false,
      ...(interaction.nonce === undefined ? {} : { nonce: interaction.nonce }),
      ...(interaction.type === 'button' ? { parentMessageId: interaction.message.id } : {}),
      ...plan,
    };
  }

  private end(job: Job, state: Job['state'], detail?: string): void {
    job.state = state;
    job.finishedAt = Date.now();
    if (detail !== undefined) job.detail = detail;
    this.options.studio.save(job);
  }

  private refuse(interaction: Interaction, job: Job, refusal: Refusal): void {
    this.acknowledge(interaction);
    this.tellRefusal(interaction, job, refusal);
    this.end(job, 'refused', refusal.title);
  }

  private tellRefusal(interaction: Interaction, job: Job, refusal: Refusal): void {
    const draft = {
      ...this.draftFor(interaction, job),
      content: '',
      embeds: [refusalEmbed(refusal, interaction, job)],
      ...(refusal.ephemeral ? { onlyFor: job.accountUserId } : {}),
    };
    job.messageIds.push(this.options.feed.post(draft, this.contextFor(interaction, job)).id);
  }

  /** A refusal of a button that made no job: it is recorded all the same. */
  private refuseButton(interaction: ButtonInteraction, refusal: Refusal): void {
    const press = parseCustomId(interaction.customId);
    const known = this.options.jobs.get(interaction.message.jobId ?? '');
    const plan: JobPlan = {
      kind: press ? jobKindOf(press) : 'imagine',
      prompt: known?.prompt ?? '',
      echoedPrompt: known?.echoedPrompt ?? '',
      version: known?.version ?? '',
      ...(known === undefined ? {} : { parentJobId: known.id }),
    };
    this.refuse(interaction, this.open(interaction, plan), refusal);
  }

  /** An ephemeral answer to a command that draws nothing. */
  private answerPrivately(interaction: CommandInteraction, content: Partial<Message>): void {
    const { account, nonce } = interaction;
    const userId = account.user.user.id;
    this.acknowledge(interaction);
    this.options.feed.post(
      {
        channelId: interaction.channelId,
        guildId: interaction.guildId,
        author: midjourneyBot(interaction.applicationId),
        type: MessageType.chatInputCommand,
        content: '',
        interaction: metadataOf(interaction),
        onlyFor: userId,
        ...content,
      },
      { ...aboutAccount(account), ...(nonce === undefined ? {} : { nonce: { userId, nonce } }) },
    );
  }

  private draftFor(interaction: Interaction, job: Job) {
    return {
      channelId: interaction.channelId,
      guildId: interaction.guildId,
      author: midjourneyBot(interaction.applicationId),
      type: job.parentMessageId === undefined ? MessageType.chatInputCommand : MessageType.reply,
      interaction: job.interaction,
      jobId: job.id,
      ...(job.parentMessageId === undefined ? {} : { replyTo: job.parentMessageId }),
    };
  }

  private contextFor(interaction: Interaction, job: Job) {
    const { nonce } = interaction;
    return {
      ...this.options.studio.contextOf(job),
      ...(nonce === undefined ? {} : { nonce: { userId: job.accountUserId, nonce } }),
    };
  }

  /** Tells the user's own sessions that the bot answered. */
  private acknowledge(interaction: Interaction): void {
    this.options.gateway.publish({
      type: 'INTERACTION_SUCCESS',
      guildId: interaction.guildId,
      data: { id: interaction.id, nonce: interaction.nonce ?? null },
      onlyFor: interaction.account.user.user.id,
      about: { accountUserId: interaction.account.user.user.id },
    });
  }
}

/** The kind of job that a press would have made. */
function jobKindOf({ press }: Press): Job['kind'] {
  switch (press) {
    case 'custom_zoom':
      return 'zoom';
    case 'describe_again':
      return 'describe';
    case 'region':
      return 'variation';
    case 'bookmark':
    case 'cancel':
    case 'setting':
    case 'imagine_text':
      return 'imagine';
    default:
      return press;
  }
}

/** What a message tells of the interaction that it answers. */
function metadataOf(
  interaction: Interaction,
  more: { triggeredBy?: InteractionMetadata } = {},
): InteractionMetadata {
  const { id, account } = interaction;
  const user = account.user.user;
  switch (interaction.type) {
    case 'command':
      return { id, type: 2, user, name: interaction.name };
    case 'button':
      return { id, type: 3, user, interactedMessageId: interaction.message.id };
    case 'modal':
      return { id, type: 5, user, ...more };
  }
}

/** Public clients read the footer to know whose refusal it is. */
function refusalEmbed({ title, description, color }: Refusal, interaction: Interaction, job: Job) {
  const embed = { title, description, color };
  if (interaction.type !== 'command') return embed;
  return { ...embed, footer: { text: `/${interaction.name} ${job.prompt}`.trim() } };
}

function settingsRow({ remix, speed }: Account) {
  const speeds = { fast: 'FastMode', relaxed: 'RelaxMode', turbo: 'TurboMode' };
  return settingsButtons(new Set([speeds[speed], ...(remix ? ['RemixMode'] : [])]));
}

function aboutAccount(account: Account) {
  return { about: { accountUserId: account.user.user.id } };
}

function echoOf(prompt: Prompt | Refusal, raw: string): { echoedPrompt: string; version: string } {
  return isRefusal(prompt)
    ? { echoedPrompt: raw.replace(/\s+/g, ' ').trim(), version: '' }
    : { echoedPrompt: prompt.echo, version: prompt.version };
}

function manner({ speed, stealth }: Prompt): Pick<Job, 'stealth'> & Partial<Job> {
  return speed === undefined ? { stealth } : { stealth, speed };
}

/** What is drawn: the text without markers, or the links when there is no text. */
function subject({ text, links }: Prompt): string {
  return text.replace(/<#\d+#>/g, '').trim() || links.join(' ');
}

function versionFor(interaction: Interaction): { defaultVersion?: string } {
  return interaction.applicationId === NIJI_ID ? { defaultVersion: 'niji 6' } : {};
}

function textOption(interaction: CommandInteraction, name: string): string {
  const value = interaction.options.get(name);
  return typeof value === 'string' ? value : '';
}

function newSeed(): number {
  return randomInt(2 ** 32);
}

import { randomBytes } from 'node:crypto';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { type Account, type AccountSpec, Accounts } from './accounts.ts';
import { createControlApi, shownAccount } from './control-api.ts';
import { createSignedUrls, type SignedUrls } from './discord/cdn.ts';
import { ChannelFeed } from './discord/channel-feed.ts';
import { DirectChannels } from './discord/direct-channels.ts';
import { createFiles } from './discord/files.ts';
import { Gateway } from './discord/gateway.ts';
import { Interactions } from './discord/interactions.ts';
import { MessageStore } from './discord/message-store.ts';
import type { AttachmentSource, Message } from './discord/model.ts';
import { createDiscordRest } from './discord/rest.ts';
import { SlowMode } from './discord/slow-mode.ts';
import { createSnowflakes } from './discord/snowflake.ts';
import { type File, Uploads } from './discord/uploads.ts';
import { Faults } from './faults.ts';
import {
  forgetfulJournal,
  type Journal,
  type JournaledAccount,
  type JournalRecord,
  journalPath,
  readJournal,
  rewriteJournal,
} from './journal.ts';
import { closeServer, listen } from './listen.ts';
import { MidjourneyBot } from './midjourney/bot.ts';
import { CommandCatalogue } from './midjourney/commands.ts';
import { JobMessages } from './midjourney/job-messages.ts';
import { isOpen, type Job, Jobs } from './midjourney/jobs.ts';
import { DefaultModels } from './midjourney/models.ts';
import { Frames } from './midjourney/pages/frames.ts';
import { createDiscordSays, createEditorSite } from './midjourney/pages/web-pages.ts';
import { pictureElsewhere, Renderings } from './midjourney/renderings.ts';
import { Studio } from './midjourney/studio.ts';
import { EventPlayer } from './scripted/event-player.ts';
import { Replies } from './scripted/replies.ts';
import { Stats } from './stats.ts';
import { userIdOfToken } from './tokens.ts';

export interface SimulatorOptions {
  host?: string;
  /** 0 for any free port. */
  port?: number;
  controlPort?: number;
  /** How others reach it, e.g. `http://simulator:8085`; by default host and port. */
  publicUrl?: string;
  /** How long an imagine takes; picks take a sixth, upscales half of it. */
  drawMs?: number;
  /** The side of a square picture in pixels. */
  imageSize?: number;
  /** Draw pictures only when they are opened, with estimated sizes until then. For load tests. */
  lazyPictures?: boolean;
  /** Every result of the same size is the same picture, drawn once. For load tests. */
  onePicture?: boolean;
  /** Where messages and jobs are kept; without one they are forgotten at the end. */
  dataDir?: string;
  /** The accounts at the start. Without them: those of the data folder, or one new one. */
  accounts?: AccountSpec[];
  /** How long attachment links are good for. */
  linkLifetimeMs?: number;
  heartbeatIntervalMs?: number;
  /**
   * How long after an interaction was taken the bot acts: at Midjourney about 100 ms. By default at once,
   * perhaps before the answer, which is stricter.
   */
  botDelayMs?: number;
  /** The model of prompts that name none, such as `7`; until it is switched. */
  defaultModel?: string;
  /** How long after its frame was opened the editor takes a region: at Midjourney about 10 s. */
  frameLifetimeMs?: number;
  log?: (line: string) => void;
}

export interface SimulatedAccount {
  userToken: string;
  botToken: string;
  guildId: string;
  channelId: string;
  userId: string;
  botUserId: string;
  concurrency: number;
}

export interface Simulator {
  /** `http://127.0.0.1:PORT/api`; clients append `/v9` or `/v10`. */
  apiUrl: string;
  gatewayUrl: string;
  /** In place of `https://{application}.discordsays.com`, with or without the application's id behind it. */
  discordSaysUrl: string;
  /** In place of `https://editor.midjourney.com`. */
  editorUrl: string;
  controlUrl: string;
  accounts: SimulatedAccount[];
  close(): Promise<void>;
}

/** Starts Discord with the Midjourney Bot in it, on this machine. Rejects when a port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const {
    host = '127.0.0.1',
    drawMs = 6_000,
    imageSize = 1024,
    lazyPictures = false,
    onePicture = false,
    dataDir,
    linkLifetimeMs = 24 * 60 * 60 * 1000,
    heartbeatIntervalMs = 41_250,
    botDelayMs = 0,
    defaultModel,
    frameLifetimeMs = 10_000,
    log = () => {},
  } = options;

  const newId = createSnowflakes();
  const accounts = new Accounts(newId);
  const store = new MessageStore();
  const jobs = new Jobs();
  const faults = new Faults();
  const stats = new Stats();
  const uploads = new Uploads(dataDir);
  const renderings = new Renderings({ onePicture });
  const catalogue = new CommandCatalogue();
  const models = new DefaultModels(defaultModel);
  let journal: Journal = forgetfulJournal;
  let secret = randomBytes(32).toString('hex');

  const remembered: JournaledAccount[] = [];
  if (dataDir !== undefined) {
    for await (const record of readJournal(journalPath(dataDir))) recall(record);
  }
  addAccountsOfTheStart();

  const main = await listen(host, options.port ?? 0);
  const control = await listen(host, options.controlPort ?? 0).catch(async (error) => {
    await closeServer(main.server);
    throw error;
  });
  // Not before the ports are ours: a second simulator by mistake must not touch the first one's journal.
  if (dataDir !== undefined) journal = rewriteJournal(dataDir, present());
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const baseUrl = options.publicUrl ?? `http://${reachable}:${main.port}`;
  const gatewayUrl = `${baseUrl.replace(/^http/, 'ws')}/gateway`;
  const addresses = { discordSaysUrl: `${baseUrl}/discordsays`, editorUrl: `${baseUrl}/editor` };

  const urls = createSignedUrls({ baseUrl, secret, lifetimeMs: linkLifetimeMs });
  const find = (channelId: string, messageId: string) => store.get(channelId, messageId);
  const view = { urls, find };
  const interactions = new Interactions();
  const slowMode = new SlowMode();
  const directChannels = new DirectChannels();
  const gateway = new Gateway({
    accounts,
    interactions,
    slowMode,
    faults,
    heartbeatIntervalMs,
    url: () => gatewayUrl,
    lastMessageId: (channelId) => store.lastId(channelId),
  });
  const keep = () => journal;
  const feed = new ChannelFeed({ store, gateway, journal: keep, view, interactions, directChannels, newId });
  const messages = new JobMessages({ feed, renderings, newId, lazyPictures, find });
  const studio = new Studio({
    jobs,
    messages,
    journal: keep,
    renderings,
    stats,
    drawMs,
    lazyPictures,
    log,
  });
  const frames = new Frames(frameLifetimeMs);
  const bot = new MidjourneyBot({
    jobs,
    studio,
    feed,
    messages,
    gateway,
    frames,
    faults,
    models,
    directChannels,
    newId,
    imageSize,
    drawMs,
    bytesOf,
    fileBehind,
    linkWorks: (url) => leadsToImage(url, urls),
  });

  const replies = new Replies();
  const player = new EventPlayer({ feed, gateway, store, uploads, newId });

  const discord = new Hono<{ Bindings: HttpBindings }>();
  const rest = createDiscordRest({
    accounts,
    catalogue,
    store,
    uploads,
    listener: bot,
    newId,
    faults,
    stats,
    feed,
    gateway,
    replies,
    player,
    interactions,
    slowMode,
    directChannels,
    botDelayMs,
    after: (ms, action) => studio.after(ms, action),
    view,
    urls,
    gatewayUrl,
    baseUrl,
    log,
  });
  discord.route('/api/v9', rest);
  discord.route('/api/v10', rest);
  const discordSays = createDiscordSays({ frames, drawRegion: (region) => bot.drawRegion(region) });
  discord.route('/discordsays/:application{[0-9]+}', discordSays);
  discord.route('/discordsays', discordSays);
  discord.route('/editor', createEditorSite({ frames }));
  discord.route('/', createFiles({ urls, uploads, attachment: (id) => store.attachment(id), bytesOf }));
  main.server.on('request', getRequestListener(discord.fetch));
  main.server.on('upgrade', (request, socket, head) => {
    if (request.url?.startsWith('/gateway')) gateway.handleUpgrade(request, socket, head);
    else socket.destroy();
  });

  const controlApi = createControlApi({
    accounts,
    jobs,
    faults,
    replies,
    player,
    slowMode,
    stats,
    gateway,
    bot,
    catalogue,
    models,
    addresses,
    imageUrl,
    addAccount,
    forgetJobs,
    reset,
  });
  control.server.on('request', getRequestListener(controlApi.fetch));

  takeUpInterruptedJobs();

  return {
    apiUrl: `${baseUrl}/api`,
    gatewayUrl,
    ...addresses,
    controlUrl: `http://${reachable}:${control.port}`,
    accounts: accounts.all().map(toSimulatedAccount),
    async close() {
      studio.close();
      gateway.close();
      await Promise.all([closeServer(main.server), closeServer(control.server)]);
      journal.close();
    },
  };

  function recall(record: JournalRecord): void {
    switch (record.is) {
      case 'secret':
        secret = record.secret;
        return;
      case 'account':
        remembered.push(record.account);
        return;
      case 'message':
        store.put(record.message);
        return;
      case 'message_gone':
        store.remove(record.messageId);
        return;
      case 'job':
        jobs.put(record.job);
        return;
      case 'jobs_forgotten':
        jobs.clear();
        return;
      case 'messages_forgotten':
        store.clear();
        return;
    }
  }

  /** Everything that a journal must hold to restore the present state. */
  function* present(): Generator<JournalRecord> {
    yield { is: 'secret', secret };
    for (const account of accounts.all()) yield accountRecord(account);
    for (const job of jobs.all()) yield { is: 'job', job };
    for (const message of store.all()) yield { is: 'message', message };
  }

  /** What the options say comes before what the data folder remembers. */
  function addAccountsOfTheStart(): void {
    const specs = options.accounts ?? (remembered.length === 0 ? [{}] : []);
    for (const [at, spec] of specs.entries()) {
      const earlier = spec.userToken === undefined ? remembered[at] : undefined;
      accounts.add({
        userToken: spec.userToken ?? earlier?.userToken,
        botToken: spec.botToken ?? earlier?.botToken,
        guildId: spec.guildId ?? earlier?.guildId,
        channelId: spec.channelId ?? earlier?.channelId,
        concurrency: spec.concurrency ?? earlier?.concurrency,
        queueSize: spec.queueSize ?? earlier?.queueSize,
      });
    }
    for (const spec of remembered) {
      if (!accounts.ofUser(userIdOfToken(spec.userToken, 'the user token'))) accounts.add(spec);
    }
  }

  function addAccount(spec: AccountSpec): Account {
    const account = accounts.add(spec);
    journal.append(accountRecord(account));
    gateway.announceGuild(account.guildId);
    return account;
  }

  function forgetJobs(): void {
    studio.clear();
    jobs.clear();
    journal.append({ is: 'jobs_forgotten' });
  }

  function reset(): void {
    forgetJobs();
    store.clear();
    faults.clear();
    replies.clear();
    slowMode.clear();
    stats.clear();
    models.reset();
    for (const account of accounts.all()) account.condition = { kind: 'ready' };
    journal.append({ is: 'messages_forgotten' });
  }

  async function bytesOf(source: AttachmentSource): Promise<Buffer | undefined> {
    if (source.kind === 'upload') return uploads.bytes(source.sha256);
    if (source.kind === 'elsewhere') return renderings.elsewhere(source.url);
    const job = jobs.get(source.jobId);
    if (!job) return undefined;
    return source.kind === 'result' ? renderings.result(job) : renderings.preview(job, source.progress);
  }

  function fileBehind(url: string): File | undefined {
    if (!leadsToImage(url, urls)) return undefined;
    const { hostname, pathname } = new URL(url);
    if (urls.owns(url) || /\.discordapp\.(com|net)$/.test(hostname)) {
      return store.attachment(pathname.split('/').at(-2) ?? '')?.attachment;
    }
    return pictureElsewhere(url);
  }

  function imageUrl(job: Job): string | undefined {
    const message = find(job.channelId, job.finalMessageId ?? '');
    const [attachment] = message?.attachments ?? [];
    return attachment && urls.sign(job.channelId, attachment, message?.onlyFor !== undefined).url;
  }

  /** A restart does not stop Midjourney: what it was drawing is drawn to its end. */
  function takeUpInterruptedJobs(): void {
    const interrupted = [...jobs.all()].filter(isOpen);
    if (interrupted.length === 0) return;
    const delivered = new Map<string, Message>();
    for (const message of store.all()) {
      const source = message.attachments[0]?.source;
      if (source?.kind === 'result') delivered.set(source.jobId, message);
    }
    for (const job of interrupted) {
      const account = accounts.ofUser(job.accountUserId);
      if (account) studio.takeUpAgain(job, account, delivered.get(job.id));
    }
  }
}

function accountRecord(account: Account): JournalRecord {
  const { user, bot, guildId, channelId, concurrency, queueSize } = account;
  return {
    is: 'account',
    account: { userToken: user.token, botToken: bot.token, guildId, channelId, concurrency, queueSize },
  };
}

function toSimulatedAccount(account: Account): SimulatedAccount {
  const { userToken, botToken, guildId, channelId, userId, botUserId, concurrency } = shownAccount(account);
  return { userToken, botToken, guildId, channelId, userId, botUserId, concurrency };
}

/** Midjourney fetches the images in a prompt. Nothing is fetched here: the link must look like one. */
function leadsToImage(url: string, urls: SignedUrls): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, pathname, searchParams } = new URL(url);
  if (urls.owns(url)) return urls.isGood(pathname, searchParams);
  return hostname === 's.mj.run' || /\.(png|jpe?g|webp|gif)$/i.test(pathname);
}

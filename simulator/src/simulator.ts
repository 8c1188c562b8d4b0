import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Account, AccountSpec } from './accounts.ts';
import { Attachments } from './attachments.ts';
import { createControlApi, shownAccount } from './control-api.ts';
import { createSignedUrls } from './discord/cdn.ts';
import { ChannelFeed } from './discord/channel-feed.ts';
import { DirectChannels } from './discord/direct-channels.ts';
import { createFiles } from './discord/files.ts';
import { Gateway } from './discord/gateway.ts';
import { Interactions } from './discord/interactions.ts';
import type { AttachmentSource } from './discord/model.ts';
import { createDiscordRest } from './discord/rest.ts';
import { SlowMode } from './discord/slow-mode.ts';
import { createSnowflakes } from './discord/snowflake.ts';
import { Uploads } from './discord/uploads.ts';
import { Faults } from './faults.ts';
import { closeServer, listen } from './listen.ts';
import { Memory } from './memory.ts';
import { MidjourneyBot } from './midjourney/bot.ts';
import { CommandCatalogue } from './midjourney/commands.ts';
import { JobMessages } from './midjourney/job-messages.ts';
import { DefaultModels } from './midjourney/models.ts';
import { Frames } from './midjourney/pages/frames.ts';
import { createDiscordSays, createEditorSite } from './midjourney/pages/web-pages.ts';
import { Renderings } from './midjourney/renderings.ts';
import { Studio } from './midjourney/studio.ts';
import type { SimulatorOptions } from './options.ts';
import { EventPlayer } from './scripted/event-player.ts';
import { Replies } from './scripted/replies.ts';
import { Stats } from './stats.ts';

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
  const memory = await Memory.read(dataDir, options.accounts, newId);
  const { accounts, messages: store, jobs } = memory;
  const faults = new Faults();
  const stats = new Stats();
  const uploads = new Uploads(dataDir);
  const renderings = new Renderings({ onePicture });
  const catalogue = new CommandCatalogue();
  const models = new DefaultModels(defaultModel);

  const main = await listen(host, options.port ?? 0);
  const control = await listen(host, options.controlPort ?? 0).catch(async (error) => {
    await closeServer(main.server);
    throw error;
  });
  // Not before the ports are ours: a second simulator by mistake must not touch the first one's journal.
  memory.keep();
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const baseUrl = options.publicUrl ?? `http://${reachable}:${main.port}`;
  const gatewayUrl = `${baseUrl.replace(/^http/, 'ws')}/gateway`;
  const addresses = { discordSaysUrl: `${baseUrl}/discordsays`, editorUrl: `${baseUrl}/editor` };

  const urls = createSignedUrls({ baseUrl, secret: memory.secret, lifetimeMs: linkLifetimeMs });
  const find = (channelId: string, messageId: string) => store.get(channelId, messageId);
  const view = { urls, find };
  const attachments = new Attachments({ messages: store, jobs, uploads, renderings, urls });
  const bytesOf = (source: AttachmentSource) => attachments.bytesOf(source);
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
  const feed = new ChannelFeed({
    store,
    gateway,
    journal: memory,
    view,
    interactions,
    directChannels,
    newId,
  });
  const messages = new JobMessages({ feed, renderings, newId, lazyPictures, find });
  const studio = new Studio({
    jobs,
    messages,
    journal: memory,
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
    fileBehind: (url) => attachments.fileBehind(url),
    linkWorks: (url) => attachments.linkWorks(url),
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
    imageUrl: (job) => attachments.linkTo(job),
    addAccount,
    forgetJobs,
    reset,
  });
  control.server.on('request', getRequestListener(controlApi.fetch));

  // A restart does not stop Midjourney: what it was drawing is drawn to its end.
  for (const { job, account, delivered } of memory.interruptedJobs())
    studio.takeUpAgain(job, account, delivered);

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
      memory.close();
    },
  };

  function addAccount(spec: AccountSpec): Account {
    const account = memory.addAccount(spec);
    gateway.announceGuild(account.guildId);
    return account;
  }

  function forgetJobs(): void {
    studio.clear();
    memory.forgetJobs();
  }

  function reset(): void {
    forgetJobs();
    memory.forgetMessages();
    faults.clear();
    replies.clear();
    slowMode.clear();
    stats.clear();
    models.reset();
    for (const account of accounts.all()) account.condition = { kind: 'ready' };
  }
}

function toSimulatedAccount(account: Account): SimulatedAccount {
  const { userToken, botToken, guildId, channelId, userId, botUserId, concurrency } = shownAccount(account);
  return { userToken, botToken, guildId, channelId, userId, botUserId, concurrency };
}

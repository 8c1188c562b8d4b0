import { setTimeout as pause } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { Principal } from '../accounts.ts';
import type { Faults, RestFault } from '../faults.ts';
import { midjourneyBot } from '../midjourney/identity.ts';
import type { EventPlayer } from '../scripted/event-player.ts';
import { fillIn } from '../scripted/placeholders.ts';
import type { Replies, Reply } from '../scripted/replies.ts';
import type { Stats } from '../stats.ts';
import type { SignedUrls } from './cdn.ts';
import { DiscordError, notFound, unauthorized, usersOnly } from './errors.ts';
import { isRecord } from './form.ts';
import type { Gateway } from './gateway.ts';
import type { Interaction } from './interaction.ts';
import { RateLimits } from './rate-limits.ts';
import { type InteractionSources, readInteraction } from './read-interaction.ts';
import { addChannelRoutes } from './rest/channels.ts';
import { bodyOf, type Ctx, caller, type Env, guildIn, placeIn } from './rest/context.ts';
import { addMessageRoutes, type MessageRoutesOptions } from './rest/messages.ts';
import { addPeopleRoutes } from './rest/people.ts';
import { addReactionRoutes } from './rest/reactions.ts';
import { addSearchRoute } from './rest/search.ts';

export interface DiscordRestOptions extends InteractionSources, MessageRoutesOptions {
  faults: Faults;
  stats: Stats;
  gateway: Gateway;
  urls: SignedUrls;
  gatewayUrl: string;
  /** Where upload slots are, without a slash at the end. */
  baseUrl: string;
  replies: Replies;
  player: EventPlayer;
  /** How long the bot waits after an interaction was accepted. */
  botDelayMs: number;
  /** Runs something later, unless the simulator is closed before. */
  after: (ms: number, action: () => void) => void;
  log: (line: string) => void;
}

/** Discord's REST API, to be mounted under `/api/v9` and `/api/v10`. */
export function createDiscordRest(options: DiscordRestOptions): Hono<Env> {
  const { accounts, catalogue, gateway, interactions, slowMode, stats, uploads, urls } = options;
  const rateLimits = new RateLimits();
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    c.set('principal', accounts.authenticate(c.req.header('authorization')));
    await next();
    stats.noteCall(callerName(c.var.principal), routeOf(c), c.var.lost ?? c.res.status);
  });

  app.use(async (c, next) => {
    const fault = await faultFor(c, options);
    return fault ? suffer(c, next, fault) : next();
  });

  app.use(async (c, next) => {
    const route = routeOf(c);
    if (!c.var.principal && route === 'GET /gateway') return next();
    if (!c.var.principal) throw unauthorized();
    const { allowed, retryAfter, headers } = rateLimits.take(
      c.var.principal.token,
      route,
      c.req.path.match(/\/(?:channels|guilds)\/(\d+)/)?.[1] ?? '',
    );
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    if (!allowed) return tooMany(c, retryAfter, false);
    return next();
  });

  app.onError((error, c) => {
    if (error instanceof DiscordError) return c.json(error.body, error.status);
    options.log(`${c.req.method} ${c.req.path} failed: ${error.stack ?? error}`);
    return c.json({ message: '500: Internal Server Error', code: 0 }, 500);
  });

  app.get('/gateway', (c) => c.json({ url: options.gatewayUrl }));
  app.get('/gateway/bot', (c) => {
    if (caller(c).kind !== 'bot') throw unauthorized();
    return c.json({
      url: options.gatewayUrl,
      shards: 1,
      session_start_limit: { total: 1000, remaining: 1000, reset_after: 86_400_000, max_concurrency: 1 },
    });
  });

  addPeopleRoutes(app, options);
  addChannelRoutes(app, options);
  addSearchRoute(app, options);
  addMessageRoutes(app, options);
  addReactionRoutes(app, options);

  app.get('/guilds/:guild/application-command-index', (c) => {
    if (caller(c).kind !== 'user') throw usersOnly();
    guildIn(c, accounts);
    return c.json(commandIndex(catalogue));
  });

  app.post('/channels/:channel/attachments', async (c) => {
    const { channelId } = placeIn(c, options);
    const files = (await bodyOf(c)).field('files').list({ min: 1, max: 10 });
    const attachments = files.map((file) => {
      const filename = file.field('filename').text({ min: 1, max: 260 });
      const size = file.field('file_size').integer();
      if (size < 1 || size > 25 * 1024 * 1024)
        throw file.field('file_size').error('FILE_SIZE', 'Bad file size.');
      const uploadFilename = uploads.open(channelId, filename);
      return {
        id: file.field('id').missing ? null : file.field('id').integer(),
        upload_url: `${options.baseUrl}/upload/${uploadFilename}?upload_id=${uploadFilename.slice(0, 36)}`,
        upload_filename: uploadFilename,
      };
    });
    return c.json({ attachments });
  });

  app.post('/interactions', async (c) => {
    const sender = caller(c);
    if (sender.kind !== 'user') throw usersOnly();
    const interaction = readInteraction(await bodyOf(c), sender, options);
    const { id, sessionId, channelId } = interaction;
    interactions.note(id, { sessionId, slowed: slowMode.act(channelId, sender.user.id) > 0 });
    const reply = options.replies.take(interaction);
    if (reply && reply.status >= 300) {
      setImmediate(() => playReply(interaction, reply));
      return scripted(reply);
    }
    gateway.publish({
      type: 'INTERACTION_CREATE',
      guildId: interaction.guildId,
      data: { id, nonce: interaction.nonce ?? null },
      onlyFor: sender.user.id,
      about: { accountUserId: sender.user.id },
    });
    const act = () => {
      if (!reply || reply.botActs) options.listener.handle(interaction);
      if (reply) playReply(interaction, reply);
    };
    if (c.var.botFirst) act();
    // Without a delay, the bot's messages and this answer have no order: either may be seen first.
    else if (options.botDelayMs === 0) setImmediate(act);
    else options.after(options.botDelayMs, act);
    return reply ? scripted(reply) : c.body(null, 204);
  });

  app.post('/attachments/refresh-urls', async (c) => {
    const given = (await bodyOf(c)).field('attachment_urls').list({ min: 1, max: 50 });
    const refreshed = given.map((entry) => {
      const original = entry.text();
      const fresh = urls.renew(original);
      if (fresh === undefined) throw entry.error('ATTACHMENT_URL_INVALID', 'Not an attachment URL.');
      return { original, refreshed: fresh };
    });
    return c.json({ refreshed_urls: refreshed });
  });

  app.all('*', () => {
    throw notFound();
  });

  function playReply(interaction: Interaction, { id, events }: Reply): void {
    const playAll = async () => {
      for (const event of fillIn(events, interaction, options.newId)) {
        if (event.afterMs > 0) await pause(event.afterMs);
        await options.player.play(interaction.account, event, interaction.id);
      }
    };
    playAll().catch((error) => options.log(`the events of reply ${id} could not be played: ${error}`));
  }

  return app;
}

/** An answer written by a test, with its exact body. */
function scripted({ status, body, headers }: Reply): Response {
  return body === undefined
    ? new Response(null, { status, headers })
    : Response.json(body, { status, headers });
}

function commandIndex(catalogue: DiscordRestOptions['catalogue']) {
  // Grouped by application, Midjourney's last: clients that compare only names take the last one.
  const commands = [...catalogue.commands].sort((a, b) => Number(b.applicationId) - Number(a.applicationId));
  const applicationIds = [...new Set(commands.map(({ applicationId }) => applicationId))];
  return {
    applications: applicationIds.map((id) => ({
      id,
      name: midjourneyBot(id).username,
      description: '',
      icon: midjourneyBot(id).avatar,
      bot_id: id,
    })),
    application_commands: commands.map((command) => ({
      id: command.id,
      type: 1,
      application_id: command.applicationId,
      version: catalogue.version(command),
      name: command.name,
      description: command.description,
      options: command.options,
      default_member_permissions: null,
      dm_permission: true,
      contexts: [0, 1, 2],
      integration_types: [0, 1],
      global_popularity_rank: 1,
      nsfw: false,
    })),
    version: catalogue.commands[0] ? catalogue.version(catalogue.commands[0]) : '0',
  };
}

async function faultFor(c: Ctx, { faults, accounts }: DiscordRestOptions): Promise<RestFault | undefined> {
  if (faults.all().length === 0) return undefined;
  const { principal } = c.var;
  const occasion = {
    method: c.req.method,
    path: pathOf(c),
    accounts: principal ? accounts.ofPrincipal(principal).map(({ user }) => user.user.id) : [],
  };
  if (c.req.method === 'GET') return faults.strikeRequest(occasion);
  return faults.strikeRequest({ ...occasion, prompt: await promptIn(c) });
}

/** The prompt or text in a request's body, if any. */
async function promptIn(c: Ctx): Promise<string> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (!isRecord(body)) return '';
  const data = isRecord(body.data) ? body.data : {};
  const options = Array.isArray(data.options) ? data.options : [];
  return [...options.map((option) => (isRecord(option) ? option.value : '')), body.content, data.custom_id]
    .filter((part) => typeof part === 'string')
    .join('\n');
}

async function suffer(c: Ctx, next: () => Promise<void>, fault: RestFault): Promise<Response | undefined> {
  const { incoming, outgoing } = c.env;
  switch (fault.kind) {
    case 'status': {
      const message = fault.message ?? `${fault.status}: simulated`;
      return Response.json({ message, code: fault.code ?? 0 }, { status: fault.status });
    }
    case 'rate_limit':
      return tooMany(c, fault.retryAfter, fault.global);
    case 'captcha':
      // Unlike every other refusal it has no `code`. https://docs.discord.food/topics/captcha-handling
      return Response.json(
        {
          captcha_key: ['captcha-required'],
          captcha_sitekey: 'f5561ba9-8f1e-40ca-9b5b-a0b3f719ef34',
          captcha_service: 'hcaptcha',
        },
        { status: 400 },
      );
    case 'no_answer':
      c.set('lost', 'no answer');
      if (fault.afterEffect) await next();
      await new Promise((resolve) =>
        outgoing.destroyed ? resolve(undefined) : outgoing.once('close', resolve),
      );
      return RESPONSE_ALREADY_SENT;
    case 'bot_first':
      c.set('botFirst', true);
      await next();
      await pause(fault.delayMs);
      return undefined;
    case 'reset_after':
      await next();
      c.set('lost', 'reset');
      incoming.socket.resetAndDestroy();
      return RESPONSE_ALREADY_SENT;
    case 'reset_before':
      c.set('lost', 'reset');
      incoming.socket.resetAndDestroy();
      return RESPONSE_ALREADY_SENT;
  }
}

function tooMany(c: Ctx, retryAfter: number, global: boolean): Response {
  c.header('retry-after', String(Math.ceil(retryAfter)));
  c.header('x-ratelimit-scope', global ? 'global' : 'user');
  c.header('x-ratelimit-remaining', '0');
  c.header('x-ratelimit-reset-after', String(retryAfter));
  if (global) c.header('x-ratelimit-global', 'true');
  return c.json({ message: 'You are being rate limited.', retry_after: retryAfter, global }, 429);
}

function callerName(principal: Principal | undefined): string {
  if (!principal) return 'nobody';
  return principal.kind === 'bot' ? `bot:${principal.user.id}` : principal.user.id;
}

function pathOf(c: Ctx): string {
  return c.req.path.replace(/^\/api\/v\d+/, '');
}

/** The method and path without ids. */
function routeOf(c: Ctx): string {
  return `${c.req.method} ${pathOf(c).replace(/\/\d{5,}/g, '/:id')}`;
}

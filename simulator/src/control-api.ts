import { Hono } from 'hono';
import { type Account, type AccountSpec, type Accounts, conditionOf } from './accounts.ts';
import { isRecord } from './discord/form.ts';
import type { Gateway } from './discord/gateway.ts';
import type { SlowMode } from './discord/slow-mode.ts';
import type { Faults } from './faults.ts';
import type { MidjourneyBot } from './midjourney/bot.ts';
import type { CommandCatalogue } from './midjourney/commands.ts';
import { hashOf, type Job, type Jobs } from './midjourney/jobs.ts';
import { type DefaultModels, readVersion } from './midjourney/models.ts';
import { readRefusal } from './midjourney/refusals.ts';
import { readUserSettings, userSettingsOf } from './midjourney/settings-menu.ts';
import { keyOf } from './midjourney/studio.ts';
import type { EventPlayer } from './scripted/event-player.ts';
import { parseRawEvent } from './scripted/raw-event.ts';
import type { Replies, Reply } from './scripted/replies.ts';
import type { Stats } from './stats.ts';

export interface ControlApiOptions {
  accounts: Accounts;
  jobs: Jobs;
  faults: Faults;
  replies: Replies;
  player: EventPlayer;
  slowMode: SlowMode;
  stats: Stats;
  gateway: Gateway;
  bot: MidjourneyBot;
  catalogue: CommandCatalogue;
  models: DefaultModels;
  /** The simulator's other addresses. */
  addresses: { discordSaysUrl: string; editorUrl: string };
  /** A new link to a job's picture. */
  imageUrl: (job: Job) => string | undefined;
  addAccount: (spec: AccountSpec) => Account;
  forgetJobs: () => void;
  reset: () => void;
}

class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** The control API, with which tests see what the simulator did and cause faults. Bind it to loopback only. */
export function createControlApi(options: ControlApiOptions): Hono {
  const { accounts, jobs, faults, replies, player, stats, gateway, bot, catalogue, models } = options;
  const app = new Hono();

  app.onError((error, c) => {
    if (error instanceof BadRequest) return c.json({ error: error.message }, 400);
    return c.json({ error: String(error) }, 500);
  });
  app.notFound((c) => c.json({ error: `there is no ${c.req.method} ${c.req.path}` }, 404));

  app.get('/jobs', (c) => {
    const { account, state, prompt } = c.req.query();
    const found = [...jobs.all()].filter(
      (job) =>
        (account === undefined || job.accountUserId === account) &&
        (state === undefined || job.state === state) &&
        (prompt === undefined || job.prompt.includes(prompt)),
    );
    return c.json({ jobs: found.map((job) => shownJob(job, options.imageUrl(job))) });
  });

  app.get('/stats', (c) =>
    c.json({
      accounts: accounts.all().map((account) => {
        const userId = account.user.user.id;
        return {
          userId,
          concurrency: account.concurrency,
          videoConcurrency: account.videoConcurrency,
          condition: conditionOf(account).kind,
          ...stats.load(keyOf(userId, 'pictures')),
          videos: stats.load(keyOf(userId, 'videos')),
          sessions: gateway.connectedSessions(userId),
          userCalls: stats.callsBy(userId),
          botCalls: stats.callsBy(`bot:${account.bot.user.id}`),
        };
      }),
      unauthenticatedCalls: stats.callsBy('nobody'),
      ...options.addresses,
    }),
  );

  app.get('/accounts', (c) => c.json({ accounts: accounts.all().map(shownAccount) }));

  app.post('/accounts', async (c) => {
    const spec = await bodyOf(c.req.raw);
    return c.json(shownAccount(orBadRequest(() => options.addAccount(readAccountSpec(spec)))), 201);
  });

  app.post('/accounts/:user/revoke', async (c) => {
    const account = accountOf(c.req.param('user'));
    const { which } = await bodyOf(c.req.raw);
    if (which !== 'user' && which !== 'bot') throw new BadRequest('which must be user or bot');
    account[which].revoked = true;
    gateway.closeSessionsOf(account[which]);
    return c.json(shownAccount(account));
  });

  app.post('/accounts/:user/verify', (c) => {
    const account = accountOf(c.req.param('user'));
    account.condition = { kind: 'human_check' };
    bot.raiseHumanCheck(account);
    return c.json(shownAccount(account));
  });

  app.post('/accounts/:user/refuse', async (c) => {
    const account = accountOf(c.req.param('user'));
    const body = await bodyOf(c.req.raw);
    account.condition = { kind: 'refused', refusal: orBadRequest(() => readRefusal(body)) };
    return c.json(shownAccount(account));
  });

  app.post('/accounts/:user/restore', (c) => {
    const account = accountOf(c.req.param('user'));
    account.condition = { kind: 'ready' };
    account.user.revoked = false;
    account.bot.revoked = false;
    return c.json(shownAccount(account));
  });

  app.post('/accounts/:user/settings', async (c) => {
    const account = accountOf(c.req.param('user'));
    const body = await bodyOf(c.req.raw);
    Object.assign(
      account,
      orBadRequest(() => readUserSettings(body)),
    );
    const { contentIntent, concurrency, videoConcurrency, queueSize, slowModeSeconds } = body;
    if (typeof contentIntent === 'boolean') account.bot.contentIntent = contentIntent;
    if (typeof concurrency === 'number') account.concurrency = concurrency;
    if (typeof videoConcurrency === 'number') account.videoConcurrency = videoConcurrency;
    if (typeof queueSize === 'number') account.queueSize = queueSize;
    if (typeof slowModeSeconds === 'number') options.slowMode.set(account.channelId, slowModeSeconds);
    return c.json(shownAccount(account));
  });

  app.get('/faults', (c) => c.json({ faults: faults.all() }));

  app.post('/faults', async (c) => {
    const body = await bodyOf(c.req.raw);
    return c.json(
      orBadRequest(() => faults.add(body)),
      201,
    );
  });

  app.delete('/faults', (c) => {
    faults.clear();
    return c.body(null, 204);
  });

  app.delete('/faults/:id', (c) => {
    if (!faults.remove(c.req.param('id'))) return c.json({ error: 'there is no such fault' }, 404);
    return c.body(null, 204);
  });

  // Any message or event, from the bot unless it names another author: `{account?, t?, d, session?}`.
  app.post('/messages', async (c) => {
    const body = await bodyOf(c.req.raw);
    const account = body.account === undefined ? accounts.all()[0] : accountOf(String(body.account));
    if (!account) throw new BadRequest('there is no account');
    const event = orBadRequest(() => parseRawEvent(body));
    return c.json({ id: await player.play(account, event) }, 201);
  });

  app.get('/replies', (c) => c.json({ replies: replies.all().map(shownReply) }));

  // Scripts the answers to the next interactions: `{match?, times?, status?, body?, headers?, events?, botActs?}`.
  app.post('/replies', async (c) => {
    const body = await bodyOf(c.req.raw);
    const reply = orBadRequest(() => replies.add(body));
    return c.json(shownReply(reply), 201);
  });

  app.delete('/replies', (c) => {
    replies.clear();
    return c.body(null, 204);
  });

  app.post('/gateway/drop', async (c) => {
    const { account, resumable, closeCode, reconnect, downMs } = await bodyOf(c.req.raw);
    const dropped = gateway.drop({
      resumable: resumable === true,
      reconnect: reconnect === true,
      accountUserId: typeof account === 'string' ? account : undefined,
      closeCode: typeof closeCode === 'number' ? closeCode : undefined,
      downMs: typeof downMs === 'number' ? downMs : undefined,
    });
    return c.json({ dropped });
  });

  app.get('/settings', (c) => c.json({ defaultModel: models.midjourney }));

  // Midjourney's default: the model of every account that has chosen none.
  app.post('/settings', async (c) => {
    const { defaultModel } = await bodyOf(c.req.raw);
    if (defaultModel !== undefined) models.midjourney = orBadRequest(() => readVersion(defaultModel));
    return c.json({ defaultModel: models.midjourney });
  });

  app.post('/commands/redeploy', (c) => {
    catalogue.redeploy();
    return c.body(null, 204);
  });

  // The messages and their buttons stay; pressing one is answered with "unknown job".
  app.post('/jobs/forget', (c) => {
    options.forgetJobs();
    return c.body(null, 204);
  });

  app.post('/reset', (c) => {
    options.reset();
    return c.body(null, 204);
  });

  function accountOf(userId: string): Account {
    const account = accounts.ofUser(userId);
    if (!account) throw new BadRequest(`there is no account of the user ${userId}`);
    return account;
  }

  return app;
}

/** A job as the control API shows it. */
function shownJob(job: Job, imageUrl: string | undefined) {
  return {
    id: job.id,
    hash: hashOf(job),
    kind: job.kind,
    index: job.index,
    detail: job.detail,
    prompt: job.prompt,
    echoedPrompt: job.echoedPrompt,
    accountUserId: job.accountUserId,
    applicationId: job.applicationId,
    channelId: job.channelId,
    nonce: job.nonce,
    interactionId: job.interaction.id,
    parentMessageId: job.parentMessageId,
    parentJobId: job.parentJobId,
    messageIds: job.messageIds,
    finalMessageId: job.finalMessageId,
    requestedAt: job.requestedAt,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    state: job.state,
    speed: job.speed,
    seed: job.seed,
    seconds: job.video?.seconds,
    texts: job.texts,
    imageSha256: job.imageSha256,
    imageUrl,
  };
}

function shownReply({ id, times, struck, status }: Reply) {
  return { id, times, struck, status };
}

export function shownAccount(account: Account) {
  return {
    userToken: account.user.token,
    botToken: account.bot.token,
    guildId: account.guildId,
    channelId: account.channelId,
    userId: account.user.user.id,
    botUserId: account.bot.user.id,
    concurrency: account.concurrency,
    queueSize: account.queueSize,
    settings: userSettingsOf(account),
    condition: conditionOf(account),
  };
}

function readAccountSpec(body: Record<string, unknown>): AccountSpec {
  const spec: AccountSpec = {};
  for (const key of ['userToken', 'botToken', 'guildId', 'channelId'] as const) {
    const value = body[key];
    if (typeof value === 'string') spec[key] = value;
  }
  for (const key of ['concurrency', 'videoConcurrency', 'queueSize'] as const) {
    const value = body[key];
    if (typeof value === 'number') spec[key] = value;
  }
  return spec;
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text.trim() === '') return {};
  const body: unknown = orBadRequest(() => JSON.parse(text));
  if (!isRecord(body)) throw new BadRequest('the body must be a JSON object');
  return body;
}

function orBadRequest<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw new BadRequest(error instanceof Error ? error.message : String(error));
  }
}

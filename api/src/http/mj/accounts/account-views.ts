import { z } from '@hono/zod-openapi';
import { listAccounts, type ShownAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Speed } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { MjContext } from '../mj-route.ts';

/** A Midjourney account as clients of this dialect know one. */
export const mjAccountSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    guildId: z.string(),
    channelId: z.string(),
    userToken: z.literal('').describe('never shown'),
    userAgent: z.literal(''),
    enable: z.boolean().describe('whether it draws now'),
    mode: z.enum(['RELAX', 'FAST', 'TURBO']).nullable().describe('the speed that it is set to'),
    coreSize: z.int().describe('how many it draws at once'),
    queueSize: z.int().describe('how many of your tasks may wait'),
    timeoutMinutes: z.int(),
    properties: z.object({}),
  })
  .openapi('MjAccount');
type MjAccount = z.infer<typeof mjAccountSchema>;

export const mjAccountExample: MjAccount = {
  id: 'midjourney',
  name: 'midjourney',
  guildId: '',
  channelId: '',
  userToken: '',
  userAgent: '',
  enable: true,
  mode: null,
  coreSize: 3,
  queueSize: 5_000,
  timeoutMinutes: 30,
  properties: {},
};

/** To operators their accounts; to users all of them as one, as which account draws what is the operator's business. */
export async function readMjAccounts(
  { db, config, clock }: Pick<MjContext, 'db' | 'config' | 'clock'>,
  { role }: Pick<User, 'role'>,
): Promise<MjAccount[]> {
  const accounts = await listAccounts(db, clock());
  const { WAITING_LIMIT_PER_USER, TASK_DEADLINE_MS } = config;
  const limits = {
    queueSize: WAITING_LIMIT_PER_USER,
    timeoutMinutes: Math.ceil(TASK_DEADLINE_MS / 60_000),
  };
  if (role === 'operator') return accounts.map((account) => ({ ...viewAccount(account), ...limits }));
  return accounts.length === 0 ? [] : [{ ...viewAll(accounts), ...limits }];
}

function viewAccount({ name, guild_id, channel_id, speed, concurrency, ...account }: ShownAccount) {
  return {
    ...mjAccountExample,
    id: name,
    name,
    guildId: guild_id ?? '',
    channelId: channel_id ?? '',
    enable: drawsNow(account),
    mode: speed === null ? null : modes[speed],
    coreSize: concurrency,
  };
}

function viewAll(accounts: ShownAccount[]) {
  const drawing = accounts.filter(drawsNow);
  return {
    ...mjAccountExample,
    enable: drawing.length > 0,
    coreSize: drawing.reduce((sum, { concurrency }) => sum + concurrency, 0),
  };
}

function drawsNow({ enabled, state }: Pick<ShownAccount, 'enabled' | 'state'>): boolean {
  return enabled && state === 'ready';
}

const modes = { relax: 'RELAX', fast: 'FAST', turbo: 'TURBO' } as const satisfies Record<Speed, string>;

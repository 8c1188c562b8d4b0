import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  char,
  customType,
  date,
  datetime,
  index,
  int,
  mediumtext,
  mysqlTable,
  primaryKey,
  smallint,
  text,
  tinyint,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/mysql-core';
import type { AccountState } from '../accounts/account-states.ts';
import type { Pacing } from '../accounts/pacing/pacing.ts';
import type { RefusalCause } from '../accounts/refusal-causes.ts';
import type { AuditAction, AuditDetail } from '../audit/audit-actions.ts';
import type { CommandSample, DriftKind, MessageSample } from '../drift/drift.ts';
import type { NoticeState } from '../notices/notice-states.ts';
import type { TaskStatus } from '../tasks/statuses.ts';
import type {
  Button,
  Drawn,
  FailCode,
  HookDialect,
  Notify,
  PictureCopy,
  PromptIssue,
  Speed,
  TaskAction,
  TaskResult,
  TriggerType,
} from '../tasks/task.ts';
import type { TaskId } from '../tasks/task-id.ts';
import type { Dialect } from '../users/dialect.ts';

/** A number in MySQL, below 2^53, and a string in this program, as on the wire. */
const taskId = customType<{ data: TaskId; driverData: number }>({
  dataType: () => 'bigint unsigned',
  fromDriver: (value) => String(value) as TaskId,
});

/** JSON that works with MySQL, whose driver parses it, and MariaDB, where the type is a text. */
const json = <T>(name: string) =>
  customType<{ data: T; driverData: string | T }>({
    dataType: () => 'json',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (value) => (typeof value === 'string' ? (JSON.parse(value) as T) : value),
  })(name);

const blob = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'mediumblob' });

const moment = (name: string) => datetime(name, { mode: 'date', fsp: 3 });

/** The table's name and first seven columns are those of the older Python service. */
export const users = mysqlTable(
  'user_info',
  {
    id: bigint('id', { mode: 'number' }).autoincrement().primaryKey(),
    userName: varchar('user_name', { length: 64 }).notNull().default(''),
    /** SHA-256 of the key, in lower-case hex. */
    appKey: varchar('app_key', { length: 64 }).notNull().default(''),
    tokenTotal: int('token_total').default(0),
    tokenUse: int('token_use').default(0),
    createdAt: datetime('created_at', { mode: 'date' }),
    updatedAt: datetime('updated_at', { mode: 'date' }),
    /** First and last characters of the key, so that people can recognise it. */
    appKeyHint: varchar('app_key_hint', { length: 32 }),
    role: varchar('role', { length: 16 }).$type<'user' | 'operator'>().notNull().default('user'),
    dialect: varchar('dialect', { length: 16 }).$type<Dialect>().notNull().default('v1'),
    disabledAt: moment('disabled_at'),
    /** The user's share of the accounts while others wait, too: 1 or more. */
    priority: int('priority').notNull().default(1),
    /** Signs the notices to the user's notify_hooks; created when it is first needed. */
    hookSecret: varchar('hook_secret', { length: 64 }),
    /** The secret before the last rotation; for a day after it, both sign. */
    formerHookSecret: varchar('former_hook_secret', { length: 64 }),
    hookSecretRotatedAt: moment('hook_secret_rotated_at'),
  },
  (table) => [uniqueIndex('uiq_user_name').on(table.userName), uniqueIndex('uiq_app_key').on(table.appKey)],
);

export const tasks = mysqlTable(
  'tasks',
  {
    id: taskId('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    triggerType: varchar('trigger_type', { length: 32 }).$type<TriggerType>().notNull(),
    action: json<TaskAction>('action').notNull(),
    status: varchar('status', { length: 16 }).$type<TaskStatus>().notNull().default('queued'),
    progress: tinyint('progress').notNull().default(0),
    prompt: text('prompt').notNull(),
    index: tinyint('idx'),
    speed: varchar('speed', { length: 8 }).$type<Speed>(),
    parentId: taskId('parent_id'),
    account: varchar('account', { length: 64 }),
    sendAttempts: smallint('send_attempts').notNull().default(0),
    nonce: varchar('nonce', { length: 25 }),
    sentAt: moment('sent_at'),
    sentAfterMessageId: varchar('sent_after_msg_id', { length: 20 }),
    exclusiveKey: varchar('exclusive_key', { length: 300 }),
    interactionId: varchar('interaction_id', { length: 20 }),
    progressMessageId: varchar('progress_msg_id', { length: 20 }),
    previewUrl: text('preview_url'),
    jobId: varchar('job_id', { length: 64 }),
    jobEndedAt: moment('job_ended_at'),
    waitReason: varchar('wait_reason', { length: 512 }),
    retryAt: moment('retry_at'),
    postponedAt: moment('postponed_at'),
    resultMessageId: varchar('result_msg_id', { length: 20 }),
    messageId: varchar('msg_id', { length: 20 }),
    messageFlags: int('msg_flags'),
    messageHash: varchar('msg_hash', { length: 64 }),
    imageUrl: text('image_url'),
    imageFile: varchar('image_file', { length: 64 }),
    imageCopy: varchar('image_copy', { length: 16 }).$type<PictureCopy>(),
    mediaType: varchar('media_type', { length: 64 }),
    durationMs: int('duration_ms'),
    width: int('width'),
    height: int('height'),
    buttons: json<Button[]>('buttons'),
    texts: json<string[]>('texts'),
    analysis: text('analysis'),
    drawn: json<Drawn>('drawn'),
    warnings: json<PromptIssue[]>('warnings'),
    lateResult: json<TaskResult>('late_result'),
    failCode: varchar('fail_code', { length: 32 }).$type<FailCode>(),
    failReason: text('fail_reason'),
    failDetail: text('fail_detail'),
    state: varchar('state', { length: 1024 }),
    notifyHook: text('notify_hook'),
    notify: varchar('notify', { length: 8 }).$type<Notify>().notNull().default('all'),
    hookDialect: varchar('hook_dialect', { length: 8 }).$type<HookDialect>().notNull().default('v1'),
    requestId: varchar('request_id', { length: 64 }),
    version: int('version').notNull().default(1),
    cancelRequestedAt: moment('cancel_requested_at'),
    createdAt: moment('created_at').notNull(),
    submittedAt: moment('submitted_at'),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    progressedAt: moment('progressed_at'),
  },
  (table) => [
    index('idx_tasks_user').on(table.userId, table.id),
    index('idx_tasks_user_status').on(table.userId, table.status, table.id),
    index('idx_tasks_user_type').on(table.userId, table.triggerType, table.id),
    index('idx_tasks_status').on(table.status, table.id),
    index('idx_tasks_msg').on(table.messageId),
    index('idx_tasks_image_copy').on(table.imageCopy, table.id),
    index('idx_tasks_hash').on(table.messageHash),
    index('idx_tasks_job').on(table.jobId),
    index('idx_tasks_parent').on(table.parentId, table.id),
    index('idx_tasks_account').on(table.account, table.id),
    index('idx_tasks_sent').on(table.account, table.sentAt),
    // A message is the result of one task only, including late results.
    uniqueIndex('uiq_tasks_result').on(table.resultMessageId),
    uniqueIndex('uiq_tasks_exclusive').on(table.account, table.exclusiveKey),
  ],
);

/** The masks of tasks that redraw a region, as they are sent to Midjourney's editor. */
export const taskMasks = mysqlTable('task_masks', {
  taskId: taskId('task_id').primaryKey(),
  bytes: blob('bytes').notNull(),
});

/**
 * Forms of buttons that clients have opened and not submitted yet. The transaction that stores the task, with the
 * window's id, deletes the window.
 */
export const windows = mysqlTable(
  'windows',
  {
    id: taskId('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    parentId: taskId('parent_id').notNull(),
    /** The press that opens the form. */
    action: json<TaskAction>('action').notNull(),
    /** What the form proposes. */
    prompt: text('prompt').notNull(),
    speed: varchar('speed', { length: 8 }).$type<Speed>(),
    account: varchar('account', { length: 64 }),
    state: varchar('state', { length: 1024 }),
    notifyHook: text('notify_hook'),
    createdAt: moment('created_at').notNull(),
    cancelledAt: moment('cancelled_at'),
  },
  (table) => [
    index('idx_windows_user').on(table.userId, table.id),
    index('idx_windows_created').on(table.createdAt),
  ],
);

/**
 * Every movement of a token. `change` is its effect on the user's `token_use`, `changeInTotal` on their `token_total`.
 * Rows are added and never changed, until their task is deleted: then their sum is added to the user's one row of kind
 * `archive`, and their counts to `token_days`.
 * By the unique key, a task has at most one row of each kind: `reserve`, then `spend` or `refund`; after a refund perhaps
 * `claim`, which takes a token again and spends it.
 */
export const tokenLedger = mysqlTable(
  'token_ledger',
  {
    id: bigint('id', { mode: 'number' }).autoincrement().primaryKey(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    /** null for a grant or reset. An archive row has the user's id here, so that the unique key allows only one. */
    taskId: taskId('task_id'),
    kind: varchar('kind', { length: 16 })
      .$type<'reserve' | 'spend' | 'refund' | 'claim' | 'reset' | 'grant' | 'archive'>()
      .notNull(),
    change: int('change_in_use').notNull(),
    changeInTotal: int('change_in_total').notNull().default(0),
    /** Who made a grant or reset, as in the audit log; null: the service itself. */
    actor: varchar('actor', { length: 128 }),
    /** Why, in the operator's words. */
    note: varchar('note', { length: 255 }),
    createdAt: moment('created_at').notNull().default(sql`CURRENT_TIMESTAMP(3)`),
  },
  (table) => [
    uniqueIndex('uiq_ledger_task_kind').on(table.taskId, table.kind),
    index('idx_ledger_user').on(table.userId, table.createdAt),
  ],
);

/** The ledger of deleted tasks: how many tokens moved, by user, day (UTC) and kind of task. */
export const tokenDays = mysqlTable(
  'token_days',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    triggerType: varchar('trigger_type', { length: 32 }).$type<TriggerType>().notNull(),
    reserved: int('reserved').notNull(),
    spent: int('spent').notNull(),
    returned: int('returned').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.day, table.triggerType] })],
);

/** What operators changed, from the shell and through the API. */
export const audit = mysqlTable(
  'audit',
  {
    id: bigint('id', { mode: 'number' }).autoincrement().primaryKey(),
    at: moment('at').notNull(),
    /** `shell:` and a user of the operating system, or the name of one of our users. */
    actor: varchar('actor', { length: 128 }).notNull(),
    action: varchar('action', { length: 64 }).$type<AuditAction>().notNull(),
    /** The user, the account or the task. */
    target: varchar('target', { length: 64 }).notNull(),
    detail: json<AuditDetail>('detail'),
    requestId: varchar('request_id', { length: 64 }),
  },
  (table) => [index('idx_audit_target').on(table.target, table.id)],
);

/**
 * The notices for tasks' notify_hooks: one row for each change that clients can see, written in the
 * transaction that made it, so that no crash can lose it. A task's rows are delivered in the order of its versions.
 */
export const notices = mysqlTable(
  'notices',
  {
    taskId: taskId('task_id').notNull(),
    /** The task's version after the change. */
    version: int('version').notNull(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    /** The exact body of the request, so that every attempt sends the same. */
    body: mediumtext('body').notNull(),
    state: varchar('state', { length: 16 }).$type<NoticeState>().notNull().default('waiting'),
    attempts: int('attempts').notNull().default(0),
    /** Why the last attempt failed, for people. */
    reason: text('reason'),
    createdAt: moment('created_at').notNull(),
    /** When it was delivered or given up. */
    settledAt: moment('settled_at'),
  },
  (table) => [
    primaryKey({ columns: [table.taskId, table.version] }),
    index('idx_notices_state').on(table.state, table.taskId, table.version),
    index('idx_notices_settled').on(table.settledAt),
  ],
);

/**
 * The first task that a user submitted, or picture that they uploaded, under an Idempotency-Key. It is in MySQL, not in
 * Redis, because it must be committed together with the task: a client that repeats a submit must find it, whatever
 * crashed in between.
 */
export const idempotencyKeys = mysqlTable(
  'idempotency_keys',
  {
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    /** SHA-256 of the key, in lower-case hex, because MySQL compares texts without regard to case. */
    keyHash: char('key_hash', { length: 64 }).notNull(),
    requestHash: char('request_hash', { length: 64 }).notNull(),
    taskId: taskId('task_id').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.keyHash] }),
    index('idx_idempotency_created').on(table.createdAt),
  ],
);

/** Midjourney accounts, with their standing and the worker that has them. */
export const accounts = mysqlTable('accounts', {
  name: varchar('name', { length: 64 }).primaryKey(),
  guildId: varchar('guild_id', { length: 20 }),
  channelId: varchar('channel_id', { length: 20 }),
  /** Sealed. null: those of the environment. */
  userToken: text('user_token'),
  botToken: text('bot_token'),
  session: varchar('session', { length: 8 }).$type<'bot' | 'user'>().notNull().default('bot'),
  concurrency: int('concurrency').notNull().default(3),
  /** null: the speed set at Midjourney. */
  speed: varchar('speed', { length: 8 }).$type<Speed>(),
  weight: int('weight').notNull().default(1),
  /** Sealed, because it may contain a password; and the part of it that is shown. */
  proxy: text('proxy'),
  proxyShown: varchar('proxy_shown', { length: 255 }),
  /** Only values that differ from the defaults. */
  pacing: json<Partial<Pacing>>('pacing'),
  /** Whether buttons open forms, as the /settings menu last showed; null: never read. */
  remix: boolean('remix'),
  resumeAfterBlock: boolean('resume_after_block').notNull().default(false),
  enabled: boolean('enabled').notNull().default(true),
  state: varchar('state', { length: 32 }).$type<AccountState>().notNull().default('connecting'),
  /** Only for a refused account, like `until` and `checkLink`. */
  cause: varchar('cause', { length: 32 }).$type<RefusalCause>(),
  reason: text('reason'),
  until: moment('until'),
  checkLink: text('check_link'),
  since: moment('since').notNull(),
  // The column has the name of the field in GET /accounts.
  worker: varchar('driver', { length: 64 }),
  fence: bigint('fence', { mode: 'number' }).notNull().default(0),
  leaseUntil: moment('lease_until'),
});

/** Changes of accounts' states for OPERATOR_HOOK, each written in the transaction that made it. */
export const operatorNotices = mysqlTable(
  'operator_notices',
  {
    id: bigint('id', { mode: 'number' }).autoincrement().primaryKey(),
    /** The exact body of the request, so that every attempt sends the same. */
    body: text('body').notNull(),
    state: varchar('state', { length: 16 }).$type<NoticeState>().notNull().default('waiting'),
    attempts: int('attempts').notNull().default(0),
    /** Why the last attempt failed, for people. */
    reason: text('reason'),
    /** When it is tried next; a worker that tries it postpones this. */
    dueAt: moment('due_at').notNull(),
    createdAt: moment('created_at').notNull(),
    /** When it was delivered or given up. */
    settledAt: moment('settled_at'),
  },
  (table) => [
    index('idx_operator_notices_state').on(table.state, table.id),
    index('idx_operator_notices_settled').on(table.settledAt),
  ],
);

/** Live workers, which share the accounts evenly. */
export const workers = mysqlTable('workers', {
  id: varchar('id', { length: 64 }).primaryKey(),
  aliveUntil: moment('alive_until').notNull(),
});

/** What Midjourney sends that this program does not know, counted by shape, with one redacted sample each. */
export const drift = mysqlTable(
  'drift',
  {
    id: bigint('id', { mode: 'number' }).autoincrement().primaryKey(),
    kind: varchar('kind', { length: 32 }).$type<DriftKind>().notNull(),
    shape: varchar('shape', { length: 255 }).notNull(),
    count: int('count').notNull(),
    firstSeen: moment('first_seen').notNull(),
    lastSeen: moment('last_seen').notNull(),
    sample: json<MessageSample | CommandSample>('sample').notNull(),
  },
  (table) => [
    uniqueIndex('uiq_drift_shape').on(table.kind, table.shape),
    index('idx_drift_seen').on(table.kind, table.lastSeen),
  ],
);

/** Pictures that clients uploaded for describe or as image prompts; Discord has their bytes. */
export const uploads = mysqlTable(
  'uploads',
  {
    id: taskId('id').primaryKey(),
    userId: bigint('user_id', { mode: 'number' }).notNull(),
    account: varchar('account', { length: 64 }).notNull(),
    /** Discord's name for the uploaded file, which commands refer to. */
    uploadFilename: varchar('upload_filename', { length: 255 }).notNull(),
    /** Where its bytes were sent: the answer to a repeated upload with the same Idempotency-Key. */
    uploadUrl: text('upload_url').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [uniqueIndex('uiq_upload_filename').on(table.uploadFilename)],
);

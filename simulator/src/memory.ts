import { randomBytes } from 'node:crypto';
import { type Account, type AccountSpec, Accounts } from './accounts.ts';
import { MessageStore } from './discord/message-store.ts';
import type { Message } from './discord/model.ts';
import type { NewSnowflake } from './discord/snowflake.ts';
import {
  forgetfulJournal,
  type Journal,
  type JournaledAccount,
  type JournalRecord,
  journalPath,
  readJournal,
  rewriteJournal,
} from './journal.ts';
import { isOpen, type Job, Jobs } from './midjourney/jobs.ts';
import { userIdOfToken } from './tokens.ts';

/** The accounts, messages and jobs, which a data folder keeps across restarts. */
export class Memory implements Pick<Journal, 'append'> {
  readonly accounts: Accounts;
  readonly messages = new MessageStore();
  readonly jobs = new Jobs();
  /** Attachment links are signed with it. */
  secret = randomBytes(32).toString('hex');
  readonly #dataDir: string | undefined;
  #journal: Journal = forgetfulJournal;

  constructor(dataDir: string | undefined, newId: NewSnowflake) {
    this.#dataDir = dataDir;
    this.accounts = new Accounts(newId);
  }

  /**
   * Reads what the data folder keeps, and writes nothing yet.
   * @param specs the accounts at the start, which come before those that the data folder remembers
   */
  static async read(
    dataDir: string | undefined,
    specs: AccountSpec[] | undefined,
    newId: NewSnowflake,
  ): Promise<Memory> {
    const memory = new Memory(dataDir, newId);
    const remembered: JournaledAccount[] = [];
    if (dataDir !== undefined) {
      for await (const record of readJournal(journalPath(dataDir))) memory.#recall(record, remembered);
    }
    memory.#addAccountsOfTheStart(specs ?? (remembered.length === 0 ? [{}] : []), remembered);
    return memory;
  }

  /** Begins to keep in the data folder what is and what changes. */
  keep(): void {
    if (this.#dataDir !== undefined) this.#journal = rewriteJournal(this.#dataDir, this.#present());
  }

  append(record: JournalRecord): void {
    this.#journal.append(record);
  }

  close(): void {
    this.#journal.close();
  }

  addAccount(spec: AccountSpec): Account {
    const account = this.accounts.add(spec);
    this.append(accountRecord(account));
    return account;
  }

  forgetJobs(): void {
    this.jobs.clear();
    this.append({ is: 'jobs_forgotten' });
  }

  forgetMessages(): void {
    this.messages.clear();
    this.append({ is: 'messages_forgotten' });
  }

  /** Jobs that the end of an earlier run interrupted, with the message of their result if that was posted before. */
  *interruptedJobs(): Generator<{ job: Job; account: Account; delivered: Message | undefined }> {
    const interrupted = [...this.jobs.all()].filter(isOpen);
    if (interrupted.length === 0) return;
    const delivered = new Map<string, Message>();
    for (const message of this.messages.all()) {
      const source = message.attachments[0]?.source;
      if (source?.kind === 'result') delivered.set(source.jobId, message);
    }
    for (const job of interrupted) {
      const account = this.accounts.ofUser(job.accountUserId);
      if (account) yield { job, account, delivered: delivered.get(job.id) };
    }
  }

  #recall(record: JournalRecord, accounts: JournaledAccount[]): void {
    switch (record.is) {
      case 'secret':
        this.secret = record.secret;
        return;
      case 'account':
        accounts.push(record.account);
        return;
      case 'message':
        this.messages.put(record.message);
        return;
      case 'message_gone':
        this.messages.remove(record.messageId);
        return;
      case 'job':
        this.jobs.put(record.job);
        return;
      case 'jobs_forgotten':
        this.jobs.clear();
        return;
      case 'messages_forgotten':
        this.messages.clear();
        return;
    }
  }

  /** Everything that a journal must hold to restore the present state. */
  *#present(): Generator<JournalRecord> {
    yield { is: 'secret', secret: this.secret };
    for (const account of this.accounts.all()) yield accountRecord(account);
    for (const job of this.jobs.all()) yield { is: 'job', job };
    for (const message of this.messages.all()) yield { is: 'message', message };
  }

  #addAccountsOfTheStart(specs: AccountSpec[], remembered: JournaledAccount[]): void {
    for (const [at, spec] of specs.entries()) {
      const earlier = spec.userToken === undefined ? remembered[at] : undefined;
      this.accounts.add({
        userToken: spec.userToken ?? earlier?.userToken,
        botToken: spec.botToken ?? earlier?.botToken,
        guildId: spec.guildId ?? earlier?.guildId,
        channelId: spec.channelId ?? earlier?.channelId,
        concurrency: spec.concurrency ?? earlier?.concurrency,
        queueSize: spec.queueSize ?? earlier?.queueSize,
      });
    }
    for (const spec of remembered) {
      if (!this.accounts.ofUser(userIdOfToken(spec.userToken, 'the user token'))) this.accounts.add(spec);
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

import type { AccountInfo } from '@midjourney-api/shared/accounts/account-info';
import { findAccount, rememberRemix } from '@midjourney-api/shared/accounts/accounts';
import type { ChangedSettings, WantedSettings } from '@midjourney-api/shared/accounts/midjourney-settings';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { DiscordFacts } from '@midjourney-api/shared/doctor/discord-facts';
import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { formOf } from '@midjourney-api/shared/midjourney/press-facts';
import type { SeedAnswer } from '@midjourney-api/shared/queues/catalogue';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { rememberSeed } from '@midjourney-api/shared/tasks/remember-seed';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { AccountRefused } from '../../discord/rest/account-refused.ts';
import type { DiscordRest } from '../../discord/rest/discord-rest.ts';
import { answered, lookAtDiscord } from '../../doctor/look-at-discord.ts';
import { readAccountInfo } from '../../midjourney/account-info.ts';
import { readSettingsMenu } from '../../midjourney/settings-menu.ts';
import type { AccountUser } from '../session/account-user.ts';
import type { AccountStanding } from '../session/standing.ts';
import { changeSettings } from './change-settings.ts';
import type { Questions } from './questions.ts';
import type { Seeds } from './seeds.ts';

export interface AccountQuestionsContext {
  db: Database;
  user: AccountUser;
  rest: Pick<DiscordRest, 'look'>;
  standing: Pick<AccountStanding, 'isReady'>;
  questions: Questions;
  seeds: Seeds;
  /** Aborted when the account's session stops. */
  stopping: AbortSignal;
}

const remixIsOff =
  "The button takes a prompt in remix mode only, which is off in the account's /settings: the operator switches it on by PATCH /accounts/{name}/settings.";
const remixIsUnknown =
  'The button takes a prompt in remix mode only, and Midjourney did not say whether that is on: submit it again later, or without a prompt.';

/** Answers what operators and clients ask about an account and its pictures. */
export class AccountQuestions {
  readonly #context: AccountQuestionsContext;
  #settingsChange: Promise<unknown> = Promise.resolve();

  constructor(context: AccountQuestionsContext) {
    this.#context = context;
  }

  /** What Midjourney says of the account. @throws when it does not answer, as where a bot listens. */
  async info(): Promise<AccountInfo> {
    return readAccountInfo((await this.#ask('info')).embeds[0]?.description ?? '');
  }

  /** What Discord says of the account now, and Midjourney where a session of the user can ask it. */
  async check(): Promise<DiscordFacts> {
    const { user, rest, standing } = this.#context;
    const canAsk = user.account.session === 'user' && standing.isReady;
    const [discord, midjourney] = await Promise.all([
      lookAtDiscord(user.account, rest),
      canAsk ? this.#askMidjourney() : null,
    ]);
    return { ...discord, midjourney };
  }

  /** Midjourney's settings for the account, after the wanted ones were applied. @throws when it does not answer. */
  async settings(wanted: WantedSettings): Promise<ChangedSettings> {
    const { db, user, questions, stopping } = this.#context;
    const change = () =>
      changeSettings(
        {
          open: () => this.#ask('settings'),
          press: (menu, pressed) => questions.press(menu, pressed, user, stopping),
        },
        wanted,
      );
    // Two changes at once would undo each other's presses.
    const changed = this.#settingsChange.then(change, change);
    this.#settingsChange = changed;
    const { settings } = await changed;
    await rememberRemix(db, user.account.name, settings.remix);
    return changed;
  }

  /** The seed of a task's picture, which is stored with the task. @throws when Midjourney does not name it in time. */
  async seed(id: TaskId): Promise<SeedAnswer> {
    const { db, seeds, stopping } = this.#context;
    const task = await findTask(db, id);
    const jobId = task?.jobId ?? task?.messageHash;
    if (!task?.messageId || !jobId) throw new Error(`Task ${id} has no picture.`);
    const seed = await seeds.ask({ messageId: task.messageId, jobId: jobId.toLowerCase() }, stopping);
    if (seed === undefined) return 'gone';
    await rememberSeed(db, task, seed);
    return { seed };
  }

  /**
   * Why the form that a task is to fill in would not open; undefined: it opens, or the task needs none. Some forms open
   * in remix mode only: without it, the button draws at once, and not what the client wants.
   * @throws {AccountRefused}
   */
  async whyNoForm({ action }: Pick<Task, 'action'>): Promise<string | undefined> {
    if (action.kind !== 'button' || action.prompt === undefined) return undefined;
    if (formOf(parseCustomId(action.customId)) !== 'in remix mode') return undefined;
    const { db, user } = this.#context;
    const known = (await findAccount(db, user.account.name))?.remix ?? null;
    const remix = known ?? (await this.#askRemix());
    if (remix) return undefined;
    return remix === null ? remixIsUnknown : remixIsOff;
  }

  async #askRemix(): Promise<boolean | null> {
    try {
      return (await this.settings({})).settings.remix;
    } catch (error) {
      if (error instanceof AccountRefused) throw error;
      return null;
    }
  }

  #ask(command: 'info' | 'settings') {
    const { questions, user, stopping } = this.#context;
    return questions.ask(command, user, stopping);
  }

  async #askMidjourney(): Promise<DiscordFacts['midjourney']> {
    const [info, settings] = await Promise.all([
      answered(() => this.info()),
      answered(async () => readSettingsMenu((await this.#ask('settings')).components)),
    ]);
    return { info, settings };
  }
}

import type { Database } from '@midjourney-api/shared/database/connect';
import { firstWords } from '@midjourney-api/shared/queues/first-words';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { searchTasks } from '@midjourney-api/shared/tasks/search-tasks';
import { type TaskStatus, taskStatuses } from '@midjourney-api/shared/tasks/statuses';
import { type FailCode, failCodes } from '@midjourney-api/shared/tasks/task';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { readOperatorViews } from '@midjourney-api/shared/tasks/views/operator-view';
import { viewTask } from '@midjourney-api/shared/tasks/views/task-view';
import { getUser } from '@midjourney-api/shared/users/users';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { Complaint } from '../complaint.ts';
import { tableOf } from '../table.ts';
import { findOpenTasks, releaseTasks, type Schedule } from './release.ts';

export type { Schedule } from './release.ts';

export interface TasksContext extends Omit<CommandContext, 'openPictures'> {
  withSchedule<T>(use: (schedule: Schedule) => Promise<T>): Promise<T>;
}

interface ListOptions {
  user?: string;
  account?: string;
  status?: TaskStatus;
  failCode?: FailCode;
  q?: string;
  limit: number;
}

/** Shows anybody's tasks and gives them up. */
export function tasksProgram({ withDatabase, withSchedule, print, actor }: TasksContext): Command {
  const program = new Command('npm run tasks --')
    .description('Show and release anybody’s tasks. <user> is a name or a key.')
    .option('--json', 'print JSON, for scripts')
    .showHelpAfterError()
    .helpCommand(false);
  const asJson = () => program.opts<{ json?: boolean }>().json === true;

  program
    .command('show <id>')
    .description('show everything that operators may know about a task')
    .action((given: string) =>
      withDatabase(async (db) => {
        const task = await findTask(db, taskId(given));
        if (!task) throw new Complaint(`There is no task ${given}.`);
        const views = await readOperatorViews(db, [task]);
        const shown = { ...viewTask(task), ...views.get(task.id) };
        print(asJson() ? `${JSON.stringify(shown, null, 2)}\n` : linesOf(shown));
      }),
    );
  program
    .command('list')
    .description('show tasks, newest first')
    .option('--user <user>', 'of this user')
    .option('--account <name>', 'of this account')
    .addOption(new Option('--status <status>', 'in this status').choices(taskStatuses))
    .addOption(new Option('--fail-code <code>', 'that failed for this reason').choices(failCodes))
    .option('--q <text>', 'with this text in the prompt, or with this id, request id or message id')
    .option('--limit <number>', 'maximum number of tasks', count, 20)
    .action((options: ListOptions) =>
      withDatabase(async (db) => {
        const rows = await listRows(db, options);
        if (asJson()) print(`${JSON.stringify(rows, null, 2)}\n`);
        else print(rows.length === 0 ? 'There is no such task.\n' : tableOf(rows));
      }),
    );
  program
    .command('release [ids...]')
    .description('release open tasks: they fail with "released", and their tokens are refunded')
    .option('--user <user>', 'all of this user')
    .option('--queued', 'of those, only tasks that were not sent yet')
    .action((given: string[], { user, queued = false }: { user?: string; queued?: boolean }) =>
      withDatabase(async (db) => {
        if ((given.length === 0) === (user === undefined)) {
          throw new Complaint('Name the tasks to release, or a user with --user.');
        }
        const ids =
          user === undefined
            ? given.map(taskId)
            : await findOpenTasks(db, (await getUser(db, user)).id, { queued });
        const outcomes = await withSchedule((schedule) => releaseTasks(db, schedule, ids, actor));
        if (asJson()) print(`${JSON.stringify(outcomes, null, 2)}\n`);
        else
          print(
            outcomes.length === 0
              ? 'There is nothing to release.\n'
              : tableOf(outcomes.map((one) => ({ ...one }))),
          );
      }),
    );
  return program;
}

async function listRows(db: Database, { user, ...search }: ListOptions): Promise<Record<string, string>[]> {
  const userId = user === undefined ? undefined : (await getUser(db, user)).id;
  const found = await searchTasks(db, { ...search, userId });
  const views = await readOperatorViews(db, found);
  return found.map((task) => ({
    trigger_id: task.id,
    user: views.get(task.id)?.user ?? '(deleted)',
    account: task.account ?? '',
    trigger_type: task.triggerType,
    status: task.status,
    fail_code: task.failCode ?? '',
    created_at: task.createdAt.toISOString(),
    prompt: firstWords(task.prompt),
  }));
}

function linesOf(shown: object): string {
  const fields = Object.entries(shown).filter(([, value]) => value !== undefined);
  const width = Math.max(...fields.map(([name]) => name.length));
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return fields.map(([name, value]) => `${name.padEnd(width)}  ${text(value)}\n`).join('');
}

function taskId(text: string): TaskId {
  if (!isTaskId(text)) throw new InvalidArgumentError(`"${text}" is no task id.`);
  return text;
}

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1 to 9999.');
  return Number(text);
}

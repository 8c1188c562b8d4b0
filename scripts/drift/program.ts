import type { Database } from '@midjourney-api/shared/database/connect';
import {
  type DriftRecord,
  findDrift,
  forgetDrift,
  listDrift,
} from '@midjourney-api/shared/drift/drift-records';
import { type FailCode, failCodes } from '@midjourney-api/shared/tasks/task';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { Complaint } from '../complaint.ts';
import { tableOf } from '../table.ts';
import { labelledSample, type TaskOutcome, taskOutcomes } from './labelled-sample.ts';

/** Shows what Midjourney sends and this program does not know. */
export function driftProgram({
  withDatabase,
  print,
}: Pick<CommandContext, 'withDatabase' | 'print'>): Command {
  const program = new Command('npm run drift --')
    .description('Show what Midjourney sends that the program does not know, and make samples for tests.')
    .option('--json', 'print JSON, for scripts')
    .showHelpAfterError()
    .helpCommand(false);
  const asJson = () => program.opts<{ json?: boolean }>().json === true;
  const printJson = (value: unknown) => print(`${JSON.stringify(value, null, 2)}\n`);

  program
    .command('list', { isDefault: true })
    .description('show everything unknown, last seen first')
    .action(() =>
      withDatabase(async (db) => {
        const rows = (await listDrift(db)).map(rowOf);
        if (asJson()) printJson(rows);
        else print(rows.length === 0 ? 'Nothing unknown was seen.\n' : tableOf(rows));
      }),
    );
  program
    .command('show <number>')
    .description('show one, with the redacted message that was kept')
    .action((given: string) =>
      withDatabase(async (db) => {
        const found = await find(db, given);
        printJson({ ...rowOf(found), sample: found.sample });
      }),
    );
  program
    .command('sample <number>')
    .description('print it as a sample for test/fixtures/messages-2026.json')
    .addOption(
      new Option('--as <outcome>', 'what should become of the task')
        .choices(taskOutcomes)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--code <code>', 'of a refusal').choices(failCodes))
    .option('--account', 'the refusal is about the account')
    .action((given: string, { as, code, account }: { as: TaskOutcome; code?: FailCode; account?: true }) =>
      withDatabase(async (db) => {
        if ((as === 'refused') !== (code !== undefined))
          throw new Complaint('Give --code with --as refused, and only with that.');
        const found = await find(db, given);
        printJson(labelledSample(found, { task: as, account: account ?? false, ...(code && { code }) }));
      }),
    );
  program
    .command('forget <number>')
    .description('forget one; it is counted again when it occurs again')
    .action((given: string) =>
      withDatabase(async (db) => {
        if (!(await forgetDrift(db, numberIn(given)))) throw unknown(given);
        print(`${given} was forgotten.\n`);
      }),
    );
  return program;
}

async function find(db: Database, given: string): Promise<DriftRecord> {
  const found = await findDrift(db, numberIn(given));
  if (!found) throw unknown(given);
  return found;
}

function rowOf({ id, kind, shape, count, firstSeen, lastSeen }: DriftRecord) {
  return {
    number: id,
    kind,
    shape,
    count,
    first_seen: firstSeen.toISOString(),
    last_seen: lastSeen.toISOString(),
  };
}

function numberIn(given: string): number {
  if (!/^[1-9]\d{0,14}$/.test(given))
    throw new InvalidArgumentError(`"${given}" is none of the numbers of the list.`);
  return Number(given);
}

function unknown(given: string): Complaint {
  return new Complaint(`There is no number ${given}: see "npm run drift".`);
}

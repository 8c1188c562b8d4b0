import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runChaos } from '../test/chaos/chaos.ts';
import type { Sessions } from '../test/chaos/stage.ts';
import { endWithComplaint } from './complaint.ts';
import { printTable } from './table.ts';

/** Runs the service with faults for some minutes, and checks that nothing was lost, drawn twice or mixed up. */

const longRun = { tasks: 2_000, longestFreezeMs: 40_000 };
const shortRun = { tasks: 500, longestFreezeMs: 14_000 };

const { seed, tasks, long, sessions } = new Command('npm run test:chaos --')
  .description(
    'Run the service while processes, networks and databases fail, then check what must always hold.',
  )
  .option('--seed <number>', 'repeat the run that had this seed', wholeNumber, randomInt(2 ** 31))
  .option('--tasks <number>', 'how many tasks: 500, or 2000 with --long', wholeNumber)
  .option('--long', 'a run of at least 2000 tasks, with processes frozen for up to 40 seconds', false)
  .addOption(
    new Option('--sessions <kind>', 'who listens for the two accounts')
      .choices(['mixed', 'bot', 'user'])
      .default('mixed', 'a bot for one, its user for the other'),
  )
  .parse()
  .opts<{ seed: number; tasks?: number; long: boolean; sessions: Sessions }>();
const run = long ? longRun : shortRun;

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

async function main(): Promise<void> {
  const options = { ...run, ...(tasks !== undefined && { tasks }), seed, sessions };
  console.log(`seed ${seed}, ${options.tasks} tasks`);
  const summary = await runChaos({ ...options, say: console.log });
  console.log('');
  printTable([
    {
      seed: summary.seed,
      seconds: summary.seconds,
      tasks: summary.tasks,
      succeeded: summary.succeeded,
      ...summary.failed,
      'drawn in vain': summary.drawnInVain,
      'from windows': summary.fromWindows,
      'pictures compared': summary.compared.pictures,
      'texts compared': summary.compared.texts,
    },
  ]);
  console.log('');
  printTable(Object.entries(summary.faults).map(([fault, times]) => ({ fault, times })));
  console.log('');
  printTable(
    Object.entries(summary.memory).map(([process, megabytes]) => ({ process, 'most MB': megabytes })),
  );
  console.log('');
  for (const line of summary.broken) console.log(`BROKEN: ${line}`);
  console.log(
    summary.broken.length === 0
      ? 'Everything that must hold held.'
      : `${summary.broken.length} violations. Repeat with: npm run test:chaos -- ${long ? '--long ' : ''}--seed ${seed} --tasks ${options.tasks} --sessions ${sessions}`,
  );
  process.exit(summary.broken.length === 0 ? 0 : 1);
}

main().catch(endWithComplaint);

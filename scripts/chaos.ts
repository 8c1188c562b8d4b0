import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { runChaos } from '../test/chaos/chaos.ts';
import { endWithComplaint } from './complaint.ts';
import { printTable } from './table.ts';

/** Lets everything go wrong for a few minutes, and tells whether anything was lost, drawn twice or mixed up. */

const { seed, tasks } = new Command('npm run test:chaos --')
  .description('Run the service while everything goes wrong that can, then check what must always hold.')
  .option('--seed <number>', 'repeat the run that had this seed', wholeNumber, randomInt(2 ** 31))
  .option('--tasks <number>', 'how many tasks', wholeNumber, 500)
  .parse()
  .opts<{ seed: number; tasks: number }>();

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

async function main(): Promise<void> {
  console.log(`seed ${seed}, ${tasks} tasks`);
  const summary = await runChaos({ seed, tasks, say: console.log });
  console.log('');
  printTable([
    {
      seed: summary.seed,
      seconds: summary.seconds,
      tasks: summary.tasks,
      succeeded: summary.succeeded,
      ...summary.failed,
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
      : `Repeat with: npm run test:chaos -- --seed ${seed} --tasks ${tasks}`,
  );
  process.exit(summary.broken.length === 0 ? 0 : 1);
}

main().catch(endWithComplaint);

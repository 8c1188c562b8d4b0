import path from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { cases } from '../test/bench/cases.ts';
import { costRows, resultRows } from '../test/bench/report/table.ts';
import { writeReport } from '../test/bench/report/write-report.ts';
import { runBench } from '../test/bench/run-bench.ts';
import { Complaint, endWithComplaint } from './complaint.ts';
import { dataDirectory } from './environment.ts';
import { printTable } from './table.ts';

/** Measures how fast the service is, next to floors measured in the same run. */

const program = new Command('npm run bench --')
  .description('Measure how fast the service is, each case with its floor; all cases if none is named.')
  .addArgument(new Argument('[case...]', 'what to measure').choices(cases.map(({ name }) => name)))
  .option('--seconds <number>', 'how long one measurement lasts, about', positive, 5)
  .option('--rounds <number>', 'how often each is repeated, alternating with its floor', positive, 3)
  .addHelpText(
    'after',
    `\nCases:\n${cases.map(({ name, about }) => `  ${name.padEnd(20)} ${about}`).join('\n')}`,
  )
  .parse();

function positive(text: string): number {
  if (!(Number(text) > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return Number(text);
}

async function main(): Promise<void> {
  if (process.platform !== 'linux') {
    throw new Complaint('The benchmark needs Linux, which shows what each process uses under /proc.');
  }
  const { seconds, rounds } = program.opts<{ seconds: number; rounds: number }>();
  const wanted = program.args.length === 0 ? cases : cases.filter(({ name }) => program.args.includes(name));
  const resultsDir = path.join(dataDirectory(process.env), 'bench');
  const run = await runBench({ cases: wanted, seconds, rounds, parentDir: resultsDir, say: console.log });
  console.log('');
  for (const rows of [resultRows(run.outcomes), costRows(run.outcomes)]) {
    printTable(rows);
    console.log('');
  }
  for (const file of writeReport(run, resultsDir)) console.log(file);
  for (const failure of run.failures) console.log(`\nFAILED: ${failure}`);
  process.exit(run.failures.length === 0 ? 0 : 1);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
main().catch(endWithComplaint);

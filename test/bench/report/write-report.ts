import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeMachine } from '../machine.ts';
import type { BenchRun } from '../run-bench.ts';
import { drawChart } from './chart.ts';
import { markdownTable } from './markdown.ts';
import { costRows, resultRows } from './table.ts';

/** Writes what was measured for programs, as a table for the documentation, and as a chart. @returns the files. */
export function writeReport(run: BenchRun, folder: string): string[] {
  const machine = describeMachine(run.durability);
  const files = {
    'results.json': `${JSON.stringify({ machine, ...run }, null, 2)}\n`,
    'results.md': `${machine}\n\n${[resultRows, costRows].map((rows) => markdownTable(rows(run.outcomes))).join('\n\n')}\n`,
    'chart.svg': drawChart(run.outcomes, 'npm run bench: how far each case is from its target'),
  };
  mkdirSync(folder, { recursive: true });
  return Object.entries(files).map(([name, content]) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  });
}

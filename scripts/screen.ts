import { Presets, SingleBar } from 'cli-progress';
import type { RunningCopy } from './run-file.ts';

/** What a person sees during a start. Everything else is in the logs. */
export const screen = {
  step(line: string): void {
    console.log(`  ✓ ${line}`);
  },

  note(line: string): void {
    console.log(`  ${line}`);
  },

  /** Something went wrong that does not end the run. */
  trouble(line: string): void {
    console.error(`  ! ${line}`);
  },

  /** A progress bar; nothing if the output is not a terminal. */
  progress(): { update(percent: number): void; end(): void } {
    const bar = new SingleBar(
      { format: '    {bar} {percentage} %', hideCursor: true },
      Presets.shades_classic,
    );
    bar.start(100, 0);
    return { update: (percent) => bar.update(percent), end: () => bar.stop() };
  },

  ready(run: RunningCopy, logs: string): void {
    console.log(`
  API           ${run.apiUrl}/v1/api/trigger
  Docs          ${run.apiUrl}/docs
  Queues        ${run.apiUrl}/admin/queues (any user name, the operator key as the password)
${keys(run)}
  Logs          ${logs}

  Try it:

${exampleRequest(run)}

  Ctrl-C stops everything.
`);
  },
};

function keys({ appKey, operatorKey }: RunningCopy): string {
  if (appKey === undefined) {
    return '  Users         yours; npm run users -- create NAME TOKENS makes one, with --role operator an operator';
  }
  return `  Demo key      ${appKey}\n  Operator key  ${operatorKey}`;
}

/** A command to paste into a shell; with a placeholder if there is no key to show. */
function exampleRequest({ apiUrl, appKey = 'KEY' }: RunningCopy): string {
  return [
    `curl -X POST "${apiUrl}/v1/api/trigger/imagine"`,
    `-H "Authorization: Bearer ${appKey}"`,
    '-H "Content-Type: application/json"',
    `-d '{"prompt": "a beautiful sunset", "picurl": null}'`,
  ].join(' ');
}

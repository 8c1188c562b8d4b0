import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { Command, InvalidArgumentError } from 'commander';
import type { DiscordAccount } from '../../worker/src/discord/discord-account.ts';
import { createDiscordRest } from '../../worker/src/discord/rest/discord-rest.ts';
import { createWorkerMetrics } from '../../worker/src/metrics.ts';
import { recordAccount } from '../../worker/src/recording/record-account.ts';
import type { Received } from '../../worker/src/recording/redact-recording.ts';
import { Complaint } from '../complaint.ts';

export interface RecordContext {
  /** @throws {Complaint} if there is no such account, or this machine cannot open its tokens. */
  openAccount(name: string): Promise<{ account: DiscordAccount; apiUrl: string }>;
  print(text: string): void;
  /** Aborted when the operator has seen enough. */
  enough: AbortSignal;
}

interface RecordCommandOptions {
  account: string;
  minutes: number;
  out?: string;
  yes?: true;
}

/** Writes what an account receives into a file, for samples and reports. */
export function recordProgram({ openAccount, print, enough }: RecordContext): Command {
  return new Command('npm run record --')
    .description(
      'Record what Midjourney sends to an account, redacted, in a separate gateway session. Sends nothing; Ctrl-C ends it earlier.',
    )
    .requiredOption('--account <name>', 'which account')
    .option('--minutes <number>', 'for how long', minutes, 10)
    .option('--out <file>', 'file to write; recording-<account>.jsonl by default')
    .option('--yes', 'record even if it takes a session of the user')
    .allowExcessArguments(false)
    .showHelpAfterError()
    .action(async ({ account: name, minutes, out, yes }: RecordCommandOptions) => {
      const { account, apiUrl } = await openAccount(name);
      if (account.session === 'user' && !yes) {
        throw new Complaint(
          'The user of this account listens, so recording signs in as that user a second time, and asks for the history and the commands: three more calls with the user’s token. Say --yes if you want that.',
        );
      }
      const file = path.resolve(out ?? `recording-${name}.jsonl`);
      // Created now, so that a wrong path does not waste ten minutes.
      writeNew(file);
      const ended = AbortSignal.any([enough, AbortSignal.timeout(minutes * 60_000)]);
      const received = await recordAccount({
        account,
        rest: createDiscordRest(apiUrl, account, createWorkerMetrics('record'), {
          onAccountRefused: () => {},
        }),
        signal: ended,
        onListening: () => print(`Recording for ${minutes} minutes; Ctrl-C ends it earlier.\n`),
        log: createLogger('record', 'silent'),
      });
      writeFileSync(file, received.map((each) => `${JSON.stringify(each)}\n`).join(''));
      print(`${summary(received)} in ${file}. Review it before you pass it on.\n`);
    });
}

function writeNew(file: string): void {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Complaint(`${file} cannot be made: choose another one with --out (${reason})`);
  }
}

function summary(received: readonly Received[]): string {
  const events = received.filter((each) => 't' in each).length;
  return `${events} events and ${received.length - events} answers are`;
}

function minutes(text: string): number {
  const number = Number(text);
  if (!(number > 0 && number <= 1_440))
    throw new InvalidArgumentError('It must be a number of minutes, a day at most.');
  return number;
}

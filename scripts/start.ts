import path from 'node:path';
import { Command } from 'commander';
import { bringUp } from './bring-up/bring-up.ts';
import { Complaint, endWithComplaint, oneLine } from './complaint.ts';
import { demoPrompt, drawPicture } from './demo.ts';
import { loadEnvironmentFile } from './environment.ts';
import { Fleet } from './fleet.ts';
import { type RunningCopy, removeRunFile, takeDataDirectory, writeRunFile } from './run-file.ts';
import { screen } from './screen.ts';
import { keepLogsSmall } from './services/log-file.ts';
import { readStartSettings, type StartSettings } from './start-settings.ts';

/** Why a run ends when nothing is wrong. Any other reason is an error. */
const askedToStop = 'asked to stop';

const { demo } = new Command('npm start --')
  .description('Runs everything on this machine, in the foreground, until Ctrl-C.')
  .option('--no-demo', 'do not draw a picture after the start')
  .allowExcessArguments(false)
  .parse()
  .opts<{ demo: boolean }>();

const settings = readSettings();
const giveBack = takeDataDirectoryOrEnd(settings.dataDir);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stop.abort(askedToStop));
// The terminal may be gone before this is: that must not keep it from stopping the rest.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});

for (const doubt of settings.doubts) screen.trouble(doubt);

const fleet = new Fleet();
const stopRotating = keepLogsSmall(path.join(settings.dataDir, 'logs'));
try {
  await run();
} catch (error) {
  // A failure that follows from being asked to stop, or from an earlier failure, is not the reason.
  stop.abort(error);
}
const { reason } = stop.signal;
if (reason === askedToStop) screen.note('Stopping…');
await fleet.stop();
stopRotating();
removeRunFile(settings.dataDir);
giveBack();
if (reason !== askedToStop) endWithComplaint(reason);
process.exit(0);

/** Resolves when it is asked to stop. */
async function run(): Promise<void> {
  const began = performance.now();
  let running: RunningCopy | undefined;
  const recordRun = () => {
    if (running === undefined || stop.signal.aborted) return;
    try {
      writeRunFile(settings.dataDir, { ...running, processes: fleet.processes() });
    } catch (error) {
      screen.trouble(`run.json is out of date: ${oneLine(error)}`);
    }
  };

  running = await bringUp({
    settings,
    env: process.env,
    fleet,
    signal: stop.signal,
    onChange: recordRun,
    onTrouble: (line, { started }) => {
      if (stop.signal.aborted) return;
      // What dies before it has ever worked would die again: the user has to put something right.
      if (!started) stop.abort(new Complaint(line));
      else screen.trouble(line);
    },
  });
  recordRun();
  screen.step(`running after ${((performance.now() - began) / 1000).toFixed(1)} s`);

  const { appKey } = running;
  if (demo && !settings.discord && appKey) await drawDemo({ apiUrl: running.apiUrl, appKey }, settings);
  screen.ready(running, path.join(settings.dataDir, 'logs'));
  await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }));
}

async function drawDemo({ apiUrl, appKey }: { apiUrl: string; appKey: string }, { dataDir }: StartSettings) {
  const prompt = demoPrompt();
  screen.note(`Drawing “${prompt}”`);
  const bar = screen.progress();
  try {
    const file = await drawPicture(prompt, {
      apiUrl,
      appKey,
      folder: path.join(dataDir, 'pictures'),
      onProgress: bar.update,
      signal: stop.signal,
    });
    bar.update(100);
    bar.end();
    screen.step(`picture: ${file}`);
  } catch (error) {
    bar.end();
    stop.signal.throwIfAborted();
    screen.trouble(`no picture was drawn: ${oneLine(error)}`);
  }
}

function readSettings(): StartSettings {
  try {
    loadEnvironmentFile(process.env);
    return readStartSettings(process.env);
  } catch (error) {
    endWithComplaint(error);
  }
}

function takeDataDirectoryOrEnd(dataDir: string): () => void {
  try {
    return takeDataDirectory(dataDir);
  } catch (error) {
    endWithComplaint(error);
  }
}

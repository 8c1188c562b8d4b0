import type { Stage } from '../fleet.ts';
import { type LaunchOptions, launch, logFile } from '../launch.ts';
import { followLog } from '../services/follow-log.ts';
import { logComplaint, logEnd, readLogLine } from '../services/log-file.ts';
import type { ServerProcess } from '../services/server-process.ts';
import { describeTrouble, SupervisedProcess, type Trouble } from '../services/supervised-process.ts';
import type { BringUpOptions } from './options.ts';

/** How often the same warning is reported. */
const warnEveryMs = 60_000;

export interface Program extends Omit<LaunchOptions, 'dataDir'> {
  stage: Stage;
  launchWith?: (options: LaunchOptions) => Promise<ServerProcess>;
}

/** Starts programs under supervision, and reports their failures. */
export class Starter {
  readonly #options: BringUpOptions;
  readonly #warnedAt = new Map<string, number>();
  #allStarted = false;

  constructor(options: BringUpOptions) {
    this.#options = options;
  }

  /** For the services, which supervise themselves. */
  get serviceOptions() {
    const { settings, signal, onChange } = this.#options;
    return {
      dataDir: settings.dataDir,
      signal,
      onChange,
      onTrouble: (trouble: Trouble) => this.#report(trouble, ''),
    };
  }

  addService(server: SupervisedProcess): void {
    this.#options.fleet.add('services', server);
  }

  /** From now on, the rest keeps running if something dies. */
  markAllStarted(): void {
    this.#allStarted = true;
  }

  /** Resolves when the program is ready. */
  async start({ stage, launchWith = launch, ...program }: Program): Promise<void> {
    const { settings, fleet, signal, onChange } = this.#options;
    const options = { ...program, dataDir: settings.dataDir };
    const file = logFile(options);
    let logFrom = 0;
    const supervised = new SupervisedProcess({
      name: stage,
      launch: () => {
        logFrom = logEnd(file);
        return launchWith(options);
      },
      onChange,
      onTrouble: (trouble) => this.#report(trouble, logComplaint(file, logFrom)),
    });
    fleet.add(stage, supervised);
    await supervised.start(signal);
    // Only a worker knows the state of the Discord account.
    if (stage === 'worker') followLog(file, (line) => this.#passOn(stage, line));
  }

  warn(name: string, text: string): void {
    if (Date.now() - (this.#warnedAt.get(text) ?? 0) < warnEveryMs) return;
    this.#warnedAt.set(text, Date.now());
    this.#options.onTrouble(`${name}: ${text}`, { started: true });
  }

  #passOn(name: string, line: string): void {
    const { text, severity } = readLogLine(line);
    if (severity !== 'information') this.warn(name, text);
  }

  #report(trouble: Trouble, complaint: string): void {
    const started = this.#allStarted;
    const line = started || complaint === '' ? describeTrouble(trouble) : `${trouble.what}: ${complaint}`;
    this.#options.onTrouble(line, { started });
  }
}

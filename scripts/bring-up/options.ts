import type { Fleet } from '../fleet.ts';
import type { StartSettings } from '../start-settings.ts';

export interface BringUpOptions {
  settings: StartSettings;
  env: NodeJS.ProcessEnv;
  /** Everything that was started is in here, also when it fails. */
  fleet: Fleet;
  /** Gives up. */
  signal: AbortSignal;
  /** The processes in the fleet changed. */
  onChange: () => void;
  /** A process died or warns. `started`: everything was up before that, so the rest keeps running. */
  onTrouble: (line: string, about: { started: boolean }) => void;
}

import type { Fleet } from '../fleet.ts';
import type { StartSettings } from '../start-settings.ts';

export interface BringUpOptions {
  settings: StartSettings;
  env: NodeJS.ProcessEnv;
  /** Contains everything that was started, even after a failure. */
  fleet: Fleet;
  /** Aborts the start. */
  signal: AbortSignal;
  /** The processes in the fleet changed. */
  onChange: () => void;
  /** A process died or warns. `started`: everything had started before, so the rest keeps running. */
  onTrouble: (line: string, about: { started: boolean }) => void;
}

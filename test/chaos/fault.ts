import type { Random } from './random.ts';
import type { Stage } from './stage.ts';

export interface FaultContext {
  stage: Stage;
  random: Random;
  longestFreezeMs: number;
  /** Aborted when everything has been submitted: what lasts ends then. */
  over: AbortSignal;
}

/** Settles when the fault is over, if it lasts. */
export type Fault = (context: FaultContext) => Promise<void>;

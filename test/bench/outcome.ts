import { type Latency, median } from './measures/statistics.ts';

/** What a case has to reach: of itself, or compared with its floor. */
export interface Target {
  of: 'ratio' | 'value';
  atLeast?: number;
  atMost?: number;
}

/** What a case measured. */
export interface Measurement {
  name: string;
  unit: string;
  /** One value for each round. */
  rounds: number[];
  /** The floor's, measured right before or after. */
  floorRounds?: number[];
  target: Target;
  /** The rate of requests that it was measured at, where that was chosen. */
  perSecond?: number;
  latencyMs?: Latency;
  floorLatencyMs?: Latency;
  /** Processor time by process, for each request or task, in ms. */
  cpuMs?: Record<string, number>;
  floorCpuMs?: Record<string, number>;
  peakMb?: Record<string, number>;
}

export interface Outcome extends Measurement {
  median: number;
  min: number;
  max: number;
  /** Median over the rounds of the case against the floor in the same round. */
  ratio?: number;
  /** How far it got: 1 and more is met. */
  reached: number;
  met: boolean;
}

export function judge(measurement: Measurement): Outcome {
  const { rounds, floorRounds, target } = measurement;
  const middle = median(rounds);
  const ratio = floorRounds && median(rounds.map((value, i) => value / (floorRounds[i] ?? Number.NaN)));
  const reached = reachedBy(target.of === 'ratio' ? (ratio ?? Number.NaN) : middle, target);
  return {
    ...measurement,
    median: middle,
    min: Math.min(...rounds),
    max: Math.max(...rounds),
    ...(ratio !== undefined && { ratio }),
    reached,
    met: reached >= 1,
  };
}

/** How far a ratio or a value is, as a multiple of the target that is more when it is better. */
export function reachedBy(judged: number, { atLeast, atMost = Number.NaN }: Target): number {
  return atLeast === undefined ? atMost / judged : judged / atLeast;
}

export function targetText({ of, atLeast, atMost }: Target, unit: string): string {
  const sign = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  return of === 'ratio' ? `${sign} ×` : `${sign} ${unit}`;
}

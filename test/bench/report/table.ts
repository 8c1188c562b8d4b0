import { median } from '../measures/statistics.ts';
import { type Outcome, targetText } from '../outcome.ts';
import { number, parts } from './numbers.ts';

/** The results of each case, for the terminal and the documentation. */
export function resultRows(outcomes: Outcome[]): Record<string, string>[] {
  return outcomes.map((outcome) => ({
    case: outcome.name,
    unit: outcome.unit,
    median: number(outcome.median),
    'min–max': `${number(outcome.min)}–${number(outcome.max)}`,
    floor: outcome.floorRounds ? number(median(outcome.floorRounds)) : '',
    ratio: outcome.ratio === undefined ? '' : `${number(outcome.ratio)} ×`,
    target: targetText(outcome.target, outcome.unit),
    met: outcome.met ? 'yes' : 'NO',
    'at /s': outcome.perSecond === undefined ? '' : number(outcome.perSecond),
    'p50 / p95 / p99 ms': latencyText(outcome.latencyMs),
    'of the floor': latencyText(outcome.floorLatencyMs),
  }));
}

/** What each case used, of those that use it for requests or tasks. */
export function costRows(outcomes: Outcome[]): Record<string, string>[] {
  return outcomes
    .filter(({ cpuMs, peakMb }) => cpuMs ?? peakMb)
    .map((outcome) => ({
      case: outcome.name,
      'CPU-ms each': parts(outcome.cpuMs),
      'of the floor': parts(outcome.floorCpuMs),
      'peak MB': parts(outcome.peakMb),
    }));
}

function latencyText(latency: Outcome['latencyMs']): string {
  return latency ? [latency.p50, latency.p95, latency.p99].map(number).join(' / ') : '';
}

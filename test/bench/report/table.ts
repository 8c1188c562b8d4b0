import { type Outcome, targetText } from '../outcome.ts';
import { number, parts } from './numbers.ts';

/** One line for each outcome, as the terminal and the documentation show it. */
export function tableRows(outcomes: Outcome[]): Record<string, string>[] {
  return outcomes.map((outcome) => ({
    case: outcome.name,
    unit: outcome.unit,
    median: number(outcome.median),
    'min–max': `${number(outcome.min)}–${number(outcome.max)}`,
    ratio: outcome.ratio === undefined ? '' : number(outcome.ratio),
    target: targetText(outcome.target, outcome.unit),
    met: outcome.met ? 'yes' : 'NO',
    'p50/95/99 ms': latencyText(outcome.latencyMs),
    'floor p50/95/99 ms': latencyText(outcome.floorLatencyMs),
    'CPU-ms each': parts(outcome.cpuMs),
    'floor CPU-ms each': parts(outcome.floorCpuMs),
    'peak MB': parts(outcome.peakMb),
  }));
}

function latencyText(latency: Outcome['latencyMs']): string {
  return latency ? [latency.p50, latency.p95, latency.p99].map(number).join(' / ') : '';
}

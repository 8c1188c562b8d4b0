import { type Bench, WrongAnswers } from './bench-case.ts';
import type { LoadRequest, LoadResult } from './load/plan.ts';
import { type Latency, median, medianRecord } from './measures/statistics.ts';
import { cpuMs, cpuMsSince, forgetPeaks, type Processes, peakMb } from './measures/usage.ts';
import type { Measurement } from './outcome.ts';

/** A server under load: the case, or its floor. */
export interface Side {
  url: string;
  requests: LoadRequest[];
  processes: Processes;
  /** What every request is answered with. */
  status: number;
  /** Makes everything as it was before the first request. */
  begin?(): Promise<void>;
  /** @throws WrongAnswers unless exactly what so many requests ask for is stored. */
  check?(answered: number): Promise<void>;
}

/** What one side did in one round. */
export interface Round {
  perSecond: number;
  latencyMs: Latency;
  cpuMs: Record<string, number>;
  peakMb: Record<string, number>;
}

export interface Compared {
  measured: Round[];
  floor: Round[];
}

export interface HowToSend {
  connections: number;
  /** Sent evenly at this rate; as fast as answered when left out. */
  perSecond?: number;
}

const firstAmount = 200;
/** With fewer requests there is no 99th percentile to speak of. */
const fewest = 500;

/** Loads the case and its floor alternately, after both are warm. Which comes first changes with each round. */
export async function compare(bench: Bench, side: Side, floor: Side, how: HowToSend): Promise<Compared> {
  const amountOf = async (one: Side) =>
    how.perSecond
      ? Math.max(how.perSecond * bench.seconds, fewest)
      : (await warmUp(bench, one, how)) * bench.seconds;
  const amount = await amountOf(side);
  const floorAmount = await amountOf(floor);
  const compared: Compared = { measured: [], floor: [] };
  for (let round = 0; round < bench.rounds; round++) {
    const loads = [
      async () => compared.measured.push(await sendRound(bench, side, how, amount)),
      async () => compared.floor.push(await sendRound(bench, floor, how, floorAmount)),
    ];
    if (round % 2 === 1) loads.reverse();
    for (const load of loads) await load();
  }
  return compared;
}

/** Sends more and more, until it takes as long as a round. @returns how many a second were answered. */
export async function warmUp(bench: Bench, side: Side, how: HowToSend): Promise<number> {
  for (let amount = firstAmount; ; ) {
    const { perSecond } = await sendRound(bench, side, how, amount);
    if (amount / perSecond >= bench.seconds / 2) return perSecond;
    amount = Math.max(amount * 2, perSecond * bench.seconds);
  }
}

export async function sendRound(bench: Bench, side: Side, how: HowToSend, wanted: number): Promise<Round> {
  const amount = Math.max(how.connections, Math.round(wanted));
  await side.begin?.();
  forgetPeaks(side.processes);
  const before = cpuMs(side.processes);
  const result = await bench.load.send({ ...how, url: side.url, requests: side.requests, amount });
  const used = cpuMsSince(before, side.processes);
  const peaks = peakMb(side.processes);
  checkAnswers(result, side.status, amount);
  await side.check?.(amount);
  return {
    perSecond: amount / result.seconds,
    latencyMs: result.latencyMs,
    cpuMs: Object.fromEntries(Object.entries(used).map(([name, ms]) => [name, ms / amount])),
    peakMb: peaks,
  };
}

function checkAnswers({ statuses, errors }: LoadResult, status: number, amount: number): void {
  if (errors === 0 && statuses[status] === amount) return;
  throw new WrongAnswers(
    `${amount} requests should all be answered with ${status}; answers by status: ${JSON.stringify(statuses)}, without an answer: ${errors}`,
  );
}

/** Requests per second against the floor's. */
export async function measureThroughput(
  bench: Bench,
  named: { name: string; atLeast: number; connections: number },
  side: Side,
  floor: Side,
): Promise<Measurement> {
  const { name, atLeast, connections } = named;
  const compared = await compare(bench, side, floor, { connections });
  return {
    name,
    unit: 'requests/s',
    rounds: compared.measured.map(({ perSecond }) => perSecond),
    floorRounds: compared.floor.map(({ perSecond }) => perSecond),
    target: { of: 'ratio', atLeast },
    ...details(compared),
  };
}

/** What the table shows besides the measured value. */
export function details({ measured, floor }: Compared) {
  return {
    latencyMs: medianLatency(measured),
    floorLatencyMs: medianLatency(floor),
    cpuMs: medianRecord(measured.map((round) => round.cpuMs)),
    floorCpuMs: medianRecord(floor.map((round) => round.cpuMs)),
    peakMb: medianRecord(measured.map((round) => round.peakMb)),
  };
}

function medianLatency(rounds: Round[]): Latency {
  const [p50, p95, p99] = (['p50', 'p95', 'p99'] as const).map((part) =>
    median(rounds.map(({ latencyMs }) => latencyMs[part])),
  );
  return { p50: p50 ?? Number.NaN, p95: p95 ?? Number.NaN, p99: p99 ?? Number.NaN };
}

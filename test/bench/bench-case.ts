import type { BenchServices } from './bench-services.ts';
import type { Load } from './load/load.ts';
import type { Measurement } from './outcome.ts';

export interface Bench {
  services: BenchServices;
  load: Load;
  /** The approximate duration of one measurement. */
  seconds: number;
  /** How often each is repeated, alternating with its floor. */
  rounds: number;
  say(line: string): void;
}

export interface BenchCase {
  name: string;
  about: string;
  /** @throws WrongAnswers if answers or stored rows are wrong. */
  run(bench: Bench): Promise<Measurement[]>;
}

/** The service was fast at the wrong thing. */
export class WrongAnswers extends Error {
  override readonly name = 'WrongAnswers';
}

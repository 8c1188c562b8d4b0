import type { BenchServices } from './bench-services.ts';
import type { Load } from './load/load.ts';
import type { Measurement } from './outcome.ts';

export interface Bench {
  services: BenchServices;
  load: Load;
  /** How long one measurement lasts, about. */
  seconds: number;
  /** How often each is repeated, alternating with its floor. */
  rounds: number;
  say(line: string): void;
}

export interface BenchCase {
  name: string;
  about: string;
  /** @throws WrongAnswers when what was answered or stored is not what must be. */
  run(bench: Bench): Promise<Measurement[]>;
}

/** The service was fast at the wrong thing. */
export class WrongAnswers extends Error {
  override readonly name = 'WrongAnswers';
}

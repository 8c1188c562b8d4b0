import type { AccountSpec } from './accounts.ts';

export interface SimulatorOptions {
  host?: string;
  /** 0 for any free port. */
  port?: number;
  controlPort?: number;
  /** How others reach it, e.g. `http://simulator:8085`; by default host and port. */
  publicUrl?: string;
  /** How long an imagine takes; picks take a sixth, upscales half of it. */
  drawMs?: number;
  /** The side of a square picture in pixels. */
  imageSize?: number;
  /** Draw pictures only when they are opened, with estimated sizes until then. For load tests. */
  lazyPictures?: boolean;
  /** Every result of the same size is the same picture, drawn once. For load tests. */
  onePicture?: boolean;
  /** Where messages and jobs are kept; without one they are forgotten at the end. */
  dataDir?: string;
  /** The accounts at the start. Without them: those of the data folder, or one new one. */
  accounts?: AccountSpec[];
  /** How long attachment links are good for. */
  linkLifetimeMs?: number;
  heartbeatIntervalMs?: number;
  /**
   * How long after an interaction was taken the bot acts: at Midjourney about 100 ms. By default at once,
   * perhaps before the answer, which is stricter.
   */
  botDelayMs?: number;
  /** The model of prompts that name none, such as `7`; until it is switched. */
  defaultModel?: string;
  /** How long after its frame was opened the editor takes a region: at Midjourney about 10 s. */
  frameLifetimeMs?: number;
  log?: (line: string) => void;
}

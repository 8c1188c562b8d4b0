import type { Database } from '@midjourney-api/shared/database/connect';
import type { Drift } from '@midjourney-api/shared/drift/drift';
import { recordDrift } from '@midjourney-api/shared/drift/drift-records';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { LRUCache } from 'lru-cache';
import type { ApplicationCommand } from '../discord/rest/interaction-requests.ts';
import type { WorkerMetrics } from '../metrics.ts';
import { type DriftedMessage, driftIn } from './drift-in.ts';

export interface DriftLogOptions {
  db: Database;
  metrics: Pick<WorkerMetrics, 'drift'>;
  log: Logger;
}

/** Counts what is new at Midjourney, and keeps a sample of each shape for `npm run drift`. */
export class DriftLog {
  readonly #options: DriftLogOptions;
  /** The same message may come again: edited, or when the history is read. */
  readonly #noted = new LRUCache<string, true>({ max: 10_000 });

  constructor(options: DriftLogOptions) {
    this.#options = options;
  }

  message(drifted: DriftedMessage): void {
    for (const drift of driftIn(drifted)) this.#note(drifted.message.id, drift);
  }

  /** A command has another version than before. */
  command({ id, name, version }: ApplicationCommand): void {
    this.#note(`${id} ${version}`, {
      kind: 'command',
      shape: `/${name}`,
      sample: { command: { name, version } },
    });
  }

  #note(source: string, drift: Drift): void {
    const { kind, shape } = drift;
    const key = [source, kind, shape].join('\n');
    if (this.#noted.has(key)) return;
    this.#noted.set(key, true);
    const { db, metrics, log } = this.#options;
    metrics.drift.inc({ kind });
    log.info(
      { kind, shape },
      'Midjourney sent something that this program does not know: see "npm run drift"',
    );
    recordDrift(db, drift).catch((err) => log.debug({ err }, 'could not record what is new at Midjourney'));
  }
}

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ShownTask } from '../system/client.ts';
import type { Random } from './random.ts';

/** One thing that a customer asked for, once, however often the request had to be repeated. */
export interface Submission {
  path: string;
  body: Record<string, unknown>;
  id: string;
  /** Of a follow-up. */
  parent?: ShownTask;
}

const followUps: readonly [
  (random: Random) => [string, object],
  ...((random: Random) => [string, object])[],
] = [
  (random) => ['/upscale', { index: random.between(1, 4) }],
  (random) => ['/upscale', { index: random.between(1, 4) }],
  (random) => ['/variation', { index: random.between(1, 4) }],
  () => ['/reset', {}],
];

/** A customer's program: submits, repeats what got no answer under the same key, and presses buttons. */
export class Customer {
  readonly name: string;
  readonly submissions: Submission[] = [];
  readonly #client: Client;
  readonly #random: Random;

  constructor(name: string, client: Client, random: Random) {
    this.name = name;
    this.#client = client;
    this.#random = random;
  }

  get client(): Client {
    return this.#client;
  }

  async submitMany(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await delay(this.#random.between(0, 900));
      const parent = this.#random.chance(0.3) ? await this.#aFinishedGrid() : undefined;
      if (parent) {
        const [path, body] = this.#random.pick(followUps)(this.#random);
        await this.#submit(path, { trigger_id: parent.trigger_id, ...body }, parent);
      } else {
        await this.#submit('/imagine', {
          prompt: `${this.name} picture ${i} ${this.#random.pick(['of a cat', 'of the sea', 'of 城市'])}`,
        });
      }
      if (this.#random.chance(0.03)) await this.#release();
    }
  }

  async #submit(path: string, body: Record<string, unknown>, parent?: ShownTask): Promise<void> {
    const key = randomUUID();
    const { body: answer } = await this.#insist(() =>
      this.#client.request<{ trigger_id: string }>('POST', path, body, { 'idempotency-key': key }),
    );
    this.submissions.push({ path, body, id: answer.trigger_id, ...(parent && { parent }) });
  }

  async #aFinishedGrid(): Promise<ShownTask | undefined> {
    const drawings = this.submissions.filter(({ path }) => path === '/imagine');
    if (drawings.length === 0) return undefined;
    const { id } = this.#random.pick([drawings[0] as Submission, ...drawings]);
    const { body: task } = await this.#insist(() => this.#client.request<ShownTask>('GET', `/task/${id}`));
    return task.status === 'succeeded' ? task : undefined;
  }

  async #release(): Promise<void> {
    const last = this.submissions.at(-1);
    if (last)
      await this.#insist(() => this.#client.request('POST', '/queue/release', { trigger_id: last.id }));
  }

  /** @returns how each of the submissions ended. @throws when one does not end in time. */
  async outcomes(withinMs: number): Promise<Map<string, ShownTask>> {
    const until = Date.now() + withinMs;
    const ended = new Map<string, ShownTask>();
    for (const { id } of this.submissions) {
      for (;;) {
        const { body: task } = await this.#insist(() =>
          this.#client.request<ShownTask>('GET', `/task/${id}?wait=5`),
        );
        if (task.status === 'succeeded' || task.status === 'failed') {
          ended.set(id, task);
          break;
        }
        if (Date.now() > until)
          throw new Error(`${this.name}: task ${id} has not ended: ${JSON.stringify(task)}`);
      }
    }
    return ended;
  }

  /** Repeats a request until there is an answer that counts: not a 5xx, and not none. */
  async #insist<T>(ask: () => Promise<{ status: number; body: T }>): Promise<{ status: number; body: T }> {
    for (let attempt = 0; ; attempt++) {
      const answer = await ask().catch(() => undefined);
      if (answer && answer.status < 500 && answer.status !== 429) {
        if (answer.status < 300) return answer;
        throw new Error(`${this.name}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      if (attempt > 300)
        throw new Error(`${this.name}: no answer after ${attempt} tries, last ${answer?.status}`);
      await delay(200);
    }
  }
}

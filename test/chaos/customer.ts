import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import sharp from 'sharp';
import type { Answer, Client } from '../system/client.ts';
import { nextRequests, type Request } from './activities.ts';
import { Random } from './random.ts';

/** One thing that a customer asked for, once, however often the request had to be repeated. */
export interface Submission extends Request {
  id: string;
  hooked: boolean;
}

/** How long a customer's program waits for an answer, in milliseconds. */
const patienceMs = 4_000;

/** A customer's program: submits, repeats what got no answer under the same key, and presses buttons. */
export class Customer {
  readonly name: string;
  readonly client: Client;
  readonly submissions: Submission[] = [];
  /** What was refused because its account could not draw, which costs nothing. */
  refused = 0;
  readonly #seed: number;
  readonly #hook: string;
  readonly #operator: Client;

  /** @param operator who gives up a task of this customer's now and then */
  constructor(name: string, client: Client, options: { seed: number; hook: string; operator: Client }) {
    this.name = name;
    this.client = client;
    this.#seed = options.seed;
    this.#hook = options.hook;
    this.#operator = options.operator;
  }

  async submitMany(count: number): Promise<void> {
    for (let i = 0; this.submissions.length + this.refused < count; i++) {
      const random = Random.of(this.#seed, this.name, i);
      await delay(random.between(0, 1_600));
      const finished = {
        grid: await this.#aFinished(['/imagine', '/edit'], random),
        single: await this.#aFinished(['/upscale'], random),
        sheet: await this.#aFinished(['/video', '/animate', '/extend'], random),
        video: await this.#aFinished(['/video_upscale'], random),
      };
      const left = count - this.submissions.length - this.refused;
      const requests = nextRequests(random, finished, this.name).slice(0, left);
      await Promise.all(requests.map((request) => this.#submit(request, random.chance(0.4))));
      if (random.chance(0.08)) await this.#stop(random);
    }
  }

  async task(id: string): Promise<TaskView> {
    return (await this.#ask<TaskView>('GET', `/task/${id}`)).body;
  }

  /** Buys the picture of a task that had failed before it came. */
  async claim(id: string): Promise<void> {
    await this.#ask('POST', `/task/${id}/claim`);
  }

  async #submit(request: Request, hooked: boolean): Promise<void> {
    const key = { 'idempotency-key': randomUUID() };
    const body = await this.#bodyOf(request, hooked ? { notify_hook: this.#hook } : {});
    const answer = body && (await this.#ask<{ trigger_id: string }>('POST', request.path, body, key));
    if (!answer || answer.status === 409) this.refused++;
    else this.submissions.push({ ...request, id: answer.body.trigger_id, hooked });
  }

  /** @returns undefined when its picture cannot be uploaded, as no account is there to do it. */
  async #bodyOf(
    { path, body, pictures = [] }: Request,
    hook: Record<string, string>,
  ): Promise<object | (() => FormData) | undefined> {
    if (pictures.length === 0) return { ...body, ...hook };
    const files = await Promise.all(pictures.map(pictureOf));
    if (path === '/blend') return () => formOf({ images: files, ...hook });
    const { status, body: uploaded } = await this.#ask<{ upload_filename: string }>('POST', '/upload', () =>
      formOf({ file: files }),
    );
    if (status === 409) return undefined;
    const { upload_filename } = uploaded;
    return { ...body, ...(path === '/edit' ? { images: [upload_filename] } : { upload_filename }), ...hook };
  }

  /** One of its own that has succeeded lately, of those that it submitted to these routes. */
  async #aFinished(paths: string[], random: Random): Promise<TaskView | undefined> {
    const candidates = this.submissions.filter(({ path }) => paths.includes(path)).slice(-6);
    const chosen = random.pick(candidates);
    if (!chosen) return undefined;
    const task = await this.task(chosen.id);
    return task.status === 'succeeded' ? task : undefined;
  }

  /** Does not want any longer what it asked for a moment ago, or an operator does not. */
  async #stop(random: Random): Promise<void> {
    const last = this.submissions.at(-random.between(1, 3));
    if (!last) return;
    await delay(random.between(0, 600));
    const path = random.chance(0.4) ? '/cancel' : '/queue/release';
    const client = path === '/queue/release' && random.chance(0.4) ? this.#operator : this.client;
    await this.#ask('POST', path, { trigger_id: last.id }, {}, client);
  }

  /** Repeats a request until there is an answer that counts: not a 5xx, and not none. @throws when it is a refusal. */
  async #ask<T>(
    method: string,
    path: string,
    body?: object | (() => FormData),
    headers: Record<string, string> = {},
    client = this.client,
  ): Promise<Answer<T>> {
    for (let attempt = 0; ; attempt++) {
      const sent = typeof body === 'function' ? body() : body;
      const signal = AbortSignal.timeout(patienceMs);
      const answer = await client.request<T>(method, path, sent, headers, signal).catch(() => undefined);
      if (answer && answer.status < 500 && answer.status !== 429) {
        if (answer.status < 300 || answer.status === 409) return answer;
        throw new Error(`${this.name}: ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      if (attempt > 300)
        throw new Error(`${this.name}: no answer after ${attempt} tries, last ${answer?.status}`);
      await delay(200);
    }
  }
}

function formOf(fields: Record<string, string | Blob[]>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value);
    else for (const picture of value) form.append(name, picture, 'picture.png');
  }
  return form;
}

async function pictureOf(background: string): Promise<Blob> {
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer();
  return new Blob([new Uint8Array(png)], { type: 'image/png' });
}

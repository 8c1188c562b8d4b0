import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import sharp from 'sharp';
import { type MidjourneyClient, ProblemError } from '../../client/src/index.ts';
import { describePicture, nextRequests, type Request } from './activities.ts';
import type { MjProtocol } from './mj-protocol.ts';
import { Random } from './random.ts';

/** One thing that a customer asked for, once, however often the request had to be repeated. */
export interface Submission extends Request {
  id: string;
  hooked: boolean;
}

/** A customer's program: submits, repeats what got no answer under the same key, and presses buttons. */
export class Customer {
  readonly name: string;
  readonly submissions: Submission[] = [];
  /** What was refused because its account could not draw, which costs nothing. */
  refused = 0;
  /** Windows that were filled in or cancelled, where it is not known yet whether a task came of them. */
  #windows: Submission[] = [];
  readonly #mj: MidjourneyClient;
  readonly #protocol: MjProtocol;
  readonly #seed: number;
  readonly #hook: string;
  readonly #operator: MidjourneyClient;

  /**
   * @param protocol the same customer, as a client of the mj-proxy protocol
   * @param operator who gives up a task of this customer's now and then
   */
  constructor(
    name: string,
    mj: MidjourneyClient,
    options: { seed: number; hook: string; protocol: MjProtocol; operator: MidjourneyClient },
  ) {
    this.name = name;
    this.#mj = mj;
    this.#protocol = options.protocol;
    this.#seed = options.seed;
    this.#hook = options.hook;
    this.#operator = options.operator;
  }

  async submitMany(count: number): Promise<void> {
    await this.#describeFirst();
    for (let i = 0; this.submissions.length + this.refused < count; i++) {
      const random = Random.of(this.#seed, this.name, i);
      await delay(random.between(0, 1_600));
      const finished = {
        grid: await this.#aFinished(['/imagine', '/edit'], random),
        single: await this.#aFinished(['/upscale'], random),
        sheet: await this.#aFinished(['/video', '/animate', '/extend'], random),
        video: await this.#aFinished(['/video_upscale'], random),
        description: await this.#aFinished(['/describe'], random),
      };
      const left = count - this.submissions.length - this.refused;
      const requests = nextRequests(random, finished, this.name).slice(0, left);
      await Promise.all(requests.map((request) => this.#submit(request, random.chance(0.4))));
      if (random.chance(0.08)) await this.#stop(random);
    }
  }

  /** Its texts are awaited, for a while: their buttons open windows, and everything else is submitted before they come. */
  async #describeFirst(): Promise<void> {
    await this.#submit(describePicture(Random.of(this.#seed, this.name, 'describes')), false);
    const [described] = this.submissions;
    for (const end = Date.now() + 20_000; described && Date.now() < end; ) {
      const known = await this.#ask(() => this.#mj.task(described.id).refresh({ wait: 2 }));
      if (known && !isOpen(known.task)) return;
    }
  }

  async task(id: string): Promise<TaskView> {
    const known = await this.#ask(() => this.#mj.task(id).refresh());
    if (!known) throw new Error(`${this.name}: task ${id} is not shown.`);
    return known.task;
  }

  /** Counts the windows that have become tasks, once all that was sent has been dealt with. */
  settleWindows(taskIds: ReadonlySet<string>): void {
    this.submissions.push(...this.#windows.filter(({ id }) => taskIds.has(id)));
    this.#windows = [];
  }

  /** Buys the picture of a task that had failed before it came. */
  async claim(id: string): Promise<void> {
    await this.#ask(() => this.#mj.task(id).claim());
  }

  async #submit(request: Request, hooked: boolean): Promise<void> {
    if (request.window) return this.#useWindow(request, request.window);
    const body = await this.#bodyOf(request, hooked ? { notify_hook: this.#hook } : {});
    const idempotencyKey = randomUUID();
    const task = body && (await this.#ask(() => this.#mj.submit(request.path, body, { idempotencyKey })));
    if (task) this.submissions.push({ ...request, id: task.id, hooked });
    else this.refused++;
  }

  async #useWindow(request: Request, { texts, cancels }: NonNullable<Request['window']>): Promise<void> {
    const post = (path: string, body: object) => this.#ask(() => this.#protocol.post(path, body));
    const opened = await post('/submit/action', request.body);
    if (opened?.code !== 21) {
      this.refused++;
      return;
    }
    const taskId = String(opened.result);
    await Promise.all([
      ...texts.map((prompt) => post('/submit/modal', { taskId, prompt })),
      ...(cancels ? [post(`/task/${taskId}/cancel`, {})] : []),
    ]);
    // What nobody has filled in must not become a task.
    if (texts.length > 0) this.#windows.push({ ...request, id: taskId, hooked: false });
  }

  /** @returns undefined when its picture cannot be uploaded, as no account is there to do it. */
  async #bodyOf(
    { path, body, pictures = [] }: Request,
    hook: Record<string, string>,
  ): Promise<object | undefined> {
    const [first, ...others] = await Promise.all(pictures.map(pictureOf));
    if (!first) return { ...body, ...hook };
    if (path === '/blend') return { images: [first, ...others], ...hook };
    const uploaded = await this.#ask(() => this.#mj.upload({ file: first }));
    if (!uploaded) return undefined;
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
    const way = random.chance(0.4) ? 'cancel' : 'release';
    const mj = way === 'release' && random.chance(0.4) ? this.#operator : this.#mj;
    await this.#ask<object>(() => mj.task(last.id)[way]());
  }

  /**
   * Repeats a request, beyond what the client repeats by itself, until there is an answer that counts: not a 5xx, and
   * not none.
   * @returns undefined when it is refused for now, as its account cannot do it. @throws when it is refused otherwise
   */
  async #ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await request();
      } catch (error) {
        const status = error instanceof ProblemError ? error.status : undefined;
        if (status === 409) return undefined;
        const counts = status !== undefined && status < 500 && status !== 429;
        if (counts || attempt > 300)
          throw new Error(`${this.name} gives up after ${attempt} more tries`, { cause: error });
      }
      await delay(200);
    }
  }
}

async function pictureOf(background: string): Promise<Blob> {
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer();
  return new Blob([new Uint8Array(png)], { type: 'image/png' });
}

import { answered } from '../http/answered.ts';
import type { Connection } from '../http/connection.ts';
import { Deadline } from '../http/deadline.ts';
import { createIdempotencyKey } from '../http/idempotency-key.ts';
import { pause } from '../http/pause.ts';
import { submitTask } from '../routes/submit.ts';
import type { RequestOf, RequestOptions, SubmitOptions } from '../routes/types.ts';
import type { AllAccepted, Cancelled, Relatives, Released, Task } from '../schema.ts';
import { type Button, type PressFields, pressOf } from './buttons.ts';
import { followTask } from './follow.ts';
import { isOpen } from './is-open.ts';
import { fetchPicture, isStored, type PictureOptions } from './picture.ts';
import { saveFile } from './save-file.ts';
import { TaskFailed, TaskTimeout } from './task-errors.ts';

/** A handle whose task has been read. */
export type KnownTask = TaskHandle & { task: Task };

/** A picture is stored at most a moment after its task has succeeded. */
const storing = { tries: 10, pauseMs: 1_000 };

/** One task: follow it, continue it, take its picture. */
export class TaskHandle {
  readonly id: string;
  /** The last known state; undefined until it has been read. */
  task: Task | undefined;
  readonly #connection: Connection;

  constructor(connection: Connection, id: string, task?: Task) {
    this.#connection = connection;
    this.id = id;
    this.task = task;
  }

  /** The last known status; `queued` after a submit. */
  get status(): Task['status'] {
    return this.task?.status ?? 'queued';
  }

  /** The last known progress, 0 to 100. */
  get progress(): number {
    return this.task?.progress ?? 0;
  }

  /** Reads the task. @param wait seconds to wait for a change, 1 to 60; by default it does not wait */
  async refresh({ wait, signal }: RequestOptions & { wait?: number } = {}): Promise<KnownTask> {
    const params = { path: { id: this.id }, query: wait === undefined ? {} : { wait } };
    const { raw } = this.#connection;
    return this.#known(await answered(raw.GET('/v1/api/trigger/task/{id}', { params, signal })));
  }

  /** Yields the task, then each change, until it has ended. */
  async *follow({ signal }: RequestOptions = {}): AsyncGenerator<Task, void, void> {
    if (this.task && !isOpen(this.task)) return yield this.task;
    for await (const task of followTask(this.#connection, this.id, signal)) {
      this.task = task;
      yield task;
    }
  }

  /**
   * Waits until the task has succeeded.
   * @throws TaskFailed if it fails, TaskTimeout if it takes longer than `timeoutMs`
   */
  async done({ timeoutMs, signal }: RequestOptions & { timeoutMs?: number } = {}): Promise<KnownTask> {
    const deadline = new Deadline(timeoutMs, signal);
    let ended: Task;
    try {
      ended = await this.#end(deadline.signal);
    } catch (error) {
      throw deadline.passed ? new TaskTimeout(this.id, this.status, timeoutMs ?? 0) : error;
    } finally {
      deadline.end();
    }
    if (ended.status === 'failed') throw new TaskFailed(ended);
    return this.#known(ended);
  }

  /**
   * Presses a button under its picture, which creates a new task.
   * @param button its label, its `custom_id`, or its kind with its fields: `{ kind: 'upscale', index: 2 }`
   * @param fields of `POST /action`, for a button given by its label or `custom_id`
   */
  async press(button: Button, fields?: PressFields, options?: SubmitOptions): Promise<TaskHandle> {
    const { path, body } = pressOf(this.id, button, fields);
    const { trigger_id: id } = await submitTask(this.#connection, path, body, options);
    return new TaskHandle(this.#connection, id);
  }

  /** Fetches its picture or video. */
  async picture(options: PictureOptions = {}): Promise<Blob> {
    return fetchPicture(this.#connection, await this.#pictureLink(options), options);
  }

  /** Saves its picture or video: to a file, or in a browser as a download. */
  async download(file: string, options: PictureOptions = {}): Promise<void> {
    await saveFile(file, await this.picture(options));
  }

  /** The seed of its picture, for `--seed`. Needs an account with a user session. */
  async seed({ signal }: RequestOptions = {}): Promise<number> {
    const { raw } = this.#connection;
    const init = { params: { path: { id: this.id } }, signal };
    return (await answered(raw.GET('/v1/api/trigger/task/{id}/seed', init))).seed;
  }

  /** Its ancestors, and the tasks that continue it or its parent. */
  async relatives({ signal }: RequestOptions = {}): Promise<Relatives> {
    const { raw } = this.#connection;
    const init = { params: { path: { id: this.id } }, signal };
    return answered(raw.GET('/v1/api/trigger/task/{id}/relatives', init));
  }

  /** Cancels the task and refunds its token: at once if it waits, otherwise as soon as Midjourney has stopped. */
  async cancel({ signal }: RequestOptions = {}): Promise<Cancelled> {
    const { raw } = this.#connection;
    const body = { trigger_id: this.id };
    return answered(raw.POST('/v1/api/trigger/cancel', { body, signal }));
  }

  /** Fails the task if it was not sent yet, cancels it otherwise. For operators it fails any task at once. */
  async release({ signal }: RequestOptions = {}): Promise<Released> {
    const { raw } = this.#connection;
    const body = { trigger_id: this.id };
    return answered(raw.POST('/v1/api/trigger/queue/release', { body, signal }));
  }

  /** Buys the picture that arrived after the task had failed, if it has a `late_result`. */
  async claim({ signal }: RequestOptions = {}): Promise<KnownTask> {
    const { raw } = this.#connection;
    const init = { params: { path: { id: this.id } }, signal };
    return this.#known(await answered(raw.POST('/v1/api/trigger/task/{id}/claim', init)));
  }

  /** Draws every prompt of a describe or shorten. */
  async imagineAll(
    fields: Omit<RequestOf<'imagineAll'>, 'trigger_id'> = {},
    { idempotencyKey = createIdempotencyKey(), signal }: SubmitOptions = {},
  ): Promise<DrawnPrompts> {
    const { raw } = this.#connection;
    const answer = await answered(
      raw.POST('/v1/api/trigger/imagine_all', {
        params: { header: { 'idempotency-key': idempotencyKey } },
        body: { trigger_id: this.id, ...fields },
        signal,
      }),
    );
    const tasks = answer.trigger_ids.map((id) => new TaskHandle(this.#connection, id));
    return { tasks, refused: answer.refused };
  }

  #known(task: Task): KnownTask {
    this.task = task;
    return this as KnownTask;
  }

  async #end(signal: AbortSignal): Promise<Task> {
    for await (const task of this.follow({ signal })) if (!isOpen(task)) return task;
    throw new Error(`Task ${this.id} was not followed to its end.`);
  }

  async #pictureLink({ part, width, signal }: PictureOptions): Promise<string> {
    const isWhole = part === undefined && width === undefined;
    // Discord's links expire; the service's own are permanent.
    if (!isStored(this.task?.image_url)) await this.refresh({ signal });
    for (let tries = 0; !isWhole && !isStored(this.task?.image_url); tries++) {
      if (tries === storing.tries || !this.task?.image_url) break;
      await pause(storing.pauseMs, signal);
      await this.refresh({ signal });
    }
    const link = this.task?.image_url;
    if (!link) throw new Error(`Task ${this.id} has no picture: it is ${this.status}.`);
    if (isWhole || isStored(link)) return link;
    throw new Error(
      `The service has no copy of the picture of task ${this.id}, so it shows no part or size of it.`,
    );
  }
}

/** The result of `imagineAll`. */
export interface DrawnPrompts {
  tasks: TaskHandle[];
  /** Why the prompts after these were not submitted. */
  refused: AllAccepted['refused'];
}

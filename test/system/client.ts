import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { createClient, type MidjourneyClient, TaskFailed } from '../../client/src/index.ts';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

const prefix = '/v1/api/trigger';
const endsWithinMs = 40_000;

/** Uses the API like a customer's program: through the client package, or by plain requests where a test is about HTTP. */
export class Client {
  readonly apiUrl: string;
  readonly appKey: string;
  /** Retries nothing, so that a test sees each refusal. */
  readonly mj: MidjourneyClient;
  /** Waits until the service is back. */
  readonly #patient: MidjourneyClient;

  constructor(apiUrl: string, appKey: string) {
    this.apiUrl = apiUrl;
    this.appKey = appKey;
    this.mj = createClient({ baseUrl: apiUrl, appKey, retries: 0 });
    this.#patient = createClient({ baseUrl: apiUrl, appKey, retries: 100, longestDelayMs: 5_000 });
  }

  async request<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal?: AbortSignal,
  ): Promise<Answer<T>> {
    const form = body instanceof FormData;
    const response = await fetch(`${this.apiUrl}${prefix}${path}`, {
      method,
      ...(signal && { signal }),
      headers: {
        authorization: `Bearer ${this.appKey}`,
        ...(body !== undefined && !form && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  }

  /** @returns the id of the new task. @throws when it is not accepted. */
  async submit(path: string, body: object): Promise<string> {
    return (await this.mj.submit(path, body)).id;
  }

  async task(id: string): Promise<TaskView> {
    return (await this.#patient.task(id).refresh()).task;
  }

  /** Follows the task until it has ended, one way or the other. */
  async ended(id: string, withinMs = endsWithinMs): Promise<TaskView> {
    try {
      return (await this.#patient.task(id).done({ timeoutMs: withinMs })).task;
    } catch (error) {
      if (error instanceof TaskFailed) return error.task;
      throw error;
    }
  }

  /** Follows the task until it has ended. @throws TaskFailed when it has failed */
  async succeeded(id: string): Promise<TaskView> {
    return (await this.#patient.task(id).done({ timeoutMs: endsWithinMs })).task;
  }

  async run(path: string, body: object): Promise<TaskView> {
    return this.succeeded(await this.submit(path, body));
  }

  async tokenUse(): Promise<number> {
    return (await this.#patient.me()).token_use;
  }
}

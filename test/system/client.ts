import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

const prefix = '/v1/api/trigger';

/** Uses the API as a customer's program does. */
export class Client {
  readonly apiUrl: string;
  readonly appKey: string;

  constructor(apiUrl: string, appKey: string) {
    this.apiUrl = apiUrl;
    this.appKey = appKey;
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
  async submit(path: string, body: unknown): Promise<string> {
    const answer = await this.request<{ trigger_id: string }>('POST', path, body);
    if (answer.status !== 200)
      throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.trigger_id;
  }

  async task(id: string): Promise<TaskView> {
    return (await this.request<TaskView>('GET', `/task/${id}`)).body;
  }

  /** Waits, by asking again whenever it changed, until the task has ended. */
  async ended(id: string, withinMs = 40_000): Promise<TaskView> {
    for (const until = Date.now() + withinMs; ; ) {
      const { body: task } = await this.request<TaskView>('GET', `/task/${id}?wait=10`);
      if (task.status === 'succeeded' || task.status === 'failed') return task;
      if (Date.now() > until) throw new Error(`Task ${id} is still ${task.status}: ${JSON.stringify(task)}`);
    }
  }

  async succeeded(id: string): Promise<TaskView> {
    const task = await this.ended(id);
    if (task.status !== 'succeeded')
      throw new Error(`Task ${id} failed: ${task.fail_code} ${task.fail_reason}`);
    return task;
  }

  async run(path: string, body: unknown): Promise<TaskView> {
    return this.succeeded(await this.submit(path, body));
  }

  async tokenUse(): Promise<number> {
    return (await this.request<{ token_use: number }>('GET', '/me')).body.token_use;
  }
}

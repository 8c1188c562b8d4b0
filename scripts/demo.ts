import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { Complaint } from './complaint.ts';

const prompts = [
  'a lighthouse on a cliff at sunset, waves below',
  'a red fox in a snowy forest at dawn',
  'a sailing boat under a starry night sky',
  'a mountain lake in autumn, mist over the water',
];

const drawingDeadlineMs = 120_000;

export interface DemoOptions {
  apiUrl: string;
  appKey: string;
  /** The folder for pictures. */
  folder: string;
  /** Called with percents. */
  onProgress: (percent: number) => void;
  signal: AbortSignal;
}

export function demoPrompt(): string {
  return prompts[Math.floor(Math.random() * prompts.length)] ?? 'a lighthouse';
}

/**
 * Has a picture drawn through the public API, as any client would. Resolves to where it was saved.
 * @throws Complaint when it was refused or failed
 */
export async function drawPicture(prompt: string, options: DemoOptions): Promise<string> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(drawingDeadlineMs)]);
  const routes = `${options.apiUrl}/v1/api/trigger`;
  const headers = { authorization: `Bearer ${options.appKey}`, 'content-type': 'application/json' };
  const submitted = await answer<{ trigger_id: string }>(
    await fetch(`${routes}/imagine`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ prompt, picurl: null }),
      signal,
    }),
  );
  for (;;) {
    const url = `${routes}/task/${submitted.trigger_id}?wait=20`;
    const task = await answer<TaskView>(await fetch(url, { headers, signal }));
    options.onProgress(task.progress);
    if (task.status === 'failed') throw new Complaint(task.fail_reason ?? 'it failed without a reason');
    if (task.status === 'succeeded') return savePicture(task, submitted.trigger_id, options.folder, signal);
  }
}

async function savePicture(
  task: TaskView,
  triggerId: string,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  if (!task.image_url) throw new Complaint('the task succeeded without a picture');
  const response = await fetch(task.image_url, { signal });
  if (!response.ok) throw new Complaint(`the picture could not be fetched: status ${response.status}`);
  const extension = path.extname(new URL(task.image_url).pathname) || '.png';
  const file = path.join(folder, `${triggerId}${extension}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  return file;
}

async function answer<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new Complaint(detail ?? `the api answered with status ${response.status}`);
}

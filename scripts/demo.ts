import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createClient, ProblemError, TaskFailed } from '../client/src/index.ts';
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
 * Draws a picture through the public API, like any client. Resolves to the path of the saved file.
 * @throws Complaint if it was refused or failed
 */
export async function drawPicture(prompt: string, options: DemoOptions): Promise<string> {
  const { apiUrl, appKey, folder, onProgress } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(drawingDeadlineMs)]);
  const mj = createClient({ baseUrl: apiUrl, appKey });
  try {
    const task = await mj.imagine({ prompt }, { signal });
    for await (const { progress } of task.follow({ signal })) onProgress(progress);
    const { image_url: link } = (await task.done({ signal })).task;
    if (!link) throw new Complaint('the task succeeded without a picture');
    const file = path.join(folder, `${task.id}${path.extname(new URL(link).pathname) || '.png'}`);
    mkdirSync(folder, { recursive: true });
    await task.download(file, { signal });
    return file;
  } catch (error) {
    const isRefusal = error instanceof ProblemError || error instanceof TaskFailed;
    throw isRefusal ? new Complaint(error.message) : error;
  }
}

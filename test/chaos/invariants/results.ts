import { createHash } from 'node:crypto';
import type { DrawnJob } from '../../system/simulator-control.ts';
import type { RunRecord, Traced } from '../record.ts';

/** Every task has what Midjourney made for it and nothing else, and nothing was made twice. */
export async function wrongResults(record: RunRecord): Promise<string[]> {
  const broken: string[] = [];
  const names = new Map(record.jobs.map((job) => [job.id, job]));
  for (const trace of record.traced) {
    const { task, jobs } = trace;
    if (jobs.length > 1)
      broken.push(`task ${task.id} was drawn ${jobs.length} times: ${jobs.map(nameOf).join('; ')}`);
    const result = task.status === 'succeeded' ? task : task.lateResult;
    if (!result) continue;
    const what = `${task.status === 'succeeded' ? 'task' : 'the late result of task'} ${task.id} (${trace.submission.path} of ${trace.customer.name})`;
    const [job] = jobs;
    if (!job) {
      broken.push(
        `${what} is of no job: Midjourney never began it. It has message ${result.messageId} ${result.messageHash}`,
      );
      continue;
    }
    for (const wrong of differences(trace, result, job, names)) broken.push(`${what}: ${wrong}`);
    if (task.status === 'succeeded')
      broken.push(...(await wrongBytes(trace, job, names)).map((wrong) => `${what}: ${wrong}`));
  }
  for (const job of record.strayJobs)
    broken.push(`Midjourney drew for no task, or for one that was sent again later: ${nameOf(job)}`);
  return [...broken, ...resultsOfTwo(record)];
}

function* differences(
  { submission: { path, window, wanted, body }, task }: Traced,
  result: { messageId: string | null; messageHash: string | null; texts: string[] | null },
  job: DrawnJob,
  jobs: Map<string, DrawnJob>,
): Iterable<string> {
  const owner = [...jobs.values()].find(({ finalMessageId }) => finalMessageId === result.messageId);
  if (job.state !== 'done') yield `its job is ${job.state}: ${nameOf(job)}`;
  if (result.messageId !== job.finalMessageId)
    yield `it has message ${result.messageId} of ${owner ? nameOf(owner) : 'no job'}, not ${job.finalMessageId} of ${nameOf(job)}`;
  for (const [name, value] of Object.entries(wanted)) {
    if (job[name as keyof DrawnJob] !== value)
      yield `${name} should be ${value}, its job has ${job[name as keyof DrawnJob]}: ${nameOf(job)}`;
  }
  if (path === '/imagine' && job.prompt !== `<#${task.id}#>${body.prompt}`)
    yield `its job has another prompt: ${nameOf(job)}`;
  if (window && !window.texts.includes(task.prompt)) yield `nobody filled in: ${task.prompt}`;
  if (wanted.kind === 'shorten' && job.prompt !== body.prompt) yield `its job shortened: ${job.prompt}`;
  if (job.texts) {
    if (JSON.stringify(result.texts) !== JSON.stringify(job.texts))
      yield `its texts are ${JSON.stringify(result.texts)}, Midjourney wrote ${JSON.stringify(job.texts)}`;
    return;
  }
  const id = wanted.kind === 'show' ? job.parentJobId : job.hash;
  if (result.messageHash !== id) yield `its picture is of job ${result.messageHash}, not ${id}`;
}

async function wrongBytes({ shown }: Traced, job: DrawnJob, jobs: Map<string, DrawnJob>): Promise<string[]> {
  if (job.texts) return [];
  if (!shown.image_url) return ['it has no picture'];
  const response = await fetch(shown.image_url).catch(() => undefined);
  if (!response?.ok) return [`its picture ${shown.image_url} answers ${response?.status ?? 'nothing'}`];
  const bytes = Buffer.from(await response.arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const drawn = job.kind === 'show' ? jobs.get(job.parentJobId ?? '') : job;
  return sha256 === drawn?.imageSha256 ? [] : [`its picture's bytes are others than Midjourney drew`];
}

/** Different tasks that have one result, by what the customers are shown. */
function resultsOfTwo({ tasks }: RunRecord): string[] {
  const owners = new Map<string, string>();
  const broken: string[] = [];
  for (const task of tasks) {
    const messageId = task.status === 'succeeded' ? task.messageId : task.lateResult?.messageId;
    if (!messageId) continue;
    const other = owners.get(messageId);
    if (other) broken.push(`tasks ${other} and ${task.id} have the same result, message ${messageId}`);
    owners.set(messageId, task.id);
  }
  return broken;
}

function nameOf({ id, kind, index, detail, state, prompt, nonce, parentMessageId }: DrawnJob): string {
  return JSON.stringify({ job: id, kind, index, detail, state, prompt, nonce, parentMessageId });
}

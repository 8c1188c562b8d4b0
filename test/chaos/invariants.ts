import type { ShownTask } from '../system/client.ts';
import type { DrawnJob } from '../system/simulator-control.ts';
import type { Customer, Submission } from './customer.ts';

export interface Ended {
  customer: Customer;
  outcomes: Map<string, ShownTask>;
  tokenUse: number;
}

/** A job that Midjourney refused, or took and never began, cost nothing and shows nothing. */
const drawn = (job: DrawnJob) => job.state !== 'refused' && job.state !== 'never_started';

/** Everything that must hold and does not, in words; empty when all is well. */
export function brokenInvariants(ended: Ended[], jobs: DrawnJob[]): string[] {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const broken: string[] = [];
  const pictures = new Map<string, string>();

  for (const { customer, outcomes, tokenUse } of ended) {
    const succeeded = [...outcomes.values()].filter(({ status }) => status === 'succeeded');
    if (tokenUse !== succeeded.length) {
      broken.push(`${customer.name}: token_use ${tokenUse}, but ${succeeded.length} succeeded`);
    }
    if (new Set(customer.submissions.map(({ id }) => id)).size !== customer.submissions.length) {
      broken.push(`${customer.name}: two submissions got the same task`);
    }
    for (const submission of customer.submissions) {
      const task = outcomes.get(submission.id);
      if (!task) {
        broken.push(`task ${submission.id} did not end`);
        continue;
      }
      const marked = jobs.filter(
        (job) => drawn(job) && job.kind === 'imagine' && job.prompt.includes(`<#${task.trigger_id}#>`),
      );
      if (marked.length > 1) broken.push(`task ${task.trigger_id} was drawn ${marked.length} times`);
      if (task.status !== 'succeeded') continue;

      const job = byId.get(task.msg_hash ?? '');
      if (!job) broken.push(`task ${task.trigger_id} has a picture that nobody drew`);
      else if (!isItsOwn(submission, task, job)) {
        broken.push(
          `task ${task.trigger_id} (${submission.path}) has the picture of: ${JSON.stringify(job)}`,
        );
      }
      const other = pictures.get(task.msg_hash ?? '');
      if (other) broken.push(`tasks ${other} and ${task.trigger_id} have the same picture`);
      pictures.set(task.msg_hash ?? '', task.trigger_id);
    }
  }
  return [...broken, ...pressedTooOften(ended, jobs)];
}

function isItsOwn(submission: Submission, task: ShownTask, job: DrawnJob): boolean {
  const { parent } = submission;
  if (!parent)
    return job.kind === 'imagine' && job.prompt === `<#${task.trigger_id}#>${submission.body.prompt}`;
  if (job.parentMessageId !== parent.msg_id) return false;
  const kinds: Record<string, string> = { '/upscale': 'pick', '/variation': 'variation', '/reset': 'reroll' };
  if (job.kind !== kinds[submission.path]) return false;
  return submission.body.index === undefined || job.index === submission.body.index;
}

/** A button pressed more often than there are tasks that asked for it was pressed twice for one of them. */
function pressedTooOften(ended: Ended[], jobs: DrawnJob[]): string[] {
  const asked = new Map<string, number>();
  for (const { customer } of ended) {
    for (const { path, body, parent } of customer.submissions) {
      if (!parent) continue;
      const key = `${parent.msg_id} ${path} ${body.index ?? ''}`;
      asked.set(key, (asked.get(key) ?? 0) + 1);
    }
  }
  const paths: Record<string, string> = { pick: '/upscale', variation: '/variation', reroll: '/reset' };
  const pressed = new Map<string, number>();
  for (const job of jobs.filter(drawn)) {
    if (!job.parentMessageId) continue;
    const index = job.kind === 'reroll' ? '' : (job.index ?? '');
    const key = `${job.parentMessageId} ${paths[job.kind]} ${index}`;
    pressed.set(key, (pressed.get(key) ?? 0) + 1);
  }
  return [...pressed]
    .filter(([key, times]) => times > (asked.get(key) ?? 0))
    .map(([key, times]) => `pressed ${times} times for ${asked.get(key) ?? 0} tasks: ${key}`);
}

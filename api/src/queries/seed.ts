import { findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { Advice } from '../commands/advice.ts';
import { Refusal } from '../commands/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { askMidjourney } from './ask-midjourney.ts';

/**
 * The seed of a task's picture: what the task has kept, or else what Midjourney says.
 * @throws {Refusal} action_unavailable where there is none or nobody can see the answer; unavailable when none comes.
 */
export async function readSeed(
  sources: Pick<Dependencies, 'db' | 'redis' | 'queues' | 'config'>,
  task: Task,
): Promise<number> {
  if (task.drawn?.seed !== undefined) return task.drawn.seed;
  const jobId = task.jobId ?? task.messageHash;
  if (task.status !== 'succeeded' || !task.messageId || !jobId || task.account === null)
    throw noSeed(`Task ${task.id} has no picture that Midjourney drew, so it has no seed.`);
  const account = await findAccount(sources.db, task.account);
  if (!account) throw noSeed(`The Midjourney account that drew task ${task.id} is gone.`);
  const answer = await askMidjourney(sources, account, {
    question: 'seed',
    about: { taskId: task.id },
    answer: "the direct message with a picture's seed",
  });
  if (answer !== 'gone') return answer.seed;
  throw noSeed(
    `The message with the picture of task ${task.id} is gone. Bring its job ${jobId} back, and read the seed of the new task.`,
    { operation: 'show' },
  );
}

function noSeed(why: string, advice?: Advice): Refusal {
  return new Refusal('action_unavailable', why, { available: [], advice });
}

import type { RunRecord } from '../record.ts';

/** What may be in the ledger for a task that has ended, in this order. */
const movements = {
  succeeded: ['reserve spend', 'reserve refund claim'],
  failed: ['reserve refund'],
};

/** Every task has ended once, and tokens were used for those that succeeded and no others. */
export function wrongTokens({ tasks, users, ledger, customers }: RunRecord): string[] {
  const broken: string[] = [];
  const known = new Set(customers.flatMap(({ submissions }) => submissions.map(({ id }) => id)));
  const kinds = new Map<string, string[]>();
  for (const { taskId, kind } of ledger) if (taskId) kinds.set(taskId, [...(kinds.get(taskId) ?? []), kind]);
  for (const task of tasks) {
    const moved = (kinds.get(task.id) ?? []).join(' ');
    if (!known.has(task.id)) broken.push(`task ${task.id} was accepted, but no answer named it`);
    if (task.status !== 'succeeded' && task.status !== 'failed')
      broken.push(
        `task ${task.id} of account ${task.account} has not ended: it is ${task.status}, sent ${task.sendAttempts} times`,
      );
    else if (!movements[task.status].includes(moved))
      broken.push(`task ${task.id} has ${task.status}, and its token was moved by: ${moved}`);
  }
  for (const user of users) {
    const used = tasks.filter(({ userId, status }) => userId === user.id && status !== 'failed').length;
    const inLedger = ledger
      .filter(({ userId }) => userId === user.id)
      .reduce((sum, { change }) => sum + change, 0);
    if (user.tokenUse !== used || inLedger !== used)
      broken.push(
        `${user.userName}: token_use ${user.tokenUse}, ledger ${inLedger}, succeeded or open ${used}`,
      );
  }
  for (const { name, submissions } of customers) {
    if (new Set(submissions.map(({ id }) => id)).size !== submissions.length)
      broken.push(`${name}: two submissions got the same task`);
    const missing = submissions.filter(({ id }) => !tasks.some((task) => task.id === id));
    for (const { id, path } of missing) broken.push(`task ${id} (${path} of ${name}) is gone`);
  }
  return broken;
}

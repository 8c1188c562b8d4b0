import type { DriftRecord } from '@midjourney-api/shared/drift/drift-records';
import type { FailCode } from '@midjourney-api/shared/tasks/task';
import { Complaint } from '../complaint.ts';

/** What test/fixtures/messages-2026.json says of a sample. */
export const taskOutcomes = ['finished', 'described', 'refused', 'later', 'waits'] as const;
export type TaskOutcome = (typeof taskOutcomes)[number];

export interface Label {
  task: TaskOutcome;
  account: boolean;
  code?: FailCode;
}

/** The channel of the samples there. */
const channel = { channel_id: '1384158875657175166', guild_id: '1384158875657175000' };

/**
 * A message that was kept, with what should become of its task.
 * @throws {Complaint} for what is no message, or is about no task.
 */
export function labelledSample({ kind, shape, sample, firstSeen }: DriftRecord, label: Label) {
  if ('command' in sample)
    throw new Complaint('A new version of a command is no message: there is nothing to test.');
  const { session, task, events } = sample;
  if (!task) throw new Complaint('This message was about no task: nothing can become of one.');
  return {
    kind: `${kind}: ${shape}`,
    source: {
      repo: 'an account of an operator',
      path: 'npm run drift',
      date: firstSeen.toISOString().slice(0, 10),
    },
    provenance: 'captured',
    session,
    task,
    events: events.map(({ t, d }) => ({ t, d: { ...channel, ...d } })),
    expect: label,
  };
}

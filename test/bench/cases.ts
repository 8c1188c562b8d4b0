import type { BenchCase } from './bench-case.ts';
import { delivery } from './cases/delivery.ts';
import { idleSessions } from './cases/idle-sessions.ts';
import { manyStored } from './cases/many-stored.ts';
import { poll } from './cases/poll.ts';
import { poolOfAccounts } from './cases/pool.ts';
import { reconciler } from './cases/reconciler.ts';
import { rejected } from './cases/rejected.ts';
import { start } from './cases/start.ts';
import { submit, submitHotUser, submitLatency, submitMj } from './cases/submit.ts';
import { waitingClients } from './cases/waiting-clients.ts';
import { wholeTasks } from './cases/whole-tasks.ts';

/** In the order of the table in docs/performance.md. */
export const cases: BenchCase[] = [
  submit,
  submitHotUser,
  submitLatency,
  submitMj,
  poll,
  rejected,
  wholeTasks,
  delivery,
  manyStored,
  waitingClients,
  idleSessions,
  poolOfAccounts,
  reconciler,
  start,
];

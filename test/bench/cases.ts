import type { BenchCase } from './bench-case.ts';
import { delivery } from './cases/delivery.ts';
import { poll } from './cases/poll.ts';
import { rejected } from './cases/rejected.ts';
import { submit, submitHotUser, submitLatency } from './cases/submit.ts';
import { wholeTasks } from './cases/whole-tasks.ts';

export const cases: BenchCase[] = [
  submit,
  submitHotUser,
  submitLatency,
  poll,
  rejected,
  wholeTasks,
  delivery,
];

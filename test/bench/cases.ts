import type { BenchCase } from './bench-case.ts';
import { poll } from './cases/poll.ts';
import { rejected } from './cases/rejected.ts';
import { submit, submitHotUser, submitLatency } from './cases/submit.ts';

export const cases: BenchCase[] = [submit, submitHotUser, submitLatency, poll, rejected];

import type { BenchCase } from './bench-case.ts';
import { submit, submitHotUser, submitLatency } from './cases/submit.ts';

export const cases: BenchCase[] = [submit, submitHotUser, submitLatency];

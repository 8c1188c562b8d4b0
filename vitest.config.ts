import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{api,worker,shared,simulator,scripts,test}/**/*.test.ts'],
    globalSetup: ['test/services.ts'],
    pool: 'forks',
    // Tests start real servers and processes: more at once only makes each of them miss its deadlines.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

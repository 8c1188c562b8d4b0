import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest begins first, so that it does not run on alone after all others. */
const longest = [
  'test/chaos/',
  'test/system/',
  'test/start.test.ts',
  'evil-pictures.test.ts',
  'many-waiting.test.ts',
  'session.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const first = longest.flatMap((name) => sorted.filter(({ moduleId }) => moduleId.includes(name)));
    return [...new Set([...first, ...sorted])];
  }
}

export default defineConfig({
  test: {
    include: ['{api,worker,shared,simulator,client,scripts,test}/**/*.test.ts'],
    globalSetup: ['test/services.ts'],
    pool: 'forks',
    // Files share a process, and what they import is loaded once. What a test changes, it changes back.
    isolate: false,
    // Tests start real servers and processes: more at once only makes each of them miss its deadlines.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // For what hangs. Nothing is tested by how long it takes on a machine that does other things too.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 40_000, interval: 20 } },
  },
});

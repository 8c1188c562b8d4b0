import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest file begins first, so that it does not run on alone after all others. */
class ChaosFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isChaos = ({ moduleId }: TestSpecification) => moduleId.endsWith('/chaos.test.ts');
    return [...sorted.filter(isChaos), ...sorted.filter((file) => !isChaos(file))];
  }
}

export default defineConfig({
  test: {
    include: ['{api,worker,shared,simulator,scripts,test}/**/*.test.ts'],
    globalSetup: ['test/services.ts'],
    pool: 'forks',
    // Tests start real servers and processes: more at once only makes each of them miss its deadlines.
    maxWorkers: 2,
    sequence: { sequencer: ChaosFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

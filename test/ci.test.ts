import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { projectRoot } from '../scripts/environment.ts';
import workflowSchema from './fixtures/github-workflow.json' with { type: 'json' };

interface Job {
  strategy?: { matrix: Record<string, unknown[]> };
  container?: { image: string };
  steps: { run?: string }[];
}

function read(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8');
}

const workflow = parseYaml(read('.github/workflows/ci.yml')) as { jobs: Record<string, Job> };
const runs = (job: string) => workflow.jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? [];

describe('.github/workflows/ci.yml', () => {
  test('follows the schema of workflow files', () => {
    const valid = new Ajv({ strict: false, allErrors: true }).compile(workflowSchema);
    expect(valid(workflow) ? [] : valid.errors).toEqual([]);
    const { node } = workflow.jobs;
    const mistaken = { ...workflow, jobs: { node: { ...node, runs_on: 'ubuntu-24.04' } } };
    expect(valid(mistaken), 'the schema sees a mistake').toBe(false);
  });

  test('runs the tests as the README has it, on every Node and every database that it names', () => {
    expect(runs('node')).toEqual(['npm test']);
    expect(runs('database')).toEqual(['npm test']);
    expect(read('.ci/run').trim().split('\n').at(-1)).toBe('npm test');
    expect(read('README.md')).toContain('```sh\nnpm test\n```');
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    const versions = workflow.jobs.node?.strategy?.matrix.node;
    expect(versions).toEqual([20, 22, 24]);
    expect(engines.node).toMatch(/^>=20\./);
    expect(workflow.jobs.database?.strategy?.matrix.database).toContain(
      parseYaml(read('docker-compose.yml'), { merge: true }).services.mysql.image,
    );
  });

  test('starts the demo and makes a user as docs/deployment.md has it', () => {
    const commands = runs('demo').join('\n');
    const page = read('docs/deployment.md');
    const up = 'docker compose --env-file demo.env up';
    const create = 'api node --import tsx scripts/users.ts create alice 1000';
    for (const command of [up, create]) {
      expect(commands).toContain(command);
      expect(page).toContain(command);
    }
    for (const [file] of commands.matchAll(/(?:scripts|\.github)\/[\w./-]+|demo\.env/g)) {
      expect([file, existsSync(path.join(projectRoot, file))]).toEqual([file, true]);
    }
  });
});

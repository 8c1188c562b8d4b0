import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../scripts/environment.ts';

/** Files that are made up to break a rule of `npm run check`: by what they import, or by their names. */
const forbidden = {
  'api/src/commands/a.ts': "import { Hono } from 'hono';",
  'api/src/commands/upload/b.ts': "import type { Context } from 'hono';",
  'api/src/queries/c.ts': "import { z } from '@hono/zod-openapi';",
  'api/src/pictures/d.ts': "import { requestId } from 'hono/request-id';",
  'api/src/reconciler/e.ts': "import type { AppEnv } from '../http/app-env.ts';",
  'api/src/metrics/f.ts': "import { problemResponse } from '../http/problems/problem-response.ts';",
  'api/src/dependencies.ts': "import type { AppEnv } from './http/app-env.ts';",
  'api/src/http/v1/g.ts': "import { startWorker } from '../../../../worker/src/worker.ts';",
  'api/src/queries/h.ts': "import { startWorker } from '@midjourney-api/worker/src/worker';",
  'worker/src/tasks/i.ts': "import { createApp } from '../../../api/src/app.ts';",
  'worker/src/tasks/j.ts': "import type { Refusal } from '@midjourney-api/api/src/commands/refusal';",
  'shared/src/tasks/k.ts': "import { createApp } from '../../../api/src/app.ts';",
  'shared/src/tasks/l.ts': "import { startWorker } from '../../../worker/src/worker.ts';",
  'simulator/src/m.ts': "import type { Button } from '@midjourney-api/shared/tasks/task';",
  'simulator/src/midjourney/n.ts':
    "import { parseCustomId } from '../../../shared/src/midjourney/buttons.ts';",
  'client/src/o.ts': "import { isOpen } from '@midjourney-api/shared/tasks/statuses';",
  'client/src/tasks/p.ts': "import { isOpen } from '../../../shared/src/tasks/statuses.ts';",
  'client/src/tasks/q.ts': "import { writeFile } from 'node:fs/promises';",
  'shared/src/circle.ts': "import type { Half } from './other-half.ts';",
  'shared/src/other-half.ts': "import './circle.ts'; export type Half = 1;",
  'worker/src/constant.ts': 'export const WAIT_MS = 1;',
  'api/src/local.ts': 'export const first = (trigger_id: string) => trigger_id;',
  'simulator/src/private.ts': 'export class Door { private readonly key = 1; open = () => this.key; }',
  'scripts/TwoWords.ts': 'export const first = 1;',
};

/** What these rules must leave alone. */
const allowed = {
  'api/src/http/v1/o.ts': "import { createRoute } from '@hono/zod-openapi';",
  'api/src/app.ts': "import { requestId } from 'hono/request-id';",
  'api/src/commands/p.ts': "import { findTask } from '@midjourney-api/shared/tasks/find-tasks';",
  'api/src/queries/q.test.ts': "import { apiPrefix } from '../http/app-env.ts';",
  'worker/src/r.ts': "import { request } from 'node:http';",
  'simulator/src/s.ts': "import { createServer } from 'node:http';",
  'client/src/t.test.ts': "import { createServer } from 'node:http';",
  'scripts/wire-names.ts':
    "export interface Wire { trigger_id: string } export const env = { REDIS_URL: '', custom_id: '', 'x-y': '' };",
  'scripts/hard-private.ts': 'export class Door { readonly #key = 1; open = () => this.#key; }',
};

const rules = [
  'lint/style/noRestrictedImports',
  'lint/style/useConsistentMemberAccessibility',
  'lint/style/useFilenamingConvention',
  'lint/style/useNamingConvention',
  'lint/suspicious/noImportCycles',
];
const reportSchema = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), severity: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

describe('the linter', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'midjourney-api-architecture-'));
  let refused: Set<string>;

  beforeAll(async () => {
    copyFileSync(path.join(projectRoot, 'biome.json'), path.join(folder, 'biome.json'));
    for (const [file, content] of Object.entries({ ...forbidden, ...allowed })) {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(folder, file), `${content}\n`);
    }
    refused = await lint(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.entries(forbidden))('refuses in %s: %s', (file) => {
    expect(refused).toContain(file);
  });

  test.each(Object.entries(allowed))('leaves alone in %s: %s', (file) => {
    expect(refused).not.toContain(file);
  });
});

/** @returns the files in which an error of these rules is found. */
async function lint(folder: string): Promise<Set<string>> {
  const biome = path.join(projectRoot, 'node_modules/@biomejs/biome/bin/biome');
  const options = ['--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json'];
  const report = await new Promise<string>((resolve) => {
    // It exits with 1, as it finds errors.
    execFile(process.execPath, [biome, 'lint', ...options, '.'], { cwd: folder }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  const { diagnostics } = reportSchema.parse(JSON.parse(report));
  const errors = diagnostics.filter(
    ({ category, severity }) => rules.includes(category) && severity === 'error',
  );
  return new Set(errors.map(({ location }) => location.path));
}

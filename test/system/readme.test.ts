import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/environment.ts';
import { type System, startSystem } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');

/** The paragraphs of the shell commands under a heading of the README. */
function shellParagraphs(heading: string): string[] {
  const section = readme.split(`\n## ${heading}\n`)[1] ?? '';
  return /```sh\n(.*?)```/s.exec(section)?.[1]?.split(/\n{2,}/) ?? [];
}

test('the first task with curl runs as the README has it', async () => {
  const client = await system.newUser();
  const [settings = '', submit = '', poll = '', events = '', upscale = ''] =
    shellParagraphs('A first task with curl');
  const values = { API: `${system.apiUrl}/v1/api/trigger`, KEY: client.appKey, TASK: '' };
  /** Runs a paragraph with the values of this system instead of the README's examples. */
  const run = async (paragraph: string) => {
    const withValues = paragraph.replace(/^(API|KEY|TASK)=.*\n?/gm, '');
    return (await promisify(execFile)('sh', ['-c', withValues], { env: { ...process.env, ...values } }))
      .stdout;
  };

  expect(settings.match(/^\w+(?==)/gm)).toEqual(['API', 'KEY']);
  const accepted = JSON.parse(await run(submit));
  expect(accepted).toMatchObject({ message: 'success', trigger_type: 'generate', status: 'queued' });
  expect(submit).toMatch(/^TASK=\d+$/m);
  values.TASK = accepted.trigger_id;
  expect(JSON.parse(await run(poll))).toMatchObject({
    trigger_id: values.TASK,
    prompt: 'a beautiful sunset',
  });
  const [, final = '{}'] = /^event: final\ndata: (.*)\nid: \d+-succeeded$/m.exec(await run(events)) ?? [];
  expect(JSON.parse(final)).toMatchObject({ trigger_id: values.TASK, status: 'succeeded' });
  const picked = JSON.parse(await run(upscale));
  expect(await client.ended(picked.trigger_id)).toMatchObject({ trigger_type: 'upscale', index: 2 });
});

test('the script of the workflow draws a picture, and fails when it is refused', async () => {
  const { appKey } = await system.newUser();
  const file = path.join(system.dataDir, 'drawn.webp');
  const draw = (key: string) =>
    promisify(execFile)(process.execPath, [
      path.join(projectRoot, '.github/draw-a-picture.mjs'),
      `${system.apiUrl}/v1/api/trigger`,
      key,
      file,
    ]);
  await draw(appKey);
  expect(await sharp(file).metadata()).toMatchObject({ format: 'webp', width: 256, height: 256 });
  await expect(draw('mj_wrong')).rejects.toThrow('403');
});

/** The routes in the rows of a page's tables. */
function routesListedIn(page: string): string[] {
  const rows = page.matchAll(/^\| `(GET|POST) (\/.*?)` ((?:`\/\S+` )*)\|/gm);
  return [...rows].flatMap(([, method, first, others = '']) =>
    [first, ...[...others.matchAll(/`(.+?)`/g)].map(([, route]) => route)].map(
      (route) => `${method} ${route}`,
    ),
  );
}

test('the README and the page of the mj-proxy protocol list every route of the OpenAPI document, and no other', async () => {
  const response = await fetch(`${system.apiUrl}/openapi.json`);
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, unknown>> };
  const prefix = '/v1/api/trigger';
  const documented = Object.entries(paths).flatMap(([route, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${route.replace(prefix, '')}`),
  );
  const mjPage = readFileSync(path.join(projectRoot, 'docs/mj-proxy.md'), 'utf8');
  const listed = [...routesListedIn(readme), ...routesListedIn(mjPage)];
  expect(listed.filter((route) => !documented.includes(route))).toEqual([]);
  // Those outside the prefix are named in a sentence below the table.
  const missing = documented.filter(
    (route) => !listed.includes(route) && !readme.includes(`\`${route.replace('GET ', '')}\``),
  );
  expect(missing).toEqual([]);
});

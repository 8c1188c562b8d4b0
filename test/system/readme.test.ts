import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/environment.ts';
import { type System, startSystem } from './system.ts';

let system: System;
afterEach(() => system.stop());

/** The paragraphs of the shell commands under a heading of the README. */
function shellParagraphs(heading: string): string[] {
  const readme = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');
  const section = readme.split(`\n## ${heading}\n`)[1] ?? '';
  return /```sh\n(.*?)```/s.exec(section)?.[1]?.split(/\n{2,}/) ?? [];
}

test('the first task with curl runs as the README has it', async () => {
  system = await startSystem();
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

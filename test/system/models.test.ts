import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/environment.ts';
import { closeServer, listen } from '../listen.ts';
import { type System, startSystem } from './system.ts';

/** What the example in the documentation translates by, in the place of a language model. */
interface Question {
  authorization: string | undefined;
  body: { model: string; messages: { role: string; content: string }[] };
}
const questions: Question[] = [];

let system: System;
let languageModel: Server;
let translator: ChildProcess;
beforeAll(async () => {
  languageModel = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text) as Question['body'];
    questions.push({ authorization: request.headers.authorization, body });
    const content = body.messages.at(-1)?.content.replace('eine Katze auf dem Dach', 'a cat on the roof');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: ` ${content}\n` } }] }));
  });
  const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
  translator = spawn(process.execPath, [path.join(projectRoot, 'docs/examples/prompt-hook/server.mjs')], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      PROMPT_HOOK_SECRET: secret,
      OPENAI_BASE_URL: `http://127.0.0.1:${await listen(languageModel)}/v1`,
      OPENAI_API_KEY: 'sk-test',
      OPENAI_MODEL: 'a-model',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!translator.stdout) throw new Error('It has no output.');
  const [line] = (await once(createInterface(translator.stdout), 'line')) as [string];
  system = await startSystem({
    env: {
      PROMPT_HOOK: line.replace('listening on ', ''),
      PROMPT_HOOK_SECRET: secret,
      DEFAULT_MODEL: '7',
    },
  });
});
afterAll(async () => {
  await system.stop();
  translator.kill();
  await closeServer(languageModel);
});

test('a prompt is translated by the example of the documentation, pinned to a model, and drawn so', async () => {
  const client = await system.newUser();
  const task = await client.run('/imagine', {
    prompt: 'eine Katze auf dem Dach',
    params: { ar: '3:2' },
    speed: 'relax',
  });
  expect(task).toMatchObject({
    status: 'succeeded',
    prompt: 'eine Katze auf dem Dach',
    sent_prompt: 'a cat on the roof --ar 3:2 --relax --v 7',
    drawn: { model: '7', speed: 'relax', prompt: expect.stringMatching(/^a cat on the roof --ar 3:2/) },
  });
  expect(task).not.toHaveProperty('warnings');
  expect(questions).toMatchObject([
    {
      authorization: 'Bearer sk-test',
      body: { model: 'a-model', messages: [{ role: 'system' }, { content: 'eine Katze auf dem Dach' }] },
    },
  ]);
});

test('a button that is pressed is nothing to ask about, and says what it drew', async () => {
  const client = await system.newUser();
  const grid = await client.run('/imagine', { prompt: 'a dog --v 6.1' });
  const asked = questions.length;
  const variation = await client.run('/variation', { trigger_id: grid.trigger_id, index: 2 });
  expect(variation.drawn).toMatchObject({ model: '6.1' });
  expect(variation).not.toHaveProperty('sent_prompt');
  expect(questions).toHaveLength(asked);
});

test('a picture that Midjourney draws with another model without a word is delivered with a warning, and counted', async () => {
  const client = await system.newUser();
  await fetch(`${system.simulator.controlUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      kind: 'silent_downgrade',
      version: '6.1',
      match: { promptContains: 'a silent owl' },
    }),
  });
  const task = await client.run('/imagine', { prompt: 'a silent owl', params: { v: '8.2' }, speed: 'turbo' });
  expect(task).toMatchObject({
    status: 'succeeded',
    drawn: { model: '6.1', speed: 'turbo' },
    warnings: [
      { parameter: 'turbo', code: 'ignored' },
      {
        code: 'other_model',
        message: 'Midjourney drew this with model 6.1, although model 8.2 was asked for.',
      },
    ],
  });
  const metrics = await (await fetch(`${system.apiUrl}/metrics`)).text();
  expect(metrics).toContain('midjourney_downgrades_total{kind="model"} 1');
});

test('turbo falls back to fast on V8, which the task says', async () => {
  const client = await system.newUser();
  const task = await client.run('/imagine', { prompt: 'a quick owl', params: { v: '8.2' }, speed: 'turbo' });
  expect(task).toMatchObject({ speed: 'turbo', drawn: { model: '8.2', speed: 'fast' } });
  expect(task.warnings?.map(({ code }) => code)).toEqual(['ignored', 'other_speed']);
});

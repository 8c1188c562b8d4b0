import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen } from '../../../test/listen.ts';
import { checkAddress, findCheckLink } from './human-check.ts';

let server: Server;
let asked: string[];
let answer: { status: number; body: string };
let addresses: { DISCORDSAYS_URL: string; MIDJOURNEY_EDITOR_URL: string };
beforeAll(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.body);
  });
  const port = await listen(server);
  addresses = {
    DISCORDSAYS_URL: `http://127.0.0.1:${port}`,
    MIDJOURNEY_EDITOR_URL: 'https://editor.example',
  };
});
afterAll(() => server.close());

const { signal } = new AbortController();
const page = { customId: 'MJ::iframe::U3Nm-_1', applicationId: '936' };

it('asks once, and makes the link that a person can open', async () => {
  answer = { status: 200, body: JSON.stringify({ hash: 'a hash', token: 'a+token' }) };
  expect(await findCheckLink(page, addresses, undefined, signal)).toBe(
    'https://editor.example/captcha/challenge/index.html?hash=a+hash&token=a%2Btoken',
  );
  expect(asked).toEqual(['/captcha/api/c/U3Nm-_1/ack?hash=1']);
});

it.each([
  [500, '{}'],
  [200, '{"hash":"only"}'],
  [200, '<html>'],
])('fails when it is answered %i %s', async (status, body) => {
  answer = { status, body };
  await expect(findCheckLink(page, addresses, undefined, signal)).rejects.toThrow();
});

it.each([
  ['MJ::iframe::U3', '936', 'https://936.discordsays.com/captcha/api/c/U3/ack?hash=1'],
  ['MJ::iframe::../x', '936', undefined],
  ['MJ::iframe::U3', 'evil.example/', undefined],
  ['MJ::iframe::U3', null, undefined],
  ['MJ::Inpaint::1', '936', undefined],
])('%s of the application %s is at %s', (customId, applicationId, address) => {
  const host = { DISCORDSAYS_URL: 'https://{application}.discordsays.com' };
  expect(checkAddress({ customId, applicationId }, host)).toBe(address);
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetPeaks, peakMb, residentMb } from '../../../../test/bench/measures/usage.ts';
import { apiEnv, killApis, listening, startApi } from '../../testing/api-process.ts';
import { mostWaitingOnConnection } from './one-at-a-time.ts';

let port: number;
let pid: number;

beforeAll(async () => {
  const env = await apiEnv();
  const { child } = startApi({ ...env, RATE_LIMIT_PER_ADDRESS: '0' });
  await listening(env.PORT);
  if (child.pid === undefined) throw new Error('the api has no process');
  pid = child.pid;
  port = Number(env.PORT);
});
afterAll(killApis);

const request = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;

/** Writes it all at once. @returns what came back until the connection was closed. */
async function send(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

test('requests that are written together are answered in their order', async () => {
  const paths = ['/healthz', '/nowhere', '/openapi.json', '/v1/api/trigger/me', '/healthz'];
  const answer = await send(
    paths.map((path) => request(path)).join('') + request('/nowhere', 'Connection: close\r\n'),
  );
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  expect(statuses).toEqual(['200', '404', '200', '403', '200', '404']);
});

test('a connection on which too many wait is closed', async () => {
  const answer = await send(request('/healthz').repeat(mostWaitingOnConnection + 2));
  expect(answer.length).toBeLessThan(2_000);
});

test('a thousand requests for the largest document on each of ten connections take next to no memory', async () => {
  await send(request('/openapi.json', 'Connection: close\r\n'));
  forgetPeaks({ api: pid });
  const before = residentMb(pid);
  const attack = request('/openapi.json').repeat(1_000);
  await Promise.all(Array.from({ length: 10 }, () => send(attack)));
  expect((peakMb({ api: pid }).api ?? Number.NaN) - before).toBeLessThan(60);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { createUser } from '@midjourney-api/shared/users/users';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMigratedDatabase, type TestDatabase } from '../../../../test/database.ts';
import { apiEnv, killApis, listening, startApi } from '../../testing/api-process.ts';
import { apiPrefix } from '../app-env.ts';
import { serverLimits } from './server-limits.ts';

const requestTimeout = 1_500;
/** Node looks once a second. */
const slack = 1_800;

let database: TestDatabase;
let port: number;
let appKey: string;
let output: { stdout: string };

beforeAll(async () => {
  database = await createMigratedDatabase();
  const connection = connectDatabase(database);
  ({ appKey } = await createUser(connection.db, { userName: 'someone', tokenTotal: 5 }));
  await connection.close();
  const env = await apiEnv(database);
  ({ output } = startApi({ ...env, REQUEST_TIMEOUT_MS: String(requestTimeout) }));
  await listening(env.PORT);
  port = Number(env.PORT);
});
afterAll(async () => {
  killApis();
  await database.drop();
});

/** Sends what it is given, and a byte more every now and then. @returns what came back until the end, and when. */
async function drip(start: string, more = ''): Promise<{ answer: string; ms: number }> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const begin = performance.now();
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  socket.write(start);
  const dripping = setInterval(() => more && socket.writable && socket.write(more), 100);
  await once(socket, 'close');
  clearInterval(dripping);
  return { answer, ms: performance.now() - begin };
}

const head = () =>
  `POST ${apiPrefix}/imagine HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${appKey}\r\n`;

test('slow clients are hung up on, and nobody else notices', async () => {
  const slow = Promise.all([
    drip(''),
    drip('GET /healthz HTTP/1.1\r\nX-Slow: ', 'a'),
    drip(`${head()}Content-Length: 5000\r\n\r\n{"prompt":"`, 'a'),
    drip(`${head()}Transfer-Encoding: chunked\r\n\r\n`, '1\r\na\r\n'),
    ...Array.from({ length: 100 }, () => drip('GET /healthz HTTP/1.1\r\nX-Slow: ', 'a')),
  ]);
  const healthy = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect(healthy.status).toBe(200);
  const [silent, headers, body, chunked, ...many] = await slow;
  for (const { answer, ms } of [silent, headers, ...many]) {
    expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\nContent-Type: application\/problem\+json/);
    expect(answer).toContain('"code":"invalid_request"');
    expect(ms).toBeLessThan(requestTimeout + slack);
  }
  for (const { answer, ms } of [body, chunked]) {
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(ms).toBeLessThan(requestTimeout + slack);
  }
  expect(output.stdout).not.toContain('"level":50');
});

test('headers have a time limit of their own, and never more than the whole request', () => {
  expect(serverLimits({ REQUEST_TIMEOUT_MS: 120_000 })).toMatchObject({
    headersTimeout: 15_000,
    requestTimeout: 120_000,
  });
  expect(serverLimits({ REQUEST_TIMEOUT_MS: 1_000 })).toMatchObject({
    headersTimeout: 1_000,
    requestTimeout: 1_000,
  });
});

test('headers and address of more than 16 KiB are refused', async () => {
  const large = await drip(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Large: ${'a'.repeat(20_000)}\r\n\r\n`);
  expect(large.answer).toMatch(/^HTTP\/1.1 431 /);
  expect(large.answer).toContain('application/problem+json');
  const long = await drip(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(long.answer).toMatch(/^HTTP\/1.1 431 /);
});

test.each([
  'nonsense\r\n\r\n',
  'GET /healthz HTTP/9.9\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n',
  '\x16\x03\x01\x02\x00',
])('what is no request (%j) is answered with 400', async (bytes) => {
  const { answer } = await drip(bytes);
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
});

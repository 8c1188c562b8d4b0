import { createServer } from 'node:http';
import { connect } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { UploadJob, UploadJobResult } from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { Worker } from 'bullmq';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../../../../test/listen.ts';
import { openTestApi, readAnswer, type TestApi, type TestClient } from '../../../testing/open-test-api.ts';
import { apiPrefix } from '../../app-env.ts';

let api: TestApi;
let client: TestClient;
let worker: Worker<UploadJob, UploadJobResult>;
let png: Buffer;

beforeAll(async () => {
  api = await openTestApi({ UPLOAD_LIMIT_BYTES: '200000' });
  client = await api.client('someone');
  png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  const { redis, config } = api.deps;
  worker = new Worker(
    queueNames.uploads,
    async ({ data }) => {
      if (data.kind !== 'upload') throw new Error('only uploads are expected');
      const uploadFilename = `0b9cf0a6/${data.filename}`;
      return { account: 'default', uploadFilename, uploadUrl: `https://slots.example/${uploadFilename}` };
    },
    {
      connection: redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true }),
      prefix: config.REDIS_PREFIX,
    },
  );
});
afterAll(async () => {
  await worker.close();
  await api.close();
});

async function send(path: string, contentType: string, body: NonNullable<RequestInit['body']>) {
  return readAnswer(
    await api.app.request(apiPrefix + path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${client.appKey}`, 'Content-Type': contentType },
      body,
      duplex: 'half',
    }),
  );
}

interface Writing {
  boundary?: string;
  contentType?: string;
  preamble?: string;
  epilogue?: string;
}

/** A form with the picture under each of the part headers. */
function form(headers: string[], { boundary = 'xyz', preamble = '', epilogue = '' }: Writing = {}) {
  const parts = headers.flatMap((header) => [
    Buffer.from(`--${boundary}\r\n${header}\r\n\r\n`),
    png,
    Buffer.from('\r\n'),
  ]);
  return new Uint8Array(
    Buffer.concat([Buffer.from(preamble), ...parts, Buffer.from(`--${boundary}--${epilogue}`)]),
  );
}

const asBrowsersDo =
  'Content-Disposition: form-data; name="file"; filename="cat.png"\r\nContent-Type: image/png';

describe('/upload takes a form', () => {
  test.each<[string, string, Writing?]>([
    [
      "of .NET's HttpClient",
      "Content-Type: image/png\r\nContent-Disposition: form-data; name=file; filename=cat.png; filename*=utf-8''cat.png",
      {
        boundary: '0a87e8fa-6e1c-4b0e-93f7-0d0f6fbd8d9e',
        contentType: 'multipart/form-data; boundary="0a87e8fa-6e1c-4b0e-93f7-0d0f6fbd8d9e"',
        epilogue: '\r\n',
      },
    ],
    [
      'with filename* only',
      'content-disposition: form-data; name="file"; filename*=UTF-8\'\'k%C3%A4tzchen.png',
    ],
    ['with unquoted names', 'Content-Disposition: form-data; name=file; filename=cat.png'],
    ['with a short boundary', asBrowsersDo, { boundary: 'x' }],
    [
      'whose boundary is the longest that may be, between other parameters',
      asBrowsersDo,
      {
        boundary: 'b'.repeat(70),
        contentType: `Multipart/Form-Data; charset=utf-8; Boundary=${'b'.repeat(70)}; x=y`,
      },
    ],
    ['with a preamble', asBrowsersDo, { preamble: 'This is a message with multiple parts.\r\n' }],
    ['with an epilogue', asBrowsersDo, { epilogue: '\r\nThat was all.\r\n--xyz\r\nnot a part' }],
    [
      'with more headers for the part',
      `${asBrowsersDo}\r\nContent-Length: 80\r\nContent-Transfer-Encoding: binary`,
    ],
    [
      'whose picture has a type and no file name',
      'Content-Disposition: form-data; name="file"\r\nContent-Type: image/png',
    ],
    [
      'with a file name of other letters',
      'Content-Disposition: form-data; name="file"; filename="a \\"cat\\"; 猫.png"',
    ],
  ])('%s', async (_what, header, writing = {}) => {
    const { boundary = 'xyz', contentType = `multipart/form-data; boundary=${boundary}` } = writing;
    const { status, text } = await send('/upload', contentType, form([header], writing));
    expect([status, text]).toEqual([200, expect.stringContaining('upload_filename')]);
  });

  test('that comes byte by byte', async () => {
    const bytes = form([asBrowsersDo], { preamble: 'hello\r\n', epilogue: '\r\nbye' });
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const { status } = await send('/upload', 'multipart/form-data; boundary=xyz', body);
    expect(status).toBe(200);
  });
});

test('/blend takes two pictures in such a form, with a field', async () => {
  const header = 'Content-Disposition: form-data; name=images; filename=cat.png';
  const field = '--x\r\nContent-Disposition: form-data; name=dimensions\r\n\r\nlandscape\r\n';
  const body = form([header, header], { boundary: 'x', preamble: field });
  const { status, json } = await send('/blend', 'multipart/form-data; boundary=x', body);
  expect([status, json.trigger_type]).toEqual([200, 'blend']);
});

describe('/upload refuses with a sentence a form', () => {
  const refusal = async (body: Uint8Array | string, contentType = 'multipart/form-data; boundary=xyz') => {
    const { status, json } = await send('/upload', contentType, new Uint8Array(Buffer.from(body)));
    return [status, json.code, json.detail];
  };
  const broken = [400, 'invalid_request', expect.stringContaining('multipart/form-data')];

  test('without a boundary', async () => {
    expect(await refusal(form([asBrowsersDo]), 'multipart/form-data')).toEqual(broken);
  });

  test('that is empty', async () => {
    expect((await refusal(''))[0]).toBe(400);
  });

  test.each([0.05, 0.5, 0.9, 0.99])('that is cut off after %f of it', async (share) => {
    const whole = form([asBrowsersDo]);
    expect(await refusal(whole.subarray(0, whole.length * share))).toEqual(broken);
  });

  test('of another boundary', async () => {
    expect((await refusal(form([asBrowsersDo], { boundary: 'other' })))[0]).toBe(400);
  });

  test('of two files', async () => {
    expect(await refusal(form([asBrowsersDo, asBrowsersDo]))).toEqual([
      400,
      'invalid_request',
      'The form has too many files.',
    ]);
  });

  test('of many fields', async () => {
    const fields = '--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n'.repeat(100);
    expect(await refusal(form([asBrowsersDo], { preamble: fields }))).toEqual([
      400,
      'invalid_request',
      'The form has too many fields.',
    ]);
  });
});

test('a form that is refused while it still comes is answered all the same', async () => {
  const server = createServer(getRequestListener(api.app.fetch));
  const port = await listen(server);
  const header = `POST ${apiPrefix}/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${client.appKey}\r\nConnection: close\r\n`;
  const filePart = `--xyz\r\n${asBrowsersDo}\r\n\r\n`;
  const body = filePart + 'x'.repeat(230_000);
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(
    `${header}Content-Type: multipart/form-data; boundary=xyz\r\nContent-Length: 260000\r\n\r\n${body}`,
  );
  await expect.poll(() => answer).toContain('too_large');
  socket.destroy();
  server.close();
});

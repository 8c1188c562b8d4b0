import { connectDatabase } from '@midjourney-api/shared/database/connect';
import type { UploadJob, UploadJobResult } from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { createUser } from '@midjourney-api/shared/users/users';
import { Worker } from 'bullmq';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetPeaks, peakMb, residentMb } from '../../../../test/bench/measures/usage.ts';
import { createMigratedDatabase, type TestDatabase } from '../../../../test/database.ts';
import { apiPrefix } from '../../http/app-env.ts';
import { apiEnv, killApis, listening, startApi } from '../../testing/api-process.ts';
import { evilPictures } from './evil-pictures.fixture.ts';

const mostGrowthMb = 300;

let database: TestDatabase;
let worker: Worker<UploadJob, UploadJobResult>;
let address: string;
let appKey: string;
let pid: number;
let pictures: Record<string, Buffer>;

beforeAll(async () => {
  pictures = await evilPictures();
  database = await createMigratedDatabase();
  const connection = connectDatabase(database);
  ({ appKey } = await createUser(connection.db, { userName: 'someone', tokenTotal: 5 }));
  await connection.close();
  const env = await apiEnv(database);
  worker = new Worker(
    queueNames.uploads,
    async ({ data }) => {
      if (data.kind !== 'upload') throw new Error('only uploads are expected');
      const uploadFilename = `0b9cf0a6/${data.filename}`;
      return { account: 'default', uploadFilename, uploadUrl: `https://slots.example/${uploadFilename}` };
    },
    { connection: { url: env.REDIS_URL }, prefix: env.REDIS_PREFIX },
  );
  // As in the Dockerfile and `npm start`.
  const { child } = startApi({ ...env, IMAGE_STORE: 'none', MALLOC_TRIM_THRESHOLD_: '131072' });
  await listening(env.PORT);
  if (child.pid === undefined) throw new Error('the api has no process');
  pid = child.pid;
  address = `http://127.0.0.1:${env.PORT}${apiPrefix}/upload`;
}, 180_000);
afterAll(async () => {
  killApis();
  await worker.close();
  await database.drop();
});

async function upload(bytes: Buffer): Promise<number> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(bytes)], 'a.png'));
  const headers = { Authorization: `Bearer ${appKey}` };
  const answer = await fetch(address, { method: 'POST', headers, body: form });
  await answer.body?.cancel();
  return answer.status;
}

test('whatever pictures are sent, one after the other and all at once, the api stays small and takes or refuses them', async () => {
  await upload(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
      .png()
      .toBuffer(),
  );
  forgetPeaks({ api: pid });
  const before = residentMb(pid);

  const statuses: Record<string, number> = {};
  for (const [name, bytes] of Object.entries(pictures)) statuses[name] = await upload(bytes);
  expect(statuses).toEqual({
    'a row of 49,999,999 pixels': 413,
    'a column of 49,999,999 pixels': 413,
    'a deep png': 200,
    'an interlaced png': 200,
    'a deep interlaced png': 413,
    'a png with a gigabyte of texts': 200,
    'an animated png': 200,
    'a webp of 40 bytes': 413,
    'a webp that may just be': 200,
    'an animated webp': 200,
    'an animated gif': 200,
    'a progressive jpeg': 200,
    'a jpeg to be turned': 200,
  });
  await Promise.all(Object.values(pictures).map(upload));
  expect((peakMb({ api: pid }).api ?? Number.NaN) - before).toBeLessThan(mostGrowthMb);
}, 180_000);

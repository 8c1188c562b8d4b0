import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { environmentSchema } from '@midjourney-api/shared/config/config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type S3Server, startS3Server } from '../../../test/s3-server.ts';
import { openPictureStore } from './open-pictures.ts';
import type { PictureStore } from './picture-store.ts';

const access = { region: 'nowhere-1', accessKeyId: 'key', secretAccessKey: 'secret' };
let folder: string;
let s3: S3Server;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pictures-'));
  s3 = await startS3Server(access);
});
afterAll(async () => {
  await s3.close();
  await rm(folder, { recursive: true });
});

const inS3 = (secret = access.secretAccessKey) => ({
  IMAGE_STORE: 's3',
  S3_BUCKET_URL: s3.bucketUrl,
  S3_REGION: access.region,
  S3_ACCESS_KEY_ID: access.accessKeyId,
  S3_SECRET_ACCESS_KEY: secret,
});
const open = (settings: Record<string, string>) => openPictureStore(environmentSchema.parse(settings));

const text = async (stream: ReadableStream | undefined) => new Response(stream).text();

describe.each([
  ['fs', () => ({ IMAGE_STORE: 'fs', DATA_DIR: folder })],
  ['s3', () => inS3()],
])('the store %s', (_name, settings) => {
  let store: PictureStore;
  beforeAll(() => {
    const opened = open(settings());
    if (!opened) throw new Error('no store');
    store = opened;
  });

  test('gives back what it was given, whole and in parts', async () => {
    await store.put('day/one/picture.png', Buffer.from('0123456789'), 'image/png');
    const found = await store.find('day/one/picture.png');
    expect(found?.size).toBe(10);
    expect(await text(await found?.read())).toBe('0123456789');
    expect(await text(await found?.read({ first: 0, last: 0 }))).toBe('0');
    expect(await text(await found?.read({ first: 3, last: 6 }))).toBe('3456');
    expect(await text(await found?.read({ first: 7, last: 9 }))).toBe('789');
  });

  test('keeps the newer of two files of a name', async () => {
    await store.put('day/two/picture.png', Buffer.from('old'), 'image/png');
    await store.put('day/two/picture.png', Buffer.from('newer'), 'image/png');
    expect(await text(await (await store.find('day/two/picture.png'))?.read())).toBe('newer');
  });

  test.each(['day/none/picture.png', 'none', 'day', 'day/one/picture.png/more'])(
    'has no %s',
    async (name) => {
      expect(await store.find(name)).toBeUndefined();
    },
  );

  test('removes a folder and leaves the others', async () => {
    for (const name of ['a/picture.png', 'a/w512.webp', 'ab/picture.png']) {
      await store.put(name, Buffer.from(name), 'image/png');
    }
    await store.removeFolder('a/');
    await store.removeFolder('never/was/');
    expect(await store.find('a/picture.png')).toBeUndefined();
    expect(await store.find('a/w512.webp')).toBeUndefined();
    expect(await store.find('ab/picture.png')).toBeDefined();
  });
});

test('a file is never seen in part, and one that could not be written leaves nothing', async () => {
  const store = open({ IMAGE_STORE: 'fs', DATA_DIR: path.join(folder, 'whole') });
  const large = Buffer.alloc(8 * 1_024 * 1_024, 'x');
  const putting = store?.put('large', large, 'image/png');
  const sizes = new Set<number | undefined>();
  let written = false;
  const done = putting?.then(() => {
    written = true;
  });
  while (!written) sizes.add((await store?.find('large'))?.size);
  await done;
  sizes.delete(undefined);
  sizes.delete(large.length);
  expect([...sizes]).toEqual([]);

  await writeFile(path.join(folder, 'whole', 'images', 'a-file'), '');
  await expect(store?.put('a-file/picture.png', Buffer.from('x'), 'image/png')).rejects.toThrow();
  const tooLongAName = `folder/${'x'.repeat(300)}`;
  await expect(store?.put(tooLongAName, Buffer.from('x'), 'image/png')).rejects.toThrow('ENAMETOOLONG');
  await store?.put('kept/first', Buffer.from('x'), 'image/png');
  await expect(store?.put(`kept/${'x'.repeat(300)}`, Buffer.from('x'), 'image/png')).rejects.toThrow();
  expect(await readdir(path.join(folder, 'whole', 'images'))).toEqual(['a-file', 'kept', 'large']);
});

describe('a bucket', () => {
  test('stores the content type of each file', async () => {
    await open(inS3())?.put('typed/picture.webp', Buffer.from('x'), 'image/webp');
    expect(s3.objects.get('typed/picture.webp')?.contentType).toBe('image/webp');
  });

  test('that is away or refuses the key fails, and does not look like one without the picture', async () => {
    const refused = open(inS3('wrong'));
    await expect(refused?.put('refused', Buffer.from('x'), 'image/png')).rejects.toThrow(/403/);
    await expect(refused?.find('typed/picture.webp')).rejects.toThrow();
    s3.away = true;
    await expect(open(inS3())?.find('typed/picture.webp')).rejects.toThrow();
    s3.away = false;
  });

  test('without its address or key is a mistake of the configuration', () => {
    expect(() => open({ IMAGE_STORE: 's3', S3_BUCKET_URL: s3.bucketUrl })).toThrow(/S3_SECRET_ACCESS_KEY/);
  });
});

test('pictures need not be kept', () => {
  expect(open({ IMAGE_STORE: 'none' })).toBeUndefined();
});

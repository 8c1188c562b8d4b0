import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestApi } from '../../api/src/testing/open-test-api.ts';
import { schemaTypes } from './schema-types.ts';

/** `npm run client-types` runs this test so that it writes the file. */
test('the types in client/src/schema.ts are those of /openapi.json; if not, run `npm run client-types`', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'client-types-'));
  const api = await openTestApi({ IMAGE_STORE: 'fs', DATA_DIR: folder });
  try {
    const document = await (await api.app.request('/openapi.json')).json();
    await expect(await schemaTypes(document)).toMatchFileSnapshot('../src/schema.ts');
  } finally {
    await api.close();
    rmSync(folder, { recursive: true });
  }
});

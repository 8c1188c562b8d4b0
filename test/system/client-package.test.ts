import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { hookSecrets } from '@midjourney-api/shared/notices/hook-secrets';
import { findUserByAppKey } from '@midjourney-api/shared/users/users';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/environment.ts';
import { findChromium } from '../../scripts/services/chromium.ts';
import { freePort } from '../../scripts/services/free-port.ts';
import { closeServer, listen } from '../listen.ts';
import type { Client } from './client.ts';
import { openPackageRegistry } from './package-registry.ts';
import { type System, startSystem } from './system.ts';

const run = promisify(execFile);
const packageFolder = path.join(projectRoot, 'client');
const folder = mkdtempSync(path.join(tmpdir(), 'midjourney-api-client-'));
const drawn = { width: 320, height: 208 };
/** What a followed task shows at the end. */
const theEnd = 'succeeded 100';

let system: System;
let client: Client;
let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
  system = await startSystem({
    drawMs: 400,
    imageSize: 256,
    env: { CORS_ORIGINS: site.origin, ALLOW_PRIVATE_HOOKS: '1' },
  });
  client = await system.newUser();
});
afterAll(async () => {
  await system?.stop();
  await site?.close();
  rmSync(folder, { recursive: true });
});

/** Another site, with a page that runs whatever script it was given. */
async function openSite() {
  let script = '';
  const server = createServer((request, response) => {
    const isScript = request.url === '/app.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript ? script : '<link rel="icon" href="data:,"><script type="module" src="/app.js"></script>',
    );
  });
  return {
    origin: `http://127.0.0.1:${await listen(server)}`,
    serve: (text: string) => {
      script = text;
    },
    close: () => closeServer(server),
  };
}

/** The code blocks of a page, with the values of this system in place of the examples. */
function codeOf(page: string, language: string, more: Record<string, string> = {}): string[] {
  const values = { 'http://localhost:8086': system.apiUrl, 'mj_…': client.appKey, ...more };
  const blocks = readFileSync(path.join(projectRoot, page), 'utf8').matchAll(
    new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'),
  );
  return [...blocks].map(([, code = '']) =>
    Object.entries(values).reduce((text, [example, value]) => text.replaceAll(example, value), code),
  );
}

describe('the package, installed into an empty folder', () => {
  const script = path.join(folder, 'draw.mjs');

  beforeAll(async () => {
    const { stdout } = await run('npm', ['pack', '--pack-destination', folder, '--json'], {
      cwd: packageFolder,
    });
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as { filename: string }[];
    const registry = await openPackageRegistry(packageFolder, folder);
    const install = [
      'install',
      `./${packed?.filename}`,
      '--registry',
      registry.url,
      '--no-audit',
      '--no-fund',
    ];
    const env = { PATH: process.env.PATH, HOME: folder, NO_PROXY: '127.0.0.1' };
    await run('npm', install, { cwd: folder, env });
    await registry.close();
    writeFileSync(script, codeOf('client/README.md', 'js')[0] ?? '');
  }, 120_000);

  it('has JavaScript, types, README and licence, and nothing of the workspace', async () => {
    const installed = path.join(folder, 'node_modules/@midjourney-api/client');
    const read = (file: string) => readFileSync(path.join(installed, file), 'utf8');
    const manifest = JSON.parse(read('package.json'));
    expect(JSON.stringify(manifest)).not.toContain('workspace:');
    expect(read(manifest.exports['.'].default)).toContain('createClient');
    expect(read(manifest.exports['.'].types)).toContain('createClient');
    expect(read('README.md')).toContain('@midjourney-api/client');
    expect(read('LICENSE')).toContain('MIT License');
    const { stdout } = await run('find', [
      installed,
      '-name',
      '*.test.*',
      '-o',
      '-name',
      '*.ts',
      '!',
      '-name',
      '*.d.ts',
    ]);
    expect(stdout).toBe('');
  });

  it.each([
    ['Node', { module: 'nodenext', types: ['node'], lib: ['es2023'] }],
    [
      'pages',
      { module: 'esnext', moduleResolution: 'bundler', types: [], lib: ['es2022', 'dom', 'dom.iterable'] },
    ],
  ])(
    'has types for %s, by which the script of its README is right, and a wrong one is not',
    async (_for, options) => {
      const typeRoots = [path.join(projectRoot, 'node_modules/@types')];
      const compilerOptions = {
        ...options,
        typeRoots,
        target: 'es2022',
        strict: true,
        allowJs: true,
        checkJs: true,
        noEmit: true,
      };
      const wrong = path.join(folder, 'wrong.mjs');
      writeFileSync(
        wrong,
        readFileSync(script, 'utf8').replace('U2', "U2', { prompts: 'x' }, '").replace('.done()', '.end()'),
      );
      const check = async (file: string) => {
        const config = path.join(folder, 'tsconfig.json');
        writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }));
        return run(path.join(projectRoot, 'node_modules/.bin/tsc'), ['-p', config]).then(
          () => [],
          ({ stdout }: { stdout: string }) => stdout.match(/error TS.*/g),
        );
      };
      expect(await check(script)).toEqual([]);
      expect(await check(wrong)).not.toEqual([]);
    },
  );

  it('draws, follows, picks and saves, with the 15 lines of its README', async () => {
    expect(readFileSync(script, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(16);
    const { stdout, stderr } = await run(process.execPath, [script], { cwd: folder });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').at(-1)).toBe(theEnd);
    expect(stdout).toContain('running');
    expect(await sharp(path.join(folder, 'lighthouse.png')).metadata()).toMatchObject(drawn);
  });

  it('does the same in a page of another site', async () => {
    const bundled = await build({
      entryPoints: [script],
      bundle: true,
      format: 'esm',
      write: false,
      logLevel: 'error',
    });
    site.serve(bundled.outputFiles[0]?.text ?? '');
    const browser = await chromium.launch({
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
    try {
      const page = await browser.newPage();
      const said: string[] = [];
      const asked: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      page.on('pageerror', (error) => said.push(error.message));
      page.on('request', (request) => asked.push(new URL(request.url()).pathname.replace(/\d{10,}/, 'ID')));
      const downloading = page.waitForEvent('download');
      await page.goto(site.origin);
      const download = await downloading;
      expect(download.suggestedFilename()).toBe('lighthouse.png');
      expect(await sharp(await download.path()).metadata()).toMatchObject(drawn);
      expect(said.at(-1)).toBe(theEnd);
      expect(asked).toContain('/v1/api/trigger/task/ID/events');
      expect(asked).not.toContain('/v1/api/trigger/task/ID');
    } finally {
      await browser.close();
    }
  });

  it('shows a part of a grid, and a smaller size', async () => {
    const grid = await client.mj.imagine({ prompt: 'a harbour' });
    await grid.done({ timeoutMs: 20_000 });
    const widthOf = async (blob: Blob) => (await sharp(await blob.arrayBuffer()).metadata()).width;
    expect(await widthOf(await grid.picture())).toBe(256);
    expect(await widthOf(await grid.picture({ part: 3 }))).toBe(128);
    expect(await widthOf(await grid.picture({ width: 64 }))).toBe(64);
    await grid.download(path.join(folder, 'part.png'), { part: 2, width: 64 });
    expect((await sharp(path.join(folder, 'part.png')).metadata()).width).toBe(64);
  });
});

/** `PYTHON` names another one, such as that of a virtual environment with the packages. */
const python = process.env.PYTHON ?? 'python3';

/** Why the code of docs/python.md cannot be run here; undefined where it can. */
async function whyNoPython(): Promise<string | undefined> {
  return run(python, ['-c', 'import requests, standardwebhooks']).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

describe('docs/python.md', () => {
  it('draws, follows, presses, saves and verifies a hook, where Python has the packages that it names', async () => {
    const reason = await whyNoPython();
    if (reason !== undefined) {
      expect(reason).toMatch(/ENOENT|ModuleNotFoundError: No module named '(requests|standardwebhooks)'/);
      console.info(`docs/python.md was not run: ${reason.trim().split('\n').at(-1)}`);
      return;
    }
    const port = String(await freePort());
    const user = await findUserByAppKey(system.db, client.appKey);
    const [secret] = await hookSecrets(system.db, user?.id ?? 0);
    const [draw = '', hook = ''] = codeOf('docs/python.md', 'python', { 'whsec_…': secret, '3000': port });

    const receiver = spawn(python, ['-c', hook], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]();
    try {
      const notifyHook = `http://127.0.0.1:${port}/`;
      const task = await client.mj.imagine({ prompt: 'a harbour', notify_hook: notifyHook, notify: 'final' });
      const { stdout } = await run(python, ['-c', draw], { cwd: folder });
      expect(stdout.match(/^succeeded 100$/gm)).toHaveLength(2);
      expect(await sharp(path.join(folder, 'lighthouse.png')).metadata()).toMatchObject(drawn);
      expect((await lines.next()).value).toBe(`task.succeeded ${task.id}`);
    } finally {
      receiver.kill();
    }
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithComplaint } from './complaint.ts';
import { ensureChromium } from './services/chromium.ts';
import { installMissingServers } from './services/programs.ts';
import { countTests, type TestCount } from './test-count.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each counts as one check, passed or failed. */
const checks: [name: string, command: string[]][] = [
  ['format and lint', ['biome', 'check', '.']],
  ['types', ['tsc', '--noEmit']],
  ['unused code', ['knip', '--no-progress']],
];

const count = { passed: 0, failed: 0 };

try {
  installMissingServers({ mysql: true, redis: true }, console.log);
  ensureChromium(console.log);
} catch (error) {
  endWithComplaint(error);
}

for (const [name, command] of checks) {
  const ok = await run(command);
  add(ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  console.log(`${ok ? '✓' : '✗'} ${name}`);
}
add(await runVitest(process.argv.slice(2)));

process.exitCode = count.failed === 0 ? 0 : 1;
console.log(`${count.passed} passed, ${count.failed} failed`);

function add(more: TestCount): void {
  count.passed += more.passed;
  count.failed += more.failed;
}

async function runVitest(args: string[]): Promise<TestCount> {
  const folder = mkdtempSync(path.join(tmpdir(), 'midjourney-api-report-'));
  const reportFile = path.join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const ok = await run(['vitest', 'run', ...reporters, ...args]);
    return countTests(readReport(reportFile), ok);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Runs a tool of the project with its output shown. Resolves to whether it succeeded. */
async function run([tool = '', ...args]: string[]): Promise<boolean> {
  const child = spawn(path.join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = () => {
    child.once('exit', () => process.exit(143));
    child.kill('SIGTERM');
  };
  process.once('SIGTERM', stop);
  const [code] = await once(child, 'exit');
  process.off('SIGTERM', stop);
  return code === 0;
}

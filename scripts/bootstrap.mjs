// Runs one of the project's TypeScript commands on a fresh clone: `node scripts/bootstrap.mjs <command> [arguments…]`.
// Plain JavaScript without dependencies, because nothing is installed yet when it starts.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const installedStamp = new URL('../node_modules/.installed-lockfile', import.meta.url);
const installLock = new URL('../node_modules/.installing', import.meta.url);

async function main() {
  requireNode(manifest.engines.node);
  const [command, ...args] = process.argv.slice(2);
  if (process.env.npm_lifecycle_event) endWithParent();
  await installWhenLockfileChanged();

  // In this process, so that signals and the exit status need no forwarding.
  const { register } = await import('tsx/esm/api');
  register();
  const script = new URL(`./${command}.ts`, import.meta.url);
  process.argv = [process.argv[0], fileURLToPath(script), ...args];
  await import(script.href);
}

function requireNode(range) {
  const wanted = range.replace('>=', '').split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return;
  fail(`Node.js ${range.replace('>=', '')} or newer is needed; this is ${process.versions.node}.`);
}

/**
 * npm forwards SIGTERM only to its shell, which dies of it without signalling this process. The only sign is a new parent
 * process, for which there is no event.
 */
function endWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

async function installWhenLockfileChanged() {
  const lockfile = createHash('sha256')
    .update(readFileSync(new URL('../pnpm-lock.yaml', import.meta.url)))
    .digest('hex');
  if (readIfThere(installedStamp) === lockfile) return;
  mkdirSync(new URL('../node_modules', import.meta.url), { recursive: true });
  await lockInstallation();
  try {
    // Another command may have installed everything while this one waited.
    if (readIfThere(installedStamp) === lockfile) return;
    console.log('Installing dependencies…');
    await install();
    writeFileSync(installedStamp, lockfile);
  } finally {
    rmSync(installLock, { force: true });
  }
}

/** `npm start` and `npm test` may run at the same time on a fresh clone: one installs, the other waits. */
async function lockInstallation() {
  for (;;) {
    try {
      const lock = openSync(installLock, 'wx');
      writeFileSync(lock, String(process.pid));
      closeSync(lock);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(readIfThere(installLock));
    if (owner > 0 && !isAlive(owner)) rmSync(installLock, { force: true });
    await delay(200);
  }
}

/** Runs the pinned pnpm through npx; installs nothing globally. Its output matters only if it fails. */
function install() {
  const pnpm = manifest.packageManager.split('+')[0];
  return new Promise((resolve) => {
    const child = spawn('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], {
      cwd: root,
      shell: process.platform === 'win32',
      env: {
        ...process.env,
        // It must neither ask questions nor replace itself with the pinned version, which it already is.
        CI: 'true',
        pnpm_config_pm_on_fail: 'ignore',
        npm_config_update_notifier: 'false',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => fail(`npx could not be run: ${error.message}`));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve();
      process.stderr.write(output);
      fail(
        `The dependencies could not be installed with ${pnpm} (${signal ?? `status ${code}`}), see above.`,
      );
    });
  });
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function fail(line) {
  console.error(line);
  rmSync(installLock, { force: true });
  process.exit(1);
}

await main();

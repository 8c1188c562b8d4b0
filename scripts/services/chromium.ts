import { canInstallDebianPackages, findProgram, installDebianPackages } from './programs.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser for tests of pages: `CHROMIUM_PATH`, or one on PATH. */
export function findChromium(): string | undefined {
  return process.env.CHROMIUM_PATH || names.map(findProgram).find((program) => program !== undefined);
}

/** Installs Chromium where that is one safe command. Elsewhere the tests that need it report that it is missing. */
export function ensureChromium(say: (line: string) => void): void {
  if (findChromium() !== undefined || !canInstallDebianPackages()) return;
  say('Chromium, for the tests of pages, is not installed: installing the Debian package chromium…');
  installDebianPackages(['chromium']);
}

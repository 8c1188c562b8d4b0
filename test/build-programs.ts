import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { projectRoot } from '../scripts/environment.ts';

/** The programs that tests start as separate processes, by the dozen. */
const programs = [
  'api/src/main',
  'worker/src/main',
  'scripts/accounts',
  'scripts/doctor',
  'scripts/record',
  'scripts/users',
] as const;
export type Program = (typeof programs)[number];

/**
 * Writes each program as one file of JavaScript into the folder. Elsewhere tsx runs them, which hands each of hundreds
 * of modules to a thread of its own: so a process takes two and a half seconds of processor time to load, and less than
 * one from its file. `test/start.test.ts` and chaos start everything as its users do.
 */
export async function buildPrograms(folder: string): Promise<void> {
  await build({
    entryPoints: programs.map((name) => path.join(projectRoot, `${name}.ts`)),
    outbase: projectRoot,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // As Node resolves packages.
    conditions: [],
    keepNames: true,
    sourcemap: 'linked',
    logLevel: 'warning',
    plugins: [packagesWhereTheyAre, modulesWhereTheyWere],
  });
}

/** Packages are loaded from their own files: a file elsewhere would not find those of the workspaces by their names. */
const packagesWhereTheyAre: Plugin = {
  name: 'packages where they are',
  setup(building) {
    building.onResolve(
      { filter: /^[^./]/ },
      async ({ path: name, kind, importer, resolveDir, pluginData }) => {
        if (kind === 'entry-point' || pluginData || name.startsWith('@midjourney-api/')) return;
        if (isBuiltin(name)) return { path: name, external: true };
        const found = await building.resolve(name, { kind, importer, resolveDir, pluginData: 'seen' });
        return { errors: found.errors, path: pathToFileURL(found.path).href, external: true };
      },
    );
  },
};

/** Modules find other files by their own address. */
const modulesWhereTheyWere: Plugin = {
  name: 'modules where they were',
  setup(building) {
    building.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8');
      if (!text.includes('import.meta.url')) return;
      const address = JSON.stringify(pathToFileURL(file).href);
      return { contents: text.replaceAll('import.meta.url', address), loader: 'ts' };
    });
  },
};

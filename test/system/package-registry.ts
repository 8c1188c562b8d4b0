import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { closeServer, listen } from '../listen.ts';

interface Manifest {
  name: string;
  version: string;
  dependencies?: Record<string, string>;
}

interface Packed {
  name: string;
  version: string;
  filename: string;
  integrity: string;
}

/** A registry that has what a package depends on, as it is installed here, so that nothing is downloaded. */
export interface PackageRegistry {
  url: string;
  close(): Promise<void>;
}

/**
 * @param packageFolder of the package whose dependencies it has
 * @param folder for its files
 */
export async function openPackageRegistry(packageFolder: string, folder: string): Promise<PackageRegistry> {
  const folders = dependenciesOf(packageFolder);
  // pnpm makes files of the same content one, as hard links, and npm leaves links out.
  const copies = [...folders].map(([name, from]) => {
    const copy = path.join(folder, 'copies', name);
    cpSync(from, copy, { recursive: true });
    return copy;
  });
  const pack = ['pack', ...copies, '--pack-destination', folder, '--json', '--ignore-scripts'];
  const packed = JSON.parse((await promisify(execFile)('npm', pack, { cwd: folder })).stdout) as Packed[];

  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(request.url ?? '').slice(1);
    const file = packed.find(({ filename }) => filename === asked);
    if (file) return void response.end(await readFile(path.join(folder, file.filename)));
    const found = packed.find(({ name }) => name === asked);
    const manifest = found && readManifest(folders.get(found.name) ?? '');
    if (!found || !manifest) return void response.writeHead(404).end('{}');
    const { version, filename, integrity } = found;
    const dist = { tarball: `http://${request.headers.host}/${filename}`, integrity };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name: found.name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...manifest, dist } },
      }),
    );
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    close: () => closeServer(server),
  };
}

/** The folders of all packages that one depends on, by name. */
function dependenciesOf(folder: string, found = new Map<string, string>()): Map<string, string> {
  for (const name of Object.keys(readManifest(folder).dependencies ?? {})) {
    if (found.has(name)) continue;
    const dependency = folderOf(name, folder);
    found.set(name, dependency);
    dependenciesOf(dependency, found);
  }
  return found;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** As Node finds it: in the nearest `node_modules`. */
function folderOf(name: string, from: string): string {
  for (let at = from; path.dirname(at) !== at; at = path.dirname(at)) {
    const folder = path.join(at, 'node_modules', name);
    if (existsSync(folder)) return realpathSync(folder);
  }
  throw new Error(`${name} is not installed.`);
}

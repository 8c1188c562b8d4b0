import { readFileSync } from 'node:fs';
import { replacePrivateFile } from './private-file.ts';

/** Secrets that are created once and kept between runs, in a file that only its owner can read. */
export class SecretsFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws when the file is damaged */
  get(name: string): string | undefined {
    return readSecrets(this.#path)[name];
  }

  set(name: string, value: string): void {
    const secrets = { ...readSecrets(this.#path), [name]: value };
    replacePrivateFile(
      this.#path,
      `${JSON.stringify(secrets, null, 2)}
`,
    );
  }

  /** The kept secret, made with `generate` the first time. */
  remember(name: string, generate: () => string): string {
    const kept = this.get(name);
    if (kept !== undefined) return kept;
    const made = generate();
    this.set(name, made);
    return made;
  }
}

function readSecrets(path: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(`${path} is damaged (not JSON): restore it, or remove the folder to start from nothing`);
  }
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${path} does not hold a JSON object`);
  return Object.fromEntries(
    Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

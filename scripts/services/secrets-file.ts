import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Secrets that are made once and kept between runs, in one file that only its owner can read. */
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
    const draft = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, this.#path);
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
    throw new Error(`${path} is damaged (not JSON): restore it, or remove the folder to start anew`);
  }
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${path} does not hold a JSON object`);
  return Object.fromEntries(
    Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

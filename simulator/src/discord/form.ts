import { invalidForm } from './errors.ts';
import { isSnowflake } from './snowflake.ts';

/** Reads a field of a request body, and refuses an invalid one as Discord does (50035). */
export class Form {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path = '') {
    this.#value = value;
    this.#path = path;
  }

  field(key: string): Form {
    const path = this.#path === '' ? key : `${this.#path}.${key}`;
    return new Form(isRecord(this.#value) ? this.#value[key] : undefined, path);
  }

  get missing(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  text({ min = 0, max = Number.POSITIVE_INFINITY } = {}): string {
    if (this.missing) throw this.required();
    if (typeof this.#value !== 'string') {
      throw this.error('STRING_TYPE_CONVERT', 'Could not interpret as string.');
    }
    if (this.#value.length < min || this.#value.length > max) {
      throw this.error('BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
    }
    return this.#value;
  }

  optionalText(limits: { max?: number } = {}): string | undefined {
    return this.missing ? undefined : this.text(limits);
  }

  textOrNumber(limits: { max: number }): string {
    return typeof this.#value === 'number' ? String(this.#value) : this.text(limits);
  }

  snowflake(): string {
    const text = typeof this.#value === 'number' ? String(this.#value) : this.text();
    if (!isSnowflake(text)) {
      throw this.error('NUMBER_TYPE_COERCE', `Value "${text}" is not snowflake.`);
    }
    return text;
  }

  integer(): number {
    if (this.missing) throw this.required();
    const number = typeof this.#value === 'string' ? Number(this.#value) : this.#value;
    if (typeof number !== 'number' || !Number.isInteger(number)) {
      throw this.error('NUMBER_TYPE_COERCE', `Value "${String(this.#value)}" is not int.`);
    }
    return number;
  }

  list({ min = 0, max = 100 } = {}): Form[] {
    if (this.missing) {
      if (min > 0) throw this.required();
      return [];
    }
    if (!Array.isArray(this.#value)) throw this.error('LIST_TYPE_CONVERT', 'Only iterables may be used.');
    if (this.#value.length < min || this.#value.length > max) {
      throw this.error('BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
    }
    return this.#value.map((entry: unknown, index) => new Form(entry, `${this.#path}.${index}`));
  }

  oneOf<const T extends number>(values: readonly T[]): T {
    const number = this.integer();
    const found = values.find((value) => value === number);
    if (found === undefined) {
      throw this.error('BASE_TYPE_CHOICES', `Value must be one of {${values.join(', ')}}.`);
    }
    return found;
  }

  required() {
    return this.error('BASE_TYPE_REQUIRED', 'This field is required');
  }

  error(code: string, message: string) {
    return invalidForm(this.#path === '' ? '_' : this.#path, { code, message });
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

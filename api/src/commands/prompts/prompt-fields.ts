import {
  type Parameter,
  type Prompt,
  parsePrompt,
  printParameter,
} from '@midjourney-api/shared/midjourney/prompt';
import { invalidField } from '../refusal.ts';
import { findParameter, namedModel, namesModel } from './models/models.ts';
import type { ModelsFile } from './models/models-file.ts';
import { normalizePrompt } from './normalize-prompt.ts';

/** Parameters as fields of a request, by any of their names. null leaves one out, and so does false. */
export type PromptFields = Record<string, string | number | boolean | string[] | null>;

/**
 * The prompt with its parameters from the fields.
 * @throws {Refusal} `invalid_request` when the text has one with another value, or the field holds more than its value.
 */
export function withFields(file: ModelsFile, prompt: Prompt, fields: PromptFields): Prompt {
  const params = [...prompt.params];
  for (const [name, field] of Object.entries(fields)) {
    if (field === null) continue;
    const path = `params.${name}`;
    const wanted = parameterOf(path, name, field);
    const same = params.filter((param) => subjectOf(file, param) === subjectOf(file, wanted));
    const other = same.find((param) => field === false || !isSame(file, param, wanted));
    if (other) {
      const written = field === false ? 'false' : `"${wanted.value}"`;
      throw invalidField(
        path,
        `is ${written}, but ${printParameter(other)} is there too: write one of the two`,
      );
    }
    if (field !== false && same.length === 0) params.push(wanted);
  }
  return { ...prompt, params };
}

function parameterOf(path: string, name: string, field: NonNullable<PromptFields[string]>): Parameter {
  const written = Array.isArray(field) ? field.join(name === 'no' ? ', ' : ' ') : String(field);
  const value = typeof field === 'boolean' ? '' : normalizePrompt(written);
  const { text, params } = parsePrompt(`--${name} ${value}`);
  const [param, ...more] = params;
  if (param?.name === name && text === '' && more.length === 0) return param;
  throw invalidField(path, 'must be the value of one parameter, without any other');
}

/** Parameters with one subject that differ contradict each other. All that name a model have one subject. */
function subjectOf(file: ModelsFile, { name }: Parameter): string {
  if (namesModel(name) && name.toLowerCase() !== 'video') return 'model';
  return findParameter(file, name)?.name ?? name.toLowerCase();
}

function isSame(file: ModelsFile, one: Parameter, other: Parameter): boolean {
  if (namesModel(one.name)) return namedModel(file, [one]) === namedModel(file, [other]);
  const [a, b] = [one.value.toLowerCase(), other.value.toLowerCase()];
  return a === b || (a !== '' && b !== '' && Number(a) === Number(b));
}

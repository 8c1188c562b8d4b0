import type { Parameter } from '@midjourney-api/shared/midjourney/prompt';
import { isSpeed, type Speed } from '@midjourney-api/shared/tasks/task';
import { invalidField } from '../refusal.ts';

/**
 * The parameters with the speed that is wanted, and the speed that they ask for.
 * @param overrides whether the request's speed replaces another one in the prompt
 * @throws {Refusal} `invalid_request` when they ask for another speed than the request.
 */
export function withSpeed(
  params: Parameter[],
  wanted: Speed | undefined,
  { overrides = false }: { overrides?: boolean | undefined } = {},
): { params: Parameter[]; speed: Speed | null } {
  if (wanted && overrides) {
    const others = params.filter(({ name }) => !isSpeed(name.toLowerCase()));
    return { params: [...others, { name: wanted, value: '' }], speed: wanted };
  }
  const asked = params.map(({ name }) => name.toLowerCase()).filter(isSpeed);
  // Of several, Midjourney takes the last.
  const inPrompt = asked.at(-1) ?? null;
  if (!wanted) return { params, speed: inPrompt };
  const other = asked.find((speed) => speed !== wanted);
  if (other) {
    throw invalidField('speed', `is "${wanted}", but the prompt has --${other}`);
  }
  return { params: inPrompt ? params : [...params, { name: wanted, value: '' }], speed: wanted };
}

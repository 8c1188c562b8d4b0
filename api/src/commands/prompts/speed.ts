import { isSpeed, type Speed } from '@midjourney-api/shared/tasks/task';
import { invalidField } from '../refusal.ts';

/** Phones turn `--` into a dash, which Midjourney understands all the same. */
const parameter = /(?<=^|\s)(?:--|[—–])(fast|relax|turbo)(?=\s|$)/gi;

/**
 * The prompt that asks Midjourney for this speed, and the speed that it asks for in the end.
 * @throws {Refusal} `invalid_request` when the prompt asks for another speed than the request.
 */
export function withSpeed(
  prompt: string,
  wanted: Speed | undefined,
): { prompt: string; speed: Speed | null } {
  const asked = [...prompt.matchAll(parameter)].flatMap(([, name = '']) => {
    const speed = name.toLowerCase();
    return isSpeed(speed) ? [speed] : [];
  });
  // Of several, Midjourney takes the last.
  const inPrompt = asked.at(-1) ?? null;
  if (!wanted) return { prompt, speed: inPrompt };
  const other = asked.find((speed) => speed !== wanted);
  if (other) {
    throw invalidField('speed', `is "${wanted}", but the prompt has --${other}`);
  }
  return { prompt: inPrompt ? prompt : `${prompt} --${wanted}`, speed: wanted };
}

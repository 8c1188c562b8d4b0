import { type Parameter, parsePrompt } from '@midjourney-api/shared/midjourney/prompt';
import type { ParameterValue } from './models-file.ts';

/** @returns a sentence that says what the parameter takes instead; undefined when it takes the value. */
export function objectionToValue(taken: ParameterValue, { name, value }: Parameter): string | undefined {
  const expected = expectation(taken, value);
  if (expected === undefined) return undefined;
  if (value === '') return `--${name} needs ${expected}.`;
  const written = `"${shortened(value)}"`;
  const trailing = value.includes(' ') ? ' Words behind a parameter belong in front of all parameters.' : '';
  if (taken.type === 'none') return `--${name} takes no value: leave ${written} out.${trailing}`;
  return `--${name} takes ${expected}, not ${written}.${trailing}`;
}

/** @returns what the parameter takes; undefined when that includes the value. */
function expectation(taken: ParameterValue, value: string): string | undefined {
  switch (taken.type) {
    case 'none':
      return value === '' ? undefined : 'no value';
    case 'text':
      return value !== '' || taken.optional ? undefined : 'a value';
    case 'number': {
      const { min, max, whole = false } = taken;
      const isNumber = (whole ? /^-?\d+$/ : /^-?(?:\d+\.?\d*|\.\d+)$/).test(value);
      if (isNumber && Number(value) >= min && Number(value) <= max) return undefined;
      return `a ${whole ? 'whole number' : 'number'} from ${min} to ${max}`;
    }
    case 'choice':
      return taken.of.includes(value.toLowerCase()) ? undefined : listed(taken.of);
    case 'ratio': {
      const [, width, height] = /^(\d+):(\d+)$/.exec(value) ?? [];
      const ratio = Number(width) / Number(height);
      const { longest = Number.POSITIVE_INFINITY } = taken;
      if (ratio > 0 && ratio <= longest && 1 / ratio <= longest) return undefined;
      const limit = taken.longest ? `, up to ${taken.longest}:1 or 1:${taken.longest}` : '';
      return `a ratio such as 3:2${limit}`;
    }
    case 'links': {
      const { links, text } = parsePrompt(value);
      if (text === '' && links.length >= 1 && links.length <= taken.most) return undefined;
      return taken.most === 1 ? 'one link to a picture' : `one to ${taken.most} links to pictures`;
    }
  }
}

function listed(all: readonly string[]): string {
  return all.length === 1 ? `${all[0]} only` : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

function shortened(value: string): string {
  return value.length > 80 ? `${value.slice(0, 80)}…` : value;
}

import { z } from 'zod';
import { nearestName } from './nearest-name.ts';

/**
 * The messages for values that fail their schema, to be shown after the name of the field. zod's own messages are
 * written for programmers. A schema may have a better message of its own.
 */
export const plainIssues: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'too_big':
      return `must ${sizeOf(issue.origin, issue.inclusive === false ? 'fewer than' : 'at most', issue.maximum)}`;
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
      return `must ${sizeOf(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'invalid_format':
      return formats[issue.format] ?? 'has the wrong form';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, mostUnknown)
        .map((key) => unknownName('field', key, fieldsOf(issue.inst)))
        .join('\n');
    case 'invalid_union':
      // The intended type comes first in our unions; the others are ways to leave the value out.
      return issue.errors[0]?.[0]?.message ?? 'is not valid';
    case 'invalid_key':
      return 'has a name that is not valid';
    case 'invalid_element':
      return 'has an element that is not valid';
    case 'custom':
      return 'is not valid';
    default:
      return undefined;
  }
};

/** The maximum number of unknown names to report. */
export const mostUnknown = 5;

/** @param kind what the name is, such as `field` */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const shown = `unknown ${kind} \`${name.replaceAll(/\p{C}/gu, '').slice(0, 64)}\``;
  if (nearest) return `${shown}: did you mean \`${nearest}\`?`;
  return known.length > 0
    ? `${shown}; there ${known.length === 1 ? 'is' : 'are'} ${known.map((each) => `\`${each}\``).join(', ')}`
    : `${shown}; there are none here`;
}

const typeNames: Partial<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  nan: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
  date: 'a date',
};

const formats: Partial<Record<string, string>> = {
  url: 'must be a URL',
  uuid: 'must be a UUID',
  datetime: 'must be a time such as 2026-01-01T12:00:00Z',
  date: 'must be a date such as 2026-01-01',
};

function sizeOf(origin: string, how: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${how} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `have ${how} ${limit} elements`;
  return `be ${how === 'fewer than' ? 'less than' : how} ${limit}`;
}

function oneOf(all: string[]): string {
  const last = all.at(-1) ?? '';
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} or ${last}` : last;
}

function fieldsOf(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

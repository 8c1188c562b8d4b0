import { readFileSync } from 'node:fs';
import { environmentSchema } from '@midjourney-api/shared/config/config';
import { describe, expect, it } from 'vitest';
import { launchSchema } from '../scripts/start-settings.ts';

interface Variable {
  meaning: string;
  default: string;
}

/** The variables that the program reads, from the schemas that check them. */
function fromSchemas(): Record<string, Variable> {
  const fields = Object.entries({ ...environmentSchema.shape, ...launchSchema.shape });
  return Object.fromEntries(
    fields.map(([name, field]) => {
      const byDefault = field.safeParse(undefined).data ?? '';
      return [
        name,
        {
          meaning: field.description ?? '',
          default: String(typeof byDefault === 'boolean' ? Number(byDefault) : byDefault),
        },
      ];
    }),
  );
}

function fromExample(): Record<string, Variable> {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const entries = text.matchAll(/^# (?<meaning>.+)\n#(?<name>[A-Z][A-Z0-9_]*)=(?<byDefault>.*)$/gm);
  return Object.fromEntries(
    [...entries].map(({ groups }) => [
      groups?.name,
      { meaning: groups?.meaning, default: groups?.byDefault },
    ]),
  );
}

describe('.env.example', () => {
  it('lists every variable that is read, and no other, with its default and meaning', () => {
    expect(fromExample()).toEqual(fromSchemas());
  });
});

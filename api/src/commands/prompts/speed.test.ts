import { parsePrompt, printPrompt } from '@midjourney-api/shared/midjourney/prompt';
import type { Speed } from '@midjourney-api/shared/tasks/task';
import { describe, expect, it } from 'vitest';
import { withSpeed } from './speed.ts';

describe('withSpeed', () => {
  it.each([
    ['a cat', 'fast', 'a cat --fast', 'fast'],
    ['a cat --ar 3:2', 'relax', 'a cat --ar 3:2 --relax', 'relax'],
    ['a cat --turbo', 'turbo', 'a cat --turbo', 'turbo'],
    ['a cat —Turbo --ar 1:1', 'turbo', 'a cat --Turbo --ar 1:1', 'turbo'],
    ['a cat --relax', undefined, 'a cat --relax', 'relax'],
    ['a cat --relax --fast', undefined, 'a cat --relax --fast', 'fast'],
    ['a fast cat in turbo mode --faster', undefined, 'a fast cat in turbo mode --faster', null],
    ['a cat', undefined, 'a cat', null],
  ] as const)('%j at %s', (written, wanted, sent, expected) => {
    const { prompt, speed } = atSpeed(written, wanted);
    expect([prompt, speed]).toEqual([sent, expected]);
  });

  it('refuses two speeds that contradict each other', () => {
    expect(() => atSpeed('a cat --relax', 'fast')).toThrow(/"fast".*--relax/);
    expect(() => atSpeed('a cat --relax --fast', 'fast')).toThrow(/--relax/);
  });

  it.each([
    ['a cat --Relax --ar 1:1', 'fast', 'a cat --ar 1:1 --fast', 'fast'],
    ['a cat --relax --fast', 'fast', 'a cat --fast', 'fast'],
    ['a cat --relax', undefined, 'a cat --relax', 'relax'],
  ] as const)('replaces those of %j where %s overrides them', (written, wanted, sent, expected) => {
    const { prompt, speed } = atSpeed(written, wanted, true);
    expect([prompt, speed]).toEqual([sent, expected]);
  });
});

function atSpeed(written: string, wanted: Speed | undefined, overrides = false) {
  const parsed = parsePrompt(written);
  const { params, speed } = withSpeed(parsed.params, wanted, { overrides });
  return { prompt: printPrompt({ ...parsed, params }), speed };
}

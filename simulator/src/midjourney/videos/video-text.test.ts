import { describe, expect, it } from 'vitest';
import { parsePrompt } from '../prompt.ts';
import { animatedText, completedText } from './video-text.ts';

describe('the text of a video, as clients have seen it', () => {
  it.each([
    ['a small bird --raw --s 50 --v 8.1', 'high', 'a small bird --raw --motion high --video 1 --aspect 1:1'],
    ['a boat --ar 3:2 --v 7.0', 'low', 'a boat --motion low --video 1 --aspect 3:2'],
    [
      'idle animation --bs 1 --video 1 --aspect 1:1',
      'low',
      'idle animation --motion low --bs 1 --video 1 --aspect 1:1',
    ],
    [
      '<https://s.mj.run/a1> a boat --motion low --end <https://s.mj.run/b2> --video 1 --aspect 3:2',
      'high',
      '<https://s.mj.run/a1> a boat --motion high --end <https://s.mj.run/b2> --video 1 --aspect 3:2',
    ],
    ['--ar 3:2 --v 7.0', 'low', '--motion low --video 1 --aspect 3:2'],
  ] as const)('%s, with %s motion', (echoed, motion, text) => {
    expect(animatedText(echoed, motion)).toBe(text);
  });

  it('is repeated from a prompt', () => {
    const prompt = parsePrompt('https://a.example/b.png --loop --video');
    expect(prompt).toMatchObject({
      echo: expect.stringMatching(/^<https:\/\/s\.mj\.run\/\w+> --end loop --video 1 --aspect 1:1$/),
    });
  });
});

describe('what is written in a form', () => {
  const text = 'a boat --motion low --video 1 --aspect 3:2';
  it.each([
    ['it sinks', 'it sinks --video 1 --motion low --aspect 3:2'],
    ['it sinks --motion high --video', 'it sinks --motion high --video --aspect 3:2'],
    ['it sinks --video 1 --ar 1:1 --motion high', 'it sinks --video 1 --ar 1:1 --motion high'],
    [text, text],
  ])('%s', (written, completed) => {
    expect(completedText(written, text)).toBe(completed);
  });

  it('needs no link of a picture', () => {
    expect(parsePrompt(completedText('it sinks', text), { animates: true })).toMatchObject({
      echo: 'it sinks --motion low --video 1 --aspect 3:2',
      video: { motion: 'low', clips: 4 },
    });
    expect(parsePrompt(completedText('it sinks', text))).toMatchObject({ as: 'deferred' });
  });
});

import { expect, it } from 'vitest';
import { firstWords } from './first-words.ts';

it.each([
  ['a cat', 'a cat'],
  ['  a\ncat  by the sea ', 'a cat by the sea'],
  ['one two three four five six seven eight nine', 'one two three four five six seven eight…'],
  ['🙂'.repeat(70), `${'🙂'.repeat(60)}…`],
  ['https://user:secret@host/a.png?ex=1 a cat --sref HTTPS://b.example/', '[link] a cat --sref [link]'],
  [`my key is mj_${'k'.repeat(43)}`, 'my key is mj_[secret]'],
])('%j begins with %j', (prompt, words) => {
  expect(firstWords(prompt)).toBe(words);
});

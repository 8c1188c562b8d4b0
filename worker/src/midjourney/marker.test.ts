import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { describe, expect, it } from 'vitest';
import { markPrompt, readMarker, withoutMarker } from './marker.ts';

const id = '1767322800000123' as TaskId;

describe('the marker in a prompt', () => {
  it('stands first', () => {
    expect(markPrompt('a cat --v 6', id)).toBe(`<#${id}#>a cat --v 6`);
  });

  it('stands behind image prompts, which Midjourney wants first', () => {
    expect(markPrompt('https://a.example/1.png http://b.example/2.png a cat', id)).toBe(
      `https://a.example/1.png http://b.example/2.png <#${id}#>a cat`,
    );
  });

  it.each([
    ['https://a.example/1.png::2 a cat', `https://a.example/1.png::2 <#${id}#>a cat`],
    ['https://a.example/1.png ::2 a cat', `https://a.example/1.png ::2 <#${id}#>a cat`],
    ['<https://s.mj.run/Xg2Gq1TXMgc> a cat', `<https://s.mj.run/Xg2Gq1TXMgc> <#${id}#>a cat`],
    ['HTTPS://A.example/1.png a cat', `HTTPS://A.example/1.png <#${id}#>a cat`],
    [
      'https://a.example/1.png https://b.example/2.png',
      `https://a.example/1.png https://b.example/2.png <#${id}#>`,
    ],
    ['https://a.example/1.png', `https://a.example/1.png <#${id}#>`],
  ])('stands behind all of them, however they are written: %s', (prompt, marked) => {
    expect(markPrompt(prompt, id)).toBe(marked);
    expect(readMarker(marked)).toBe(id);
    expect(withoutMarker(marked)).toBe(prompt);
    const shortened = marked.replaceAll(/<?https:\/\/[^\s>:]+>?/gi, '<https://s.mj.run/Xg2Gq1TXMgc>');
    expect(readMarker(shortened)).toBe(id);
  });

  it('leaves a parameter behind it one', () => {
    const marked = markPrompt('https://a.example/1.png --video --motion low', id);
    expect(marked).toBe(`https://a.example/1.png <#${id}#> --video --motion low`);
    expect(withoutMarker(marked)).toBe('https://a.example/1.png --video --motion low');
  });

  it('is read back from the echo, links shortened', () => {
    expect(readMarker(`<#${id}#>a cat --v 7.0`)).toBe(id);
    expect(readMarker(`<https://s.mj.run/Xg2Gq1TXMgc> <https://s.mj.run/abc> <#${id}#>a cat`)).toBe(id);
  });

  it('is taken out of the echo again', () => {
    expect(withoutMarker(`<#${id}#>a cat <#1767322800000124#>`)).toBe('a cat <#1767322800000124#>');
    expect(withoutMarker(`<https://s.mj.run/abc> <#${id}#>a cat`)).toBe('<https://s.mj.run/abc> a cat');
    expect(withoutMarker('a cat')).toBe('a cat');
  });

  it.each([`a cat <#${id}#>`, `<# ${id}#>cat`, `<#${id}>cat`, '<#123#>cat', '', `**<#${id}#>`])(
    'is not read where it was not put: %j',
    (text) => {
      expect(readMarker(text)).toBeUndefined();
    },
  );
});

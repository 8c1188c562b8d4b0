import { describe, expect, it } from 'vitest';
import { hex } from './colour.ts';
import { readPrompt } from './reading.ts';

const figures = (prompt: string) => readPrompt(prompt).figures.map(({ name, count }) => `${count} ${name}`);

describe('reading a prompt', () => {
  it.each([
    ['a red cat on a blue sofa', ['1 cat', '1 sofa'], 'interior'],
    ['two lighthouses in a storm', ['2 lighthouse'], 'sea'],
    ['a cute robot in a green forest', ['1 robot'], 'forest'],
    ['butterflies and wolves', ['1 butterfly', '1 wolf'], 'meadow'],
    ['hot air balloon over a desert', ['1 balloon'], 'desert'],
    ['portrait of a woman', ['1 woman'], 'studio'],
    ['一只可爱的猫', ['1 cat'], 'studio'],
    ['两只熊猫在森林里', ['2 panda'], 'forest'],
    ['猫头鹰', ['1 owl'], 'studio'],
    ['cyberpunk city at night', [], 'city'],
    ['abstract golden waves', [], 'abstract'],
    ['quantum serendipity', [], 'abstract'],
  ] as const)('%s', (prompt, expectedFigures, setting) => {
    expect(figures(prompt)).toEqual(expectedFigures);
    expect(readPrompt(prompt).setting).toBe(setting);
  });

  it('gives a colour to the noun it stands before, and the rest to the whole picture', () => {
    const { figures: found, tints } = readPrompt('a red cat and a blue sofa, purple');
    expect(found.map(({ colour }) => colour && hex(colour))).toEqual(['#d62828', '#2f6fd0']);
    expect(tints.map(hex)).toEqual(['#8249c4']);
  });

  it('hears the strongest mood', () => {
    expect(readPrompt('a neon city at night').mood).toBe('neon');
    expect(readPrompt('a ship at sunset').mood).toBe('sunset');
    expect(readPrompt('下雨的城市').weather).toBe('rain');
  });

  it('does not read parameters and links as words', () => {
    const plain = readPrompt('a fox');
    expect(readPrompt('https://s.mj.run/cat-dragon a fox --no cats --ar 16:9')).toMatchObject({
      figures: plain.figures,
      setting: plain.setting,
    });
    expect(figures('an old man --sref dragon')).toEqual(['1 man']);
  });
});

import { hashText } from './chance.ts';
import { type Colour, colour } from './colour.ts';
import type { Mood } from './palette.ts';
import type { AbstractFamily } from './settings/abstract.ts';
import type { SettingName } from './settings/settings.ts';
import { type SubjectName, subjects } from './subjects/subjects.ts';
import { meaningsOf, type Weather } from './vocabulary.ts';

export type Figure = { name: SubjectName; count: number; colour: Colour | undefined };

/** A prompt, understood as far as a picture needs it. */
export type Reading = {
  figures: Figure[];
  setting: SettingName;
  mood: Mood;
  /** colours that belong to the whole picture rather than to one figure */
  tints: Colour[];
  weather: Weather | undefined;
  sky: 'sun' | 'moon' | 'stars' | undefined;
  family: AbstractFamily;
};

const mostFigures = 3;
/** A colour belongs to a noun that follows within so many words. */
const colourReach = 3;

// Where several moods are named ("a neon city at night"), the one with more character leads.
const moodsByCharacter: Mood[] = [
  'neon',
  'fire',
  'storm',
  'sunset',
  'mono',
  'dawn',
  'night',
  'autumn',
  'winter',
  'spring',
  'gold',
  'vintage',
  'day',
  'pastel',
];

const moodOfSetting: Record<SettingName, [Mood, ...Mood[]]> = {
  mountains: ['dawn', 'day', 'sunset'],
  sea: ['ocean', 'dawn', 'sunset'],
  forest: ['forest', 'forest', 'autumn'],
  desert: ['desert'],
  meadow: ['spring', 'day', 'dawn'],
  city: ['sunset', 'dawn', 'night'],
  space: ['space'],
  underwater: ['ocean'],
  interior: ['pastel', 'vintage'],
  studio: ['pastel', 'vintage', 'pastel', 'dawn'],
  abstract: ['sunset', 'pastel', 'ocean', 'vintage', 'neon', 'dawn', 'autumn', 'space', 'spring'],
};

/** Moods with enough light and dark to show one colour in many shades. */
const tintedMoods: [Mood, ...Mood[]] = ['sunset', 'ocean', 'space', 'gold'];

const abstractFamilies: [AbstractFamily, ...AbstractFamily[]] = [
  'waves',
  'ribbons',
  'flow',
  'circles',
  'facets',
  'tiles',
];

/** Reads a prompt. The same text always reads the same; parameters (`--ar 16:9`) and links say nothing. */
export function readPrompt(prompt: string): Reading {
  const text = prompt.replace(/<?https?:\/\/\S+/g, ' ').replace(/(^|\s)--[a-z].*$/is, ' ');
  const hash = hashText(text.toLowerCase().trim());
  const choose = <T>(choices: readonly [T, ...T[]]): T => choices[hash % choices.length] ?? choices[0];

  const figures: Figure[] = [];
  const settings: SettingName[] = [];
  const moods = new Set<Mood>();
  const tints: Colour[] = [];
  const families: AbstractFamily[] = [];
  let weather: Weather | undefined;
  let sky: Reading['sky'];
  let waiting: { colour: Colour; word: number } | undefined;
  let count = 1;
  let isPortrait = false;

  for (const { meanings, word } of meaningsOf(text)) {
    for (const meaning of meanings) {
      if ('colour' in meaning) {
        if (waiting) tints.push(waiting.colour);
        waiting = { colour: colour(meaning.colour), word };
        continue;
      }
      if ('subject' in meaning) {
        const own = waiting && word - waiting.word <= colourReach ? waiting.colour : undefined;
        if (own) waiting = undefined;
        if (!figures.some((figure) => figure.name === meaning.subject)) {
          figures.push({ name: meaning.subject, count, colour: own });
        }
        count = 1;
      }
      if ('setting' in meaning) settings.push(meaning.setting);
      if ('mood' in meaning) moods.add(meaning.mood);
      if ('weather' in meaning) weather ??= meaning.weather;
      if ('sky' in meaning) sky ??= meaning.sky;
      if ('family' in meaning) families.push(meaning.family);
      if ('count' in meaning) count = meaning.count;
      if ('portrait' in meaning) isPortrait = true;
      // A colour before a place, a season or a pattern paints the whole picture.
      if (waiting && ('setting' in meaning || 'family' in meaning)) {
        tints.push(waiting.colour);
        waiting = undefined;
      }
    }
  }
  if (waiting) tints.push(waiting.colour);
  if (isPortrait && figures.length === 0)
    figures.push({ name: choose(['woman', 'man']), count: 1, colour: undefined });

  const isAbstract = families.length > 0 && figures.length === 0 && settings.length === 0;
  const natural = figures.map((figure) => subjects[figure.name].at).find((place) => place !== 'studio');
  const hasAir = moods.size > 0 || weather !== undefined || sky !== undefined;
  const setting: SettingName = isAbstract
    ? 'abstract'
    : (settings[0] ??
      natural ??
      (figures.length > 0
        ? weather || sky
          ? 'meadow'
          : 'studio'
        : hasAir && !(moods.size === 1 && (moods.has('pastel') || moods.has('gold')))
          ? choose(['sea', 'mountains'])
          : 'abstract'));
  const mood =
    moodsByCharacter.find((name) => moods.has(name)) ??
    (setting === 'abstract' && tints.length > 0 ? choose(tintedMoods) : choose(moodOfSetting[setting]));
  return {
    figures: figures.slice(0, mostFigures),
    setting,
    mood,
    tints,
    weather,
    sky,
    family: families.find((name) => name !== 'ribbons') ?? families[0] ?? choose(abstractFamilies),
  };
}

/** A blend: colours and shapes that follow from the images' contents. */
export function readImages(images: readonly { sha256: string }[]): Reading {
  const hashes = images.map(({ sha256 }) => hashText(sha256));
  const all = hashText(images.map(({ sha256 }) => sha256).join(' '));
  return {
    figures: [],
    setting: 'abstract',
    mood: 'pastel',
    tints: hashes.map((hash) => ({
      l: 0.5 + (hash % 7) / 28,
      c: 0.11 + (hash % 5) / 50,
      h: (hash >>> 8) % 360,
    })),
    weather: undefined,
    sky: undefined,
    family: abstractFamilies[all % abstractFamilies.length] ?? 'ribbons',
  };
}

import type { Chance } from './chance.ts';
import { type Colour, colour, lighter, mix } from './colour.ts';

export type Mood =
  | 'sunset'
  | 'dawn'
  | 'day'
  | 'night'
  | 'storm'
  | 'neon'
  | 'ocean'
  | 'forest'
  | 'desert'
  | 'autumn'
  | 'winter'
  | 'spring'
  | 'pastel'
  | 'gold'
  | 'mono'
  | 'space'
  | 'fire'
  | 'vintage';

/** The colours of one picture. */
export type Palette = {
  /** top, middle, horizon */
  sky: [Colour, Colour, Colour];
  /** sun, moon, lamps */
  light: Colour;
  /** the farthest and the nearest layer of a landscape */
  far: Colour;
  near: Colour;
  accents: [Colour, Colour, Colour];
  dark: boolean;
};

type Swatch = [
  top: string,
  middle: string,
  horizon: string,
  light: string,
  far: string,
  near: string,
  a: string,
  b: string,
  c: string,
];

const swatches: Record<Mood, [Swatch, ...Swatch[]]> = {
  sunset: [
    ['#2b1b4d', '#d8456b', '#ffb35c', '#fff0c2', '#a2426f', '#1d1033', '#ff7a59', '#ffd166', '#7b2d8b'],
    ['#3b2f72', '#f0676b', '#ffd08a', '#fff4d6', '#b8587a', '#241539', '#ff9a62', '#ffe08a', '#5b4aa8'],
    ['#1f2557', '#b8486f', '#ff9450', '#ffe9b0', '#7c3d6e', '#150f2b', '#ff6b57', '#ffc15e', '#8a3d8f'],
  ],
  dawn: [
    ['#7fa6d6', '#f5b8c4', '#ffe6c7', '#fff6df', '#a79ac2', '#35365c', '#f28ca0', '#f7c59f', '#6c8ebf'],
    ['#8f9fd0', '#f2c3cf', '#fff0d2', '#fffaf0', '#b0a3c9', '#3b3a63', '#ee9ca7', '#ffd7a1', '#7d8fc7'],
  ],
  day: [
    ['#3f8fd6', '#8fc7ee', '#e9f5ee', '#fffbe6', '#8db4cb', '#1f4a4f', '#f2994a', '#eb5757', '#f2c94c'],
    ['#4aa3df', '#a5d8f0', '#fdf3dc', '#fffdf0', '#93bccb', '#27514a', '#ef8354', '#4f9d69', '#f4d35e'],
  ],
  night: [
    ['#070b24', '#16245a', '#41559b', '#f7f1d9', '#2c3c76', '#050816', '#ffd27d', '#7aa2ff', '#c08bff'],
    ['#081226', '#143a5c', '#3b7a93', '#f4f6e4', '#265270', '#040b14', '#ffdf94', '#6fd0d6', '#93a8ff'],
  ],
  storm: [
    ['#1c2630', '#465a69', '#9fadae', '#f2f5ef', '#5b6d78', '#0f171d', '#f2c14e', '#7fb7be', '#c8553d'],
    ['#232136', '#4d5273', '#a7a8b5', '#f4f0f2', '#5c5f7d', '#12111d', '#f5d06f', '#8fa8d6', '#c85c6a'],
  ],
  neon: [
    ['#0b0620', '#3a0b5e', '#ff2e93', '#ffe3f6', '#4a1a78', '#07030f', '#00f0ff', '#ff2e93', '#f9f871'],
    ['#050a24', '#132d78', '#b026ff', '#e8f4ff', '#2b2b85', '#04050f', '#19f0e0', '#ff4fc3', '#ffd23f'],
  ],
  ocean: [
    ['#0f6a9c', '#4db4d0', '#dff4ea', '#fffbe0', '#4d9cb3', '#06283d', '#ff8360', '#ffd97d', '#7de2d1'],
    ['#17527f', '#48a0bf', '#f7e9cf', '#fff8e3', '#4a8ca8', '#082438', '#f98866', '#ffe0a3', '#5fd1c7'],
  ],
  forest: [
    ['#7fae8c', '#b9d4a5', '#f3f1cd', '#fff8d6', '#86ad8f', '#12291f', '#e76f51', '#f4a261', '#e9c46a'],
    ['#5f9a93', '#a9cfae', '#f6f3d4', '#fffbe0', '#76a596', '#10261f', '#ef8a5b', '#f6c667', '#c9e265'],
  ],
  desert: [
    ['#4f8fae', '#f2c99a', '#fbe6bf', '#fff6da', '#dda06d', '#6b2d1f', '#c8553d', '#588b8b', '#f28f3b'],
    ['#7a4f7c', '#ee9a78', '#ffd9a0', '#fff1cf', '#c9745a', '#4c1d28', '#e4572e', '#f3a712', '#669bbc'],
  ],
  autumn: [
    ['#8fb0b5', '#f0cf9d', '#fcebc5', '#fff5d9', '#d39a5f', '#40210f', '#c8431f', '#eb8a2f', '#f2c14e'],
    ['#b08f7a', '#f2b880', '#fbe3b8', '#fff2d0', '#b9714a', '#351a12', '#d1495b', '#edae49', '#8a4f1d'],
  ],
  winter: [
    ['#6f9cc9', '#bcd5ea', '#f6f7fb', '#ffffff', '#a4bfd8', '#2b4362', '#e4572e', '#76b5c5', '#f2d0a4'],
    ['#8aa0cc', '#d3d5ee', '#fdf1ee', '#fffdf8', '#b3bddb', '#36406b', '#d1495b', '#8fc1e3', '#f7c59f'],
  ],
  spring: [
    ['#79bde0', '#c4e6e3', '#fff3ec', '#fffdf0', '#a3cfbd', '#3c6b4a', '#ff8fab', '#ffc2d1', '#ffd166'],
    ['#9cc9ee', '#dfeaf2', '#ffeef2', '#fffaf3', '#b3d3bf', '#456f52', '#f78fb3', '#f8c9d4', '#f6e27f'],
  ],
  pastel: [
    ['#c9d6f2', '#f4dbe4', '#fff3e2', '#fffaf0', '#d8c6e0', '#6b5b8a', '#f7a6a0', '#a8d8c9', '#f6d186'],
    ['#cfe8e4', '#fbe4d8', '#fff6e5', '#fffdf5', '#c7d9cf', '#4f6d7a', '#ff9f8f', '#94c9d8', '#f5cb78'],
    ['#e3d3ee', '#fadadd', '#fff1e0', '#fffaf3', '#d9bfd6', '#5e4b7b', '#f08fa0', '#8fb8de', '#f9c784'],
  ],
  gold: [
    ['#3a2405', '#b67a14', '#ffe08a', '#fff7d1', '#c98f2b', '#1f1203', '#f4b41a', '#fff0b3', '#8f5a0c'],
    ['#4b300a', '#d19a2a', '#fff0b8', '#fffbe3', '#d8a543', '#2a1806', '#ffc83d', '#fff5cf', '#a0690f'],
  ],
  mono: [
    ['#3a3d42', '#9a9da1', '#eceae6', '#ffffff', '#8d9094', '#121316', '#f4f2ee', '#c7c5c1', '#56595e'],
    ['#17181b', '#5b5e63', '#c9c7c3', '#faf9f6', '#5a5d61', '#08090a', '#ffffff', '#a3a19d', '#3b3d41'],
  ],
  space: [
    ['#04040f', '#140f3a', '#3a1c71', '#fff4e0', '#2b2067', '#030309', '#ff8c61', '#5ce1e6', '#b17bff'],
    ['#03080f', '#0c2440', '#134e6f', '#f2fbff', '#164060', '#02050a', '#ffa94d', '#ff6b9d', '#63e6be'],
  ],
  fire: [
    ['#240606', '#8f1d0c', '#ff7b1c', '#fff1b8', '#8a2413', '#120202', '#ff4d1a', '#ffb627', '#ffe57a'],
    ['#1c0a12', '#84152c', '#ff6a3d', '#ffeac2', '#761a31', '#0d0308', '#ff3b2f', '#ff9f1c', '#ffd97a'],
  ],
  vintage: [
    ['#5f8d8e', '#d9c79c', '#f3e4bd', '#fff5d8', '#b39b74', '#33332d', '#c8553d', '#e0a458', '#588157'],
    ['#c46f4e', '#e8b27d', '#f6e3bb', '#fff6dd', '#b08063', '#2f2a35', '#8c2f39', '#2f6690', '#f2b134'],
  ],
};

/** The colours for a mood; `tints` (colour words) then take it over, the first the strongest. */
export function mixPalette(mood: Mood, tints: readonly Colour[], chance: Chance): Palette {
  const swatch = chance.pick(swatches[mood], 'palette.swatch');
  const turn = chance.between(-9, 9, 'palette.turn');
  const lift = chance.between(-0.025, 0.025, 'palette.lift');
  const of = (index: number): Colour => {
    const base = colour(swatch[index] ?? '#808080');
    return tint(lighter({ ...base, h: (base.h + turn + 360) % 360 }, lift), tints, index);
  };
  const sky: Palette['sky'] = [of(0), of(1), of(2)];
  return {
    sky,
    light: of(3),
    far: of(4),
    near: of(5),
    accents: [of(6), of(7), of(8)],
    dark: (sky[0].l + sky[1].l) / 2 < 0.5,
  };
}

// Of several colour words the first paints the sky and the layers, the others the near and the accents.
const secondTintSlots = new Set([2, 5, 6, 8]);

function tint(base: Colour, tints: readonly Colour[], index: number): Colour {
  const [first, ...others] = tints;
  if (!first) return base;
  const second = others[index % Math.max(1, others.length)];
  const chosen = second && secondTintSlots.has(index) ? second : first;
  const isGrey = chosen.c < 0.03;
  // The lightness of the swatch holds the picture together; a colour word pulls it only a little, and the
  // nearest layer stays dark.
  const pull = isGrey ? 0.32 : index === 5 ? 0.06 : 0.2;
  const l = base.l * (1 - pull) + chosen.l * pull;
  const room = Math.max(0.25, 1 - Math.abs(l - 0.62) * 1.05);
  const c = isGrey ? base.c * 0.12 : Math.max(0.02, chosen.c * room);
  // Dark yellow looks green: the darker a layer, the warmer.
  const warmer = chosen.h > 60 && chosen.h < 115 ? Math.max(0, 0.8 - l) * 55 : 0;
  const tinted = { l, c, h: (chosen.h + (index % 3) * 7 - 9 - warmer + 360) % 360 };
  // One accent and the light keep something of their own: without a second colour the first cannot speak.
  const kept = second || isGrey ? 0 : index === 6 ? 0.6 : index === 3 ? 0.3 : 0;
  return mix(tinted, base, kept);
}

/** The shades in which one subject is painted. */
export type Ink = { main: Colour; light: Colour; shade: Colour; deep: Colour; pale: Colour; accent: Colour };

/** Shades around one colour, sitting in the light of the picture. */
export function inkFor(base: Colour, palette: Palette): Ink {
  const lit = palette.dark
    ? mix(lighter(base, -0.06), palette.sky[1], 0.14)
    : mix(base, palette.sky[2], 0.06);
  return {
    main: lit,
    light: mix(lighter(lit, 0.1), palette.light, 0.18),
    shade: mix(lighter(lit, -0.14), palette.near, 0.14),
    deep: mix({ l: 0.2, c: 0.03, h: lit.h }, palette.near, 0.4),
    pale: mix(lighter(lit, 0.28), palette.light, 0.55),
    accent: palette.accents[0],
  };
}

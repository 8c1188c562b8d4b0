import { colour, hex, lighter, mix } from '../colour.ts';
import { box, line, oval, type Pen, rounded, type Subject, shape } from './subject.ts';

const skinColours = ['#f3c9a5', '#e0a77c', '#b97a52', '#8a5638'] as const;
const hairColours = ['#2b1d1a', '#5b3423', '#a8652f', '#1c1c28', '#8c2f2a', '#d8b06a'] as const;

/** People, from the waist up, and those who wear armour or metal. */
export const people = {
  robot: {
    at: 'studio',
    stands: 'ground',
    colours: ['#6fb7b7', '#d8d3c8', '#e7a14a', '#8b9fd4'],
    width: 76,
    size: 1.1,
    draw: robot,
  },
  astronaut: { at: 'space', stands: 'air', colours: ['#eef0f4'], width: 76, size: 1.1, draw: astronaut },
  woman: {
    at: 'studio',
    stands: 'ground',
    colours: ['#c8485c', '#3f6fae', '#e0a13c', '#4c8c77'],
    width: 84,
    size: 1.45,
    cropped: true,
    draw: (pen) => bust(pen, 'long'),
  },
  man: {
    at: 'studio',
    stands: 'ground',
    colours: ['#35507c', '#5d6b4a', '#7c3d35', '#3a3f4e'],
    width: 84,
    size: 1.45,
    cropped: true,
    draw: (pen) => bust(pen, 'short'),
  },
  wizard: {
    at: 'forest',
    stands: 'ground',
    colours: ['#4a3f9a', '#2f6f78', '#7d2f6e'],
    width: 76,
    size: 1.2,
    draw: wizard,
  },
  samurai: {
    at: 'mountains',
    stands: 'ground',
    colours: ['#a8322f', '#37415c'],
    width: 90,
    size: 1.2,
    draw: samurai,
  },
} satisfies Record<string, Subject>;

function robot(pen: Pen): string {
  const { ink, chance, glow, dark } = pen;
  const metal = rounded(pen);
  const joint = hex(mix(ink.shade, ink.deep, 0.55));
  const light = hex(mix(ink.accent, glow, dark ? 0.15 : 0.35));
  const round = chance.happens(0.5, 'robot.round');
  const wave = chance.happens(0.6, 'robot.wave');
  const eye = (x: number) => oval(x, -69, 5.6, 5.8, light) + oval(x, -69, 3, 3.2, '#fff', ' opacity=".85"');
  return [
    line('M0,-86V-96', ink.shade, 2.4),
    oval(0, -98, 4, 4, light),
    pen.canvas.glow(0, -98, 13, mix(ink.accent, glow, 0.3), 0.55),
    box(-17, -16, 11, 12, joint, 3),
    box(6, -16, 11, 12, joint, 3),
    box(-21, -7, 17, 8, metal, 4),
    box(4, -7, 17, 8, metal, 4),
    line('M-24,-40C-36,-36 -36,-26 -33,-18', mix(ink.shade, ink.deep, 0.55), 6),
    oval(-33, -15, 5.5, 5.5, metal),
    wave
      ? line('M24,-40C38,-40 42,-52 39,-62', mix(ink.shade, ink.deep, 0.55), 6) +
        oval(39, -65, 5.8, 5.8, metal)
      : line('M24,-40C36,-36 36,-26 33,-18', mix(ink.shade, ink.deep, 0.55), 6) +
        oval(33, -15, 5.5, 5.5, metal),
    box(-8, -54, 16, 8, joint),
    box(-25, -49, 50, 36, metal, round ? 16 : 8),
    box(-15, -42, 30, 19, hex(mix(ink.deep, ink.shade, 0.15)), 5),
    line('M-11,-32h5l3,-5l4,9l3,-4h7', mix(ink.accent, glow, 0.2), 1.5),
    oval(-18, -19, 1.5, 1.5, joint),
    oval(18, -19, 1.5, 1.5, joint),
    oval(-32, -69, 4.5, 7, joint),
    oval(32, -69, 4.5, 7, joint),
    box(-31, -88, 62, 38, metal, round ? 19 : 11),
    box(-25, -81, 50, 24, hex(mix(ink.deep, ink.shade, 0.08)), round ? 12 : 9),
    eye(-11),
    eye(11),
    line('M-4,-61.5Q0,-59 4,-61.5', mix(ink.accent, glow, 0.3), 1.5),
    shape('M-22,-85C-10,-89 6,-88 14,-86L10,-83C0,-84 -12,-83 -22,-82Z', '#fff', ' opacity=".45"'),
  ].join('');
}

function astronaut(pen: Pen): string {
  const { ink, canvas, glow } = pen;
  const suit = rounded(pen);
  const visor = canvas.across([
    { at: 0, colour: mix(ink.accent, glow, 0.5) },
    { at: 0.5, colour: mix(ink.accent, ink.deep, 0.55) },
    { at: 1, colour: ink.deep },
  ]);
  const shade = hex(mix(ink.main, ink.shade, 0.7));
  return [
    box(-24, -60, 48, 40, hex(ink.shade), 9),
    line('M-20,-48C-36,-44 -42,-34 -40,-26', ink.main, 13),
    line('M20,-48C36,-50 42,-60 42,-68', mix(ink.main, ink.shade, 0.5), 13),
    oval(-40, -22, 7, 7, hex(ink.accent)),
    oval(42, -72, 7, 7, hex(ink.accent)),
    line('M-9,-20C-12,-12 -12,-8 -14,-3', ink.main, 14),
    line('M9,-20C14,-14 14,-10 18,-6', mix(ink.main, ink.shade, 0.5), 14),
    box(-24, -4, 19, 7, shade, 3),
    box(11, -6, 19, 7, shade, 3),
    box(-21, -56, 42, 42, suit, 14),
    box(-11, -42, 22, 14, shade, 3),
    box(-8, -39, 6, 4, hex(ink.accent), 1),
    box(1, -39, 6, 4, '#5fd38d', 1),
    line('M-7,-32H6', ink.deep, 1.4, ' opacity=".6"'),
    oval(0, -74, 25, 24, suit),
    shape('M-19,-78C-19,-92 19,-92 19,-78C20,-64 12,-58 0,-58C-12,-58 -20,-64 -19,-78Z', visor),
    shape(
      'M-14,-80C-12,-87 -4,-89 0,-88C-6,-85 -9,-80 -10,-74C-13,-75 -14,-77 -14,-80Z',
      '#fff',
      ' opacity=".65"',
    ),
    oval(9, -68, 1.6, 2, '#fff', ' opacity=".5"'),
  ].join('');
}

function bust(pen: Pen, cut: 'long' | 'short'): string {
  const { ink, chance, canvas } = pen;
  const skinBase = mix(colour(chance.pick(skinColours, 'skin')), ink.main, 0.06);
  const skin = canvas.across([
    { at: 0, colour: lighter(skinBase, 0.05) },
    { at: 0.5, colour: skinBase },
    { at: 1, colour: lighter(skinBase, -0.11) },
  ]);
  const hair = colour(chance.pick(hairColours, 'hair'));
  const hairFill = canvas.across([
    { at: 0, colour: lighter(hair, 0.1) },
    { at: 1, colour: lighter(hair, -0.05) },
  ]);
  const brow = hex(lighter(hair, -0.04));
  const lip = hex(mix(skinBase, colour('#b23a48'), cut === 'long' ? 0.75 : 0.35));
  const eye = (x: number) =>
    oval(x, -64, 3.6, 2.3, '#fdfaf5') +
    oval(x, -64, 2, 2.2, hex(mix(ink.accent, ink.deep, 0.6))) +
    oval(x + 0.7, -64.8, 0.7, 0.7, '#fff') +
    line(`M${x - 4.2},-64.2Q${x},-68 ${x + 4.2},-64.4`, lighter(hair, -0.05), 1.2) +
    shape(`M${x - 5},-70Q${x},-73.5 ${x + 5},-70.3Q${x},-71.8 ${x - 5},-70Z`, brow);
  const back =
    cut === 'long'
      ? shape(
          'M-24,-70C-26,-100 26,-102 25,-68C26,-44 34,-30 30,-8C12,-2 -14,-2 -31,-8C-34,-30 -24,-46 -24,-70Z',
          hairFill,
        )
      : '';
  const front =
    cut === 'long'
      ? shape(
          'M-21,-58C-24,-84 -16,-96 2,-96C20,-96 24,-82 21,-58C18,-70 14,-80 4,-84C-4,-76 -18,-74 -21,-58Z',
          hairFill,
        )
      : shape(
          'M-20,-62C-26,-88 -14,-99 2,-98C22,-99 26,-84 20,-62C18,-70 19,-76 14,-80C4,-76 -8,-78 -14,-82C-18,-76 -18,-70 -20,-62Z',
          hairFill,
        );
  return [
    back,
    shape('M-9,-46L-11,-26L0,-18L11,-26L9,-46Z', hex(lighter(skinBase, -0.1))),
    shape(
      'M-46,150C-46,60 -48,8 -44,-6C-40,-22 -28,-28 -10,-31C-6,-22 6,-22 10,-31C28,-28 40,-22 44,-6C48,8 46,60 46,150Z',
      rounded(pen),
    ),
    line('M-11,-31C-6,-20 6,-20 11,-31', ink.pale, 2.2),
    line('M-30,60C-30,20 -31,-4 -28,-12M30,60C30,20 31,-4 28,-12', ink.shade, 1.4, ' opacity=".7"'),
    oval(-19.5, -62, 3.2, 5, hex(lighter(skinBase, -0.05))),
    oval(19.5, -62, 3.2, 5, hex(lighter(skinBase, -0.09))),
    shape('M-19,-68C-19,-90 19,-90 19,-68C19,-50 10,-40 0,-39C-10,-40 -19,-50 -19,-68Z', skin),
    eye(-8.5),
    eye(8.5),
    line('M1,-64C0,-59 -2,-56 -1,-54.5Q0,-53.6 2,-54.2', lighter(skinBase, -0.17), 1.1),
    shape('M-5,-48.5Q-2,-50 0,-49.3Q2,-50 5,-48.5Q0,-44.8 -5,-48.5Z', lip),
    oval(-12, -56, 4, 2.6, lip, ' opacity=".22"'),
    oval(12, -56, 4, 2.6, lip, ' opacity=".22"'),
    front,
  ].join('');
}

function wizard(pen: Pen): string {
  const { ink, canvas, glow } = pen;
  const robe = rounded(pen);
  return [
    line('M34,0L30,-74', mix(ink.deep, colour('#8a5a33'), 0.7), 3.4),
    canvas.glow(30, -80, 26, mix(ink.accent, glow, 0.4), 0.9),
    shape('M30,-88L35,-79L30,-70L25,-79Z', hex(mix(ink.accent, glow, 0.5))),
    shape('M-34,0C-28,-34 -18,-54 0,-56C18,-54 28,-34 34,0C16,4 -16,4 -34,0Z', robe),
    shape('M-7,-40L7,-40L11,1H-11Z', hex(ink.shade)),
    line('M16,-44C24,-42 28,-44 30,-47', ink.main, 8),
    oval(30, -48, 4, 4, '#e8bd97'),
    oval(0, -60, 11, 11, '#e8bd97'),
    oval(-4, -61, 1.5, 1.8, '#1c1c24'),
    oval(4, -61, 1.5, 1.8, '#1c1c24'),
    shape(
      'M-11,-57C-6,-53 -4,-56 0,-56C4,-56 6,-53 11,-57C12,-44 6,-30 0,-24C-6,-30 -12,-44 -11,-57Z',
      hex(mix(ink.pale, { l: 0.96, c: 0.01, h: 80 }, 0.7)),
    ),
    oval(0, -66, 26, 5.5, hex(ink.shade)),
    shape('M-16,-67C-10,-84 -6,-98 10,-106C8,-96 10,-82 16,-67Z', robe),
    shape('M-16,-67C-8,-63 8,-63 16,-67L14,-73C6,-69 -6,-69 -14,-73Z', hex(ink.accent)),
    shape(
      'M2,-90l1.4,3 3,.3 -2.3,2 .7,3 -2.8,-1.6 -2.8,1.6 .7,-3 -2.3,-2 3,-.3Z',
      hex(mix(ink.accent, glow, 0.6)),
    ),
  ].join('');
}

function samurai(pen: Pen): string {
  const { ink } = pen;
  const gold = hex(mix(ink.accent, colour('#e0a93f'), 0.7));
  const dark = hex(ink.deep);
  const plates = [0, 1, 2, 3].map((row) =>
    box(-25 - row * 2.5, -38 + row * 9.5, 50 + row * 5, 7.6, row % 2 ? hex(ink.shade) : rounded(pen), 2),
  );
  return [
    line('M26,-66L56,-102', mix(ink.pale, colour('#dfe5ea'), 0.7), 3),
    line('M20,-58L27,-67', ink.deep, 4.5),
    line('M22,-70L32,-62', colour('#e0a93f'), 2.4),
    shape('M-36,1L-24,-44H24L36,1Z', dark),
    ...plates,
    shape(
      'M-24,-50C-38,-52 -46,-42 -46,-28L-30,-24C-30,-36 -28,-42 -24,-44ZM24,-50C38,-52 46,-42 46,-28L30,-24C30,-36 28,-42 24,-44Z',
      rounded(pen),
    ),
    line('M-44,-36L-30,-34M-45,-31L-30,-29M44,-36L30,-34M45,-31L30,-29', colour('#e0a93f'), 1.2),
    box(-24, -52, 48, 12, rounded(pen), 4),
    line('M-12,-46H12', colour('#e0a93f'), 1.6),
    oval(0, -65, 13, 14, dark),
    box(-10, -69, 20, 6, '#e2b68e', 2),
    oval(-4.5, -66, 1.4, 1.1, '#15151c'),
    oval(4.5, -66, 1.4, 1.1, '#15151c'),
    shape('M-27,-62C-24,-68 -22,-92 0,-92C22,-92 24,-68 27,-62C18,-70 -18,-70 -27,-62Z', rounded(pen)),
    shape(
      'M-4,-80C-16,-86 -24,-98 -22,-106C-16,-96 -8,-90 0,-86C8,-90 16,-96 22,-106C24,-98 16,-86 4,-80Z',
      gold,
    ),
    oval(0, -82, 3.6, 3.6, gold),
  ].join('');
}

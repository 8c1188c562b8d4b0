import { colour, hex, lighter, mix } from '../colour.ts';
import { box, line, oval, type Pen, rounded, type Subject, shape } from './subject.ts';

/** What carries people. */
export const vehicles = {
  ship: {
    at: 'sea',
    stands: 'water',
    colours: ['#7a3f2c', '#2f4b6e', '#a8433a'],
    width: 100,
    size: 1.1,
    draw: ship,
  },
  car: {
    at: 'city',
    stands: 'ground',
    colours: ['#d9483b', '#2f8fa8', '#e8b23c', '#4a5fae'],
    width: 210,
    size: 0.62,
    draw: car,
  },
  train: {
    at: 'mountains',
    stands: 'ground',
    colours: ['#a8342f', '#2f5d4e', '#33415e'],
    width: 210,
    size: 0.7,
    draw: train,
  },
  rocket: { at: 'space', stands: 'air', colours: ['#eceff3'], width: 60, size: 1.35, draw: rocket },
  airplane: {
    at: 'mountains',
    stands: 'air',
    colours: ['#eef1f4', '#d9573f'],
    width: 190,
    size: 0.6,
    draw: airplane,
  },
  balloon: {
    at: 'mountains',
    stands: 'air',
    colours: ['#e4573d', '#3f7fb5', '#e9a83a'],
    width: 74,
    size: 1.15,
    draw: balloon,
  },
  bicycle: {
    at: 'meadow',
    stands: 'ground',
    colours: ['#d9573f', '#2f8f8a'],
    width: 160,
    size: 0.7,
    draw: bicycle,
  },
} satisfies Record<string, Subject>;

function ship(pen: Pen): string {
  const { ink, canvas } = pen;
  const sail = canvas.across([
    { at: 0, colour: mix({ l: 0.98, c: 0.015, h: 85 }, ink.light, 0.08) },
    { at: 1, colour: mix({ l: 0.8, c: 0.03, h: 60 }, ink.shade, 0.2) },
  ]);
  return [
    line('M0,-14V-98', mix(ink.deep, colour('#7a5a3a'), 0.5), 2),
    shape('M3,-94C30,-72 40,-44 40,-24C28,-20 14,-20 3,-22Z', sail),
    shape('M-3,-86C-22,-68 -32,-46 -34,-26C-24,-21 -12,-21 -3,-23Z', sail),
    shape(
      'M3,-60C18,-56 30,-52 36,-48C38,-42 39,-36 39.5,-32C28,-38 14,-42 3,-44Z',
      hex(ink.accent),
      ' opacity=".8"',
    ),
    shape('M0,-98L16,-94L0,-90Z', hex(ink.accent)),
    shape('M-48,-17C-30,-12 30,-12 50,-19C46,-4 36,2 26,4H-28C-38,2 -44,-6 -48,-17Z', rounded(pen)),
    line('M-45,-12C-28,-7 28,-7 47,-13', ink.pale, 1.6),
    oval(-18, -4, 1.8, 1.8, hex(ink.pale)),
    oval(-4, -3.5, 1.8, 1.8, hex(ink.pale)),
    oval(10, -4, 1.8, 1.8, hex(ink.pale)),
    line(
      'M-56,5Q-48,1 -40,5T-24,5T-8,5T8,5T24,5T40,5T56,5',
      mix(ink.pale, { l: 0.97, c: 0.01, h: 220 }, 0.6),
      2.2,
      ' opacity=".8"',
    ),
  ].join('');
}

function car(pen: Pen): string {
  const { ink, canvas, glow, dark } = pen;
  const glass = canvas.across([
    { at: 0, colour: mix(colour('#bfe3ef'), glow, 0.2) },
    { at: 1, colour: mix(colour('#41627a'), ink.deep, 0.4) },
  ]);
  const wheel = (x: number) =>
    oval(x, -17, 18, 18, '#17171c') +
    oval(x, -17, 10.5, 10.5, hex(mix(ink.pale, { l: 0.75, c: 0.01, h: 250 }, 0.7))) +
    oval(x, -17, 4, 4, '#3a3a44') +
    line(`M${x},-27V-7M${x - 10},-17H${x + 10}`, { l: 0.4, c: 0.01, h: 250 }, 1.6);
  return [
    shape(
      'M-100,-22C-104,-46 -90,-54 -66,-57C-50,-80 -34,-90 0,-91C32,-91 46,-76 60,-58C88,-55 102,-48 101,-22C101,-16 96,-14 90,-14H-92C-98,-14 -100,-18 -100,-22Z',
      rounded(pen),
    ),
    shape('M-54,-57C-42,-76 -30,-83 -6,-84V-57ZM0,-84C26,-84 38,-74 49,-57H0Z', glass),
    shape('M-40,-57L-24,-81L-16,-83L-30,-57ZM12,-57L20,-82L25,-81L19,-57Z', '#fff', ' opacity=".3"'),
    line('M-3,-57V-20M-66,-50C-30,-47 40,-47 88,-49', ink.shade, 1.4),
    line('M6,-46h10M-46,-46h10', ink.deep, 1.8, ' opacity=".6"'),
    shape('M-101,-28H101V-20C101,-16 96,-14 90,-14H-92C-98,-14 -100,-17 -101,-21Z', hex(ink.shade)),
    oval(95, -41, 5, 6, hex(mix(glow, colour('#fff1b8'), 0.5))),
    box(-101, -46, 6, 9, '#e23b3b', 2),
    dark ? canvas.glow(100, -41, 46, colour('#fff1b8'), 0.75) : '',
    oval(-58, -18, 22, 20, hex(ink.deep)),
    oval(60, -18, 22, 20, hex(ink.deep)),
    wheel(-58),
    wheel(60),
  ].join('');
}

function train(pen: Pen): string {
  const { ink, glow } = pen;
  const body = rounded(pen);
  const brass = hex(mix(ink.accent, colour('#e0a93f'), 0.6));
  const wheel = (x: number, r: number) =>
    oval(x, -r - 3, r, r, hex(ink.deep)) +
    oval(x, -r - 3, r * 0.7, r * 0.7, hex(ink.shade)) +
    oval(x, -r - 3, r * 0.25, r * 0.25, brass);
  return [
    ...[
      [66, -112, 9],
      [46, -122, 13],
      [20, -130, 17],
      [-14, -134, 20],
    ].map(([x = 0, y = 0, r = 0]) => oval(x, y, r * 1.3, r, '#fff', ' opacity=".42"')),
    line('M-110,-1H110', ink.deep, 3),
    box(-98, -82, 48, 62, body, 3),
    box(-102, -88, 56, 8, hex(ink.deep), 3),
    box(-88, -72, 28, 24, hex(mix(glow, colour('#ffd98a'), 0.5)), 3),
    line('M-74,-72V-48', ink.deep, 2),
    box(-52, -62, 128, 40, body, 10),
    ...[-30, 6, 42].map((x) => box(x, -62, 4, 40, brass)),
    shape('M60,-60V-84H56L54,-94H82L80,-84H76V-60Z', hex(ink.deep)),
    box(14, -74, 14, 13, brass, 6),
    oval(78, -43, 9, 9, hex(mix(glow, colour('#fff1b8'), 0.5))),
    box(-102, -26, 190, 9, hex(ink.shade), 2),
    shape('M84,-20L108,-3H76V-20Z', brass),
    wheel(-80, 16),
    wheel(-42, 16),
    wheel(-4, 16),
    wheel(34, 10),
    wheel(62, 10),
    line('M-80,-19L-4,-19', mix(ink.pale, ink.main, 0.3), 3.4),
  ].join('');
}

function rocket(pen: Pen): string {
  const { ink, canvas } = pen;
  const fin = hex(ink.accent);
  const flame = canvas.vertical(-14, 26, [
    { at: 0, colour: colour('#fff6c9') },
    { at: 0.4, colour: colour('#ffb52e') },
    { at: 1, colour: colour('#ff4d2e'), opacity: 0 },
  ]);
  return [
    canvas.glow(0, 4, 36, colour('#ff9d3c'), 0.8),
    shape('M-11,-14C-16,4 -6,14 0,30C6,14 16,4 11,-14Z', flame),
    shape(
      'M-16,-44C-32,-34 -34,-18 -32,-8C-26,-16 -20,-18 -13,-19ZM16,-44C32,-34 34,-18 32,-8C26,-16 20,-18 13,-19Z',
      fin,
    ),
    shape(
      'M0,-104C16,-90 22,-66 20,-44C19,-32 16,-22 13,-15H-13C-16,-22 -19,-32 -20,-44C-22,-66 -16,-90 0,-104Z',
      rounded(pen),
    ),
    shape('M0,-104C8,-97 13.5,-88 16.6,-78H-16.6C-13.5,-88 -8,-97 0,-104Z', fin),
    shape('M-18.7,-32H18.7L17,-26H-17Z', hex(ink.shade)),
    oval(0, -58, 10.5, 10.5, hex(ink.shade)),
    oval(0, -58, 7.8, 7.8, hex(mix(colour('#6fc6e8'), ink.deep, 0.2))),
    shape('M-5,-60C-5,-64 0,-65 3,-63C0,-62 -3,-60 -4,-57Z', '#fff', ' opacity=".8"'),
    shape('M-4,-34H4L5,-12H-5Z', hex(lighter(ink.accent, -0.12))),
    box(-10, -15, 20, 4, hex(ink.deep), 1),
  ].join('');
}

function airplane(pen: Pen): string {
  const { ink } = pen;
  return [
    shape('M14,-56L-20,-100L-34,-100L-16,-56Z', hex(ink.shade)),
    shape('M-66,-56L-88,-92L-74,-92L-48,-56Z', hex(ink.accent)),
    shape(
      'M-92,-58C-70,-66 40,-70 70,-64C90,-60 98,-52 96,-48C90,-38 60,-34 20,-34C-30,-34 -80,-44 -92,-58Z',
      rounded(pen),
    ),
    shape('M-90,-55C-60,-46 40,-42 92,-44C84,-37 56,-34 20,-34C-30,-34 -78,-43 -90,-55Z', hex(ink.accent)),
    ...Array.from({ length: 9 }, (_, i) =>
      box(-44 + i * 12, -57, 5, 6, hex(mix(ink.deep, colour('#4a7ea0'), 0.5)), 2),
    ),
    shape('M72,-62C80,-60 86,-57 89,-54L76,-53Z', hex(mix(ink.deep, colour('#4a7ea0'), 0.5))),
    shape('M18,-42L-40,-4L-54,-4L-14,-44Z', hex(ink.light)),
    box(-18, -26, 20, 9, hex(ink.shade), 4),
    shape('M-72,-52L-92,-38L-84,-38L-58,-50Z', hex(ink.light)),
  ].join('');
}

function balloon(pen: Pen): string {
  const { ink, canvas } = pen;
  const wicker = canvas.across([
    { at: 0, colour: colour('#c98f55') },
    { at: 1, colour: mix(colour('#7a4a26'), ink.deep, 0.3) },
  ]);
  return [
    line('M-13,-34L-6,-14M13,-34L6,-14M-5,-32L-3,-14M5,-32L3,-14', ink.deep, 0.9),
    shape(
      'M0,-104C26,-104 37,-86 37,-70C37,-52 18,-40 13,-33H-13C-18,-40 -37,-52 -37,-70C-37,-86 -26,-104 0,-104Z',
      rounded(pen),
    ),
    shape(
      'M-6,-103.5C-24,-98 -28,-84 -27,-68C-26,-54 -14,-42 -9,-33H-13C-18,-40 -37,-52 -37,-70C-37,-84 -28,-101 -6,-103.5ZM6,-103.5C24,-98 28,-84 27,-68C26,-54 14,-42 9,-33H13C18,-40 37,-52 37,-70C37,-84 28,-101 6,-103.5Z',
      hex(ink.accent),
      ' opacity=".85"',
    ),
    shape(
      'M0,-104C9,-98 12,-84 12,-68C12,-52 7,-42 4,-33H-4C-7,-42 -12,-52 -12,-68C-12,-84 -9,-98 0,-104Z',
      hex(ink.pale),
      ' opacity=".85"',
    ),
    shape('M-26,-92C-34,-80 -34,-66 -28,-56C-32,-70 -30,-82 -22,-94Z', '#fff', ' opacity=".4"'),
    shape('M-13,-33H13L10,-29H-10Z', hex(ink.shade)),
    box(-8, -14, 16, 13, wicker, 2),
    box(-9, -15, 18, 3, '#8a5a33', 1),
  ].join('');
}

function bicycle(pen: Pen): string {
  const { ink } = pen;
  const wheel = (x: number) =>
    `<circle cx="${x}" cy="-30" r="29" fill="none" stroke="${hex(ink.deep)}" stroke-width="3.4"/>` +
    line(
      Array.from(
        { length: 6 },
        (_, i) =>
          `M${(x - 27 * Math.cos((i * Math.PI) / 6)).toFixed(1)},${(-30 - 27 * Math.sin((i * Math.PI) / 6)).toFixed(1)}L${(x + 27 * Math.cos((i * Math.PI) / 6)).toFixed(1)},${(-30 + 27 * Math.sin((i * Math.PI) / 6)).toFixed(1)}`,
      ).join(''),
      ink.pale,
      0.6,
      ' opacity=".7"',
    ) +
    oval(x, -30, 3, 3, hex(ink.deep));
  return [
    wheel(-48),
    wheel(48),
    line('M-48,-30L-22,-72L30,-72L0,-30ZM-22,-72L0,-30M48,-30L28,-80', ink.main, 4.4),
    line('M-22,-72L-25,-82M28,-80L24,-90C32,-94 40,-92 42,-86', ink.deep, 3.2),
    box(-38, -86, 24, 6, hex(ink.deep), 3),
    oval(0, -30, 7, 7, hex(ink.shade)),
    line('M0,-30L8,-16M4,-15H13', ink.deep, 2.4),
    shape('M34,-84H60L56,-62H38Z', '#b98550'),
    ...[
      [38, -90],
      [46, -94],
      [54, -90],
    ].map(([x = 0, y = 0], i) => oval(x, y, 6, 6, hex(i === 1 ? ink.pale : ink.accent))),
  ].join('');
}

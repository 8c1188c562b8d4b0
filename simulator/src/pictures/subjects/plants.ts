import { colour, hex, lighter, mix } from '../colour.ts';
import { box, line, oval, type Pen, rounded, type Subject, shape } from './subject.ts';

/** What grows. */
export const plants = {
  tree: {
    at: 'meadow',
    stands: 'ground',
    colours: ['#5f9d4e', '#7fae45', '#3f8560'],
    width: 96,
    size: 1.5,
    draw: (pen) => tree(pen, false),
  },
  blossom: {
    at: 'meadow',
    stands: 'ground',
    colours: ['#f5a6c0', '#f7c3d2'],
    width: 96,
    size: 1.6,
    draw: (pen) => tree(pen, true),
  },
  pine: {
    at: 'mountains',
    stands: 'ground',
    colours: ['#2f6d52', '#3a7a5c'],
    width: 64,
    size: 1.6,
    draw: pine,
  },
  palm: { at: 'sea', stands: 'ground', colours: ['#3f8f58', '#5aa04e'], width: 90, size: 1.5, draw: palm },
  flower: {
    at: 'studio',
    stands: 'ground',
    colours: ['#f2b134', '#e4607e', '#f4efe6', '#7d6fd0', '#e8743b'],
    width: 60,
    size: 1.15,
    draw: flower,
  },
  rose: {
    at: 'studio',
    stands: 'ground',
    colours: ['#c9283e', '#e8718a', '#f0b6a8'],
    width: 50,
    size: 1.15,
    draw: rose,
  },
  mushroom: {
    at: 'forest',
    stands: 'ground',
    colours: ['#cf3f34', '#c77b3a', '#8a5fae'],
    width: 92,
    size: 0.95,
    draw: mushroom,
  },
  cactus: {
    at: 'desert',
    stands: 'ground',
    colours: ['#4f8f5f', '#5f9d78'],
    width: 70,
    size: 1.15,
    draw: cactus,
  },
  plant: {
    at: 'studio',
    stands: 'ground',
    colours: ['#4f9163', '#6a9d4f'],
    width: 80,
    size: 1.1,
    draw: plant,
  },
} satisfies Record<string, Subject>;

const bark = colour('#6b4630');

function tree(pen: Pen, inBlossom: boolean): string {
  const { ink, chance } = pen;
  const blobs = Array.from({ length: 15 }, (_, i) => {
    const angle = i * 2.4;
    const reach = 7 + Math.sqrt(i) * 7.2;
    return {
      x: Math.cos(angle) * reach * 1.15 + chance.between(-3, 3, 'tree.x', i),
      y: -66 + Math.sin(angle) * reach * 0.8 + chance.between(-3, 3, 'tree.y', i),
      r: 15 - Math.sqrt(i) * 1.3 + chance.between(-2, 3, 'tree.r', i),
    };
  });
  const circles = (fill: string, dx: number, dy: number, shrink: number, more = '') =>
    blobs
      .map(({ x, y, r }) =>
        oval(
          Number((x + dx).toFixed(1)),
          Number((y + dy).toFixed(1)),
          Number((r * shrink).toFixed(1)),
          Number((r * shrink * 0.94).toFixed(1)),
          fill,
          more,
        ),
      )
      .join('');
  const petals = inBlossom
    ? Array.from({ length: 26 }, (_, i) =>
        oval(
          Number(chance.between(-46, 46, 'petal.x', i).toFixed(1)),
          Number(chance.between(-96, -1, 'petal.y', i).toFixed(1)),
          1.5,
          1,
          hex(ink.pale),
        ),
      ).join('')
    : '';
  return [
    shape(
      'M-7,1C-3,-18 -4,-32 -5,-44L-22,-60L-19,-62L-2,-48L0,-62L3,-48L17,-62L20,-60L5,-42C4,-28 4,-16 8,1Z',
      hex(mix(bark, ink.deep, 0.35)),
    ),
    circles(hex(ink.shade), 1.5, 4, 1.04),
    circles(hex(ink.main), -1, -1, 0.88),
    circles(hex(ink.light), -4, -5, 0.52, ' opacity=".75"'),
    petals,
  ].join('');
}

function pine(pen: Pen): string {
  const { ink, chance } = pen;
  const fill = rounded(pen);
  const tiers = [0, 1, 2, 3, 4].map((tier) => {
    const y = -12 - tier * 16;
    const w = 32 - tier * 5.2 + chance.between(-2, 2, 'pine', tier);
    return (
      shape(
        `M${-w},${y}C${-w * 0.5},${y - 6} ${-w * 0.25},${y - 16} 0,${y - 30}C${w * 0.25},${y - 16} ${w * 0.5},${y - 6} ${w},${y}C${w * 0.5},${y - 3} ${w * 0.2},${y + 3} 0,${y - 1}C${-w * 0.2},${y + 3} ${-w * 0.5},${y - 3} ${-w},${y}Z`,
        fill,
      ) +
      shape(
        `M0,${y - 1}C${w * 0.2},${y + 3} ${w * 0.5},${y - 3} ${w},${y}C${w * 0.5},${y - 6} ${w * 0.25},${y - 16} 0,${y - 30}C${w * 0.1},${y - 16} ${w * 0.1},${y - 8} 0,${y - 1}Z`,
        hex(ink.shade),
        ' opacity=".55"',
      )
    );
  });
  return box(-4, -16, 8, 17, hex(mix(bark, ink.deep, 0.4))) + tiers.join('');
}

function palm(pen: Pen): string {
  const { ink } = pen;
  const leaf = (angle: number, fill: string) =>
    `<g transform="translate(8 -82) rotate(${angle})">${shape('M0,0C14,-14 34,-14 48,2C34,-4 16,-3 0,3Z', fill)}</g>`;
  return [
    shape('M-4,1C0,-30 2,-56 6,-84L11,-83C9,-56 6,-28 7,1Z', hex(mix(bark, ink.light, 0.25))),
    ...[-12, -26, -40, -54, -68].map((y) =>
      line(`M${(-y / 12 - 3).toFixed(1)},${y}h7`, ink.deep, 1, ' opacity=".45"'),
    ),
    leaf(-160, hex(ink.shade)),
    leaf(-20, hex(ink.shade)),
    leaf(-90, hex(ink.shade)),
    leaf(160, hex(ink.main)),
    leaf(-130, hex(ink.main)),
    leaf(-50, hex(ink.main)),
    leaf(25, hex(ink.main)),
    leaf(200, hex(ink.light)),
    leaf(60, hex(ink.light)),
    oval(5, -80, 4, 4, hex(bark)),
    oval(11, -78, 4, 4, hex(lighter(bark, -0.06))),
  ].join('');
}

function flower(pen: Pen): string {
  const { ink, chance } = pen;
  const petals = 9 + Math.round(chance.between(0, 6, 'petals'));
  const ring = (length: number, width: number, fill: string, turn: number) =>
    Array.from(
      { length: petals },
      (_, i) =>
        `<g transform="translate(0 -72) rotate(${((i / petals) * 360 + turn).toFixed(1)})">${shape(`M0,0C${-width},${-length * 0.4} ${-width * 0.8},${-length} 0,${-length}C${width * 0.8},${-length} ${width},${-length * 0.4} 0,0Z`, fill)}</g>`,
    ).join('');
  const stem = mix(colour('#4f8f4f'), ink.deep, 0.15);
  return [
    line('M0,1C4,-22 -3,-44 0,-66', stem, 3),
    shape(
      'M1,-18C14,-36 28,-36 32,-32C28,-20 14,-14 1,-12ZM0,-28C-12,-44 -26,-46 -31,-42C-28,-30 -14,-24 0,-22Z',
      hex(stem),
    ),
    line('M2,-15C12,-22 20,-28 28,-31M-1,-25C-10,-32 -18,-38 -27,-41', lighter(stem, 0.12), 0.8),
    ring(31, 8, hex(ink.shade), 180 / petals),
    ring(28, 8, rounded(pen), 0),
    ring(16, 5, hex(ink.light), 90 / petals),
    oval(0, -72, 9.5, 9.5, hex(mix(colour('#7a4a1f'), ink.accent, 0.25))),
    ...Array.from({ length: 16 }, (_, i) =>
      oval(
        Number((Math.cos(i * 2.4) * Math.sqrt(i) * 1.9).toFixed(1)),
        Number((-72 + Math.sin(i * 2.4) * Math.sqrt(i) * 1.9).toFixed(1)),
        1,
        1,
        hex(colour('#f5cf6b')),
      ),
    ),
  ].join('');
}

function rose(pen: Pen): string {
  const { ink } = pen;
  const stem = mix(colour('#3f7a4a'), ink.deep, 0.2);
  return [
    line('M0,1C-4,-22 3,-40 0,-58', stem, 3),
    shape(
      'M-1,-20C-12,-36 -24,-36 -29,-33C-26,-22 -14,-15 -1,-14ZM1,-30C10,-46 22,-46 27,-43C25,-32 13,-25 1,-24Z',
      hex(stem),
    ),
    line('M-2,-17C-10,-24 -18,-30 -26,-32M2,-27C10,-34 16,-40 24,-42', lighter(stem, 0.12), 0.8),
    shape('M-10,-56C-14,-48 14,-48 10,-56L0,-48Z', hex(stem)),
    shape('M-22,-78C-28,-60 -12,-50 0,-50C12,-50 28,-60 22,-78C16,-70 -16,-70 -22,-78Z', hex(ink.shade)),
    shape('M-20,-84C-26,-66 -12,-54 4,-54C-6,-62 -10,-74 -8,-88C-12,-90 -18,-88 -20,-84Z', rounded(pen)),
    shape('M20,-84C26,-66 14,-54 -2,-54C8,-62 12,-74 9,-88C13,-90 18,-88 20,-84Z', rounded(pen)),
    shape('M-12,-92C-18,-76 -8,-62 0,-62C8,-62 18,-76 12,-92C6,-98 -6,-98 -12,-92Z', hex(ink.main)),
    shape('M-10,-92C-12,-82 -4,-74 4,-74C12,-76 14,-86 10,-92C6,-97 -6,-97 -10,-92Z', hex(ink.shade)),
    shape('M-7,-91C-8,-84 -2,-79 3,-80C9,-82 9,-89 6,-92C3,-95 -5,-95 -7,-91Z', hex(ink.main)),
    line('M-3,-90C-3,-85 3,-84 4,-88C4,-91 1,-92 0,-90', ink.shade, 1.6),
    line('M-19,-82C-21,-70 -14,-60 -4,-56M19,-82C21,-72 16,-62 8,-57', ink.light, 1, ' opacity=".7"'),
  ].join('');
}

function mushroom(pen: Pen): string {
  const { ink, canvas } = pen;
  const stalk = canvas.across(
    [
      { at: 0, colour: colour('#fbf3e2') },
      { at: 1, colour: mix(colour('#c9b394'), ink.shade, 0.25) },
    ],
    { x1: 0, y1: 0, x2: 1, y2: 0 },
  );
  return [
    shape('M-14,-52C-12,-30 -22,-10 -18,0C-8,4 10,4 19,0C22,-12 12,-30 14,-52Z', stalk),
    shape(
      'M-16,-42C-8,-36 8,-36 17,-42C18,-36 20,-34 21,-31C8,-26 -10,-26 -20,-31C-18,-34 -17,-36 -16,-42Z',
      '#fffaf0',
    ),
    shape(
      'M-46,-52C-40,-44 40,-44 46,-52C36,-58 -36,-58 -46,-52Z',
      hex(mix(colour('#e9d7b8'), ink.shade, 0.3)),
    ),
    ...[-30, -20, -10, 0, 10, 20, 30].map((x) =>
      line(`M${x * 0.4},-49L${x * 1.2},-52`, ink.shade, 0.8, ' opacity=".5"'),
    ),
    shape('M-47,-53C-48,-84 -24,-102 0,-102C24,-102 48,-84 47,-53C30,-60 -30,-60 -47,-53Z', rounded(pen)),
    ...[
      [-26, -76, 7],
      [-2, -90, 6],
      [20, -78, 8],
      [-8, -68, 5],
      [36, -62, 4.5],
      [-38, -60, 4],
      [6, -63, 3],
    ].map(([x = 0, y = 0, r = 0]) => oval(x, y, r, r * 0.8, '#fff6e6', ' opacity=".93"')),
    shape('M-38,-72C-34,-88 -18,-98 -8,-98C-20,-92 -30,-84 -34,-70Z', '#fff', ' opacity=".28"'),
    ...[-30, -24, 24, 31].map((x, i) =>
      line(
        `M${x},1Q${x + (i % 2 ? 4 : -4)},-8 ${x + (i % 2 ? 2 : -7)},-15`,
        mix(colour('#4f8f4f'), ink.deep, 0.2),
        2,
      ),
    ),
  ].join('');
}

function cactus(pen: Pen): string {
  const { ink } = pen;
  const ribs = [-8, -2.5, 3, 8.5].map((x) =>
    line(`M${x},-6V${-84 - (8 - Math.abs(x)) * 0.9}`, ink.shade, 1.1, ' opacity=".6"'),
  );
  return [
    line('M-10,-36H-24C-29,-36 -29,-40 -29,-44V-60', ink.main, 12),
    line('M10,-28H22C28,-28 28,-34 28,-38V-66', ink.shade, 12),
    box(-14, -100, 28, 101, rounded(pen), 14),
    ...ribs,
    ...Array.from({ length: 14 }, (_, i) =>
      line(`M${-10 + (i % 4) * 6.5},${-12 - i * 5.8}l2,-1.6`, ink.pale, 0.8),
    ),
    oval(0, -101, 5, 4, hex(ink.accent)),
    oval(-4, -99, 3.6, 3, hex(lighter(ink.accent, 0.08))),
    oval(4, -99, 3.6, 3, hex(lighter(ink.accent, -0.06))),
    oval(-29, -67, 3.5, 3, hex(ink.accent)),
  ].join('');
}

function plant(pen: Pen): string {
  const { ink, canvas } = pen;
  const pot = canvas.across(
    [
      { at: 0, colour: lighter(ink.accent, 0.05) },
      { at: 1, colour: mix(ink.accent, ink.deep, 0.4) },
    ],
    { x1: 0, y1: 0, x2: 1, y2: 0 },
  );
  const leaf = (angle: number, length: number, fill: string) =>
    `<g transform="translate(0 -28) rotate(${angle})">${shape(`M0,0C-13,${-length * 0.4} -11,${-length * 0.85} 0,${-length}C11,${-length * 0.85} 13,${-length * 0.4} 0,0Z`, fill)}${line(`M0,0V${-length * 0.88}`, ink.light, 0.9, ' opacity=".6"')}</g>`;
  return [
    leaf(-62, 48, hex(ink.shade)),
    leaf(62, 48, hex(ink.shade)),
    leaf(-38, 62, hex(ink.main)),
    leaf(38, 60, hex(ink.shade)),
    leaf(-15, 72, rounded(pen)),
    leaf(16, 70, hex(ink.main)),
    leaf(0, 58, hex(ink.light)),
    shape('M-22,-30H22L17,0H-17Z', pot),
    box(-24, -34, 48, 8, pot, 2),
  ].join('');
}

import { colour, hex, lighter, mix } from '../colour.ts';
import { box, line, oval, type Pen, rounded, type Subject, shape } from './subject.ts';

/** Furniture and other things. */
export const things = {
  sofa: {
    at: 'interior',
    stands: 'ground',
    colours: ['#3f7f8f', '#b5654a', '#5a6d9e', '#7f8f5a'],
    width: 230,
    size: 0.98,
    seat: 42,
    draw: sofa,
  },
  armchair: {
    at: 'interior',
    stands: 'ground',
    colours: ['#d08a3f', '#4f7f6f', '#a8546a'],
    width: 110,
    size: 1,
    seat: 42,
    draw: armchair,
  },
  table: {
    at: 'interior',
    stands: 'ground',
    colours: ['#a8703f', '#c99a64'],
    width: 200,
    size: 0.75,
    seat: 96,
    draw: table,
  },
  lantern: {
    at: 'studio',
    stands: 'ground',
    colours: ['#d9483b', '#e0a13c'],
    width: 60,
    size: 0.9,
    draw: lantern,
  },
  cup: {
    at: 'studio',
    stands: 'ground',
    colours: ['#e9e2d6', '#5f8fa0', '#d97f5c'],
    width: 120,
    size: 0.85,
    draw: cup,
  },
  cake: {
    at: 'studio',
    stands: 'ground',
    colours: ['#f4b6c2', '#f0d9b0', '#b98a6a'],
    width: 110,
    size: 0.95,
    draw: cake,
  },
  apple: {
    at: 'studio',
    stands: 'ground',
    colours: ['#d4373c', '#8fb53f'],
    width: 90,
    size: 0.85,
    draw: apple,
  },
  heart: { at: 'studio', stands: 'air', colours: ['#e23a5a'], width: 106, size: 1.15, draw: heart },
  star: { at: 'studio', stands: 'air', colours: ['#f5c33c'], width: 105, size: 1.1, draw: star },
  diamond: {
    at: 'studio',
    stands: 'air',
    colours: ['#6fc6e0', '#b79df0'],
    width: 100,
    size: 1.05,
    draw: diamond,
  },
  umbrella: {
    at: 'studio',
    stands: 'ground',
    colours: ['#d9483b', '#3f6fae', '#e8b23c'],
    width: 104,
    size: 1.15,
    draw: umbrella,
  },
  planet: {
    at: 'space',
    stands: 'air',
    colours: ['#e0985c', '#5fa0c9', '#b07fd0'],
    width: 150,
    size: 1.35,
    draw: planet,
  },
} satisfies Record<string, Subject>;

function sofa(pen: Pen): string {
  const { ink } = pen;
  const cloth = rounded(pen);
  const leg = mix(colour('#7a4f2f'), ink.deep, 0.3);
  const cushion = (x: number, turn: number, fill: string) =>
    `<g transform="translate(${x} -56) rotate(${turn})">${box(-15, -15, 30, 30, fill, 7)}</g>`;
  return [
    line('M-94,-8L-99,0M94,-8L99,0M-30,-8V0M30,-8V0', leg, 5),
    box(-100, -100, 200, 70, cloth, 18),
    line('M0,-94V-44', ink.shade, 1.6),
    shape('M-96,-46H96V-38H-96Z', hex(ink.deep), ' opacity=".28"'),
    cushion(-64, -14, hex(ink.accent)),
    cushion(66, 12, hex(ink.pale)),
    box(-96, -44, 96, 24, hex(ink.light), 9),
    box(0, -44, 96, 24, hex(lighter(ink.light, -0.025)), 9),
    box(-98, -26, 196, 19, hex(ink.shade), 6),
    box(-116, -68, 30, 61, cloth, 14),
    box(86, -68, 30, 61, cloth, 14),
    line('M-101,-56V-18M101,-56V-18', ink.shade, 1.4, ' opacity=".7"'),
  ].join('');
}

function armchair(pen: Pen): string {
  const { ink } = pen;
  const cloth = rounded(pen);
  return [
    line('M-36,-8L-41,0M36,-8L41,0', mix(colour('#7a4f2f'), ink.deep, 0.3), 5),
    shape('M-42,-20V-76C-42,-96 -26,-102 0,-102C26,-102 42,-96 42,-76V-20Z', cloth),
    ...[
      [-16, -82],
      [0, -86],
      [16, -82],
      [-9, -68],
      [9, -68],
    ].map(([x = 0, y = 0]) => oval(x, y, 1.8, 1.8, hex(ink.shade))),
    box(-36, -45, 72, 24, hex(ink.light), 10),
    box(-42, -26, 84, 19, hex(ink.shade), 6),
    box(-54, -62, 24, 56, cloth, 11),
    box(30, -62, 24, 56, cloth, 11),
  ].join('');
}

function table(pen: Pen): string {
  const { ink } = pen;
  return [
    shape('M-84,-90L-76,0H-68L-70,-90ZM84,-90L76,0H68L70,-90Z', hex(ink.shade)),
    shape('M-50,-88L-46,-12H-42L-42,-88ZM50,-88L46,-12H42L42,-88Z', hex(mix(ink.shade, ink.deep, 0.4))),
    box(-92, -90, 184, 14, hex(ink.shade), 2),
    box(-100, -98, 200, 10, rounded(pen), 4),
    line('M-80,-94H-10M10,-92H84', ink.light, 0.9, ' opacity=".6"'),
  ].join('');
}

function lantern(pen: Pen): string {
  const { ink, canvas, glow } = pen;
  const paper = canvas.radial(
    [
      { at: 0, colour: mix(glow, colour('#ffe39a'), 0.5) },
      { at: 0.55, colour: ink.light },
      { at: 1, colour: ink.main },
    ],
    { r: 0.6 },
  );
  return [
    canvas.glow(0, -54, 78, mix(ink.light, glow, 0.5), 0.55),
    line('M0,-92V-120', ink.deep, 1.4),
    shape('M-18,-88C-38,-76 -38,-30 -18,-18H18C38,-30 38,-76 18,-88Z', paper),
    line('M-9,-88C-17,-72 -17,-34 -9,-18M9,-88C17,-72 17,-34 9,-18M0,-88V-18', ink.shade, 1, ' opacity=".6"'),
    line('M-29,-74H29M-33,-54H33M-29,-33H29', ink.shade, 0.9, ' opacity=".45"'),
    box(-20, -93, 40, 7, hex(ink.deep), 2),
    box(-20, -20, 40, 7, hex(ink.deep), 2),
    line('M0,-13V-2M-3,-6V2M3,-6V2', colour('#e0a93f'), 1.6),
  ].join('');
}

function cup(pen: Pen): string {
  const { ink, canvas } = pen;
  const coffee = canvas.radial([
    { at: 0, colour: colour('#8a5630') },
    { at: 1, colour: colour('#3f2414') },
  ]);
  return [
    line(
      'M-12,-92C-20,-102 -4,-108 -12,-120M6,-94C-2,-106 14,-112 6,-126M22,-92C16,-100 28,-106 22,-116',
      { l: 0.98, c: 0.01, h: 80 },
      3,
      ' opacity=".5"',
    ),
    oval(0, -4, 60, 8, hex(ink.shade)),
    oval(0, -7, 60, 8, rounded(pen)),
    oval(0, -8, 34, 4, hex(ink.shade), ' opacity=".5"'),
    line('M40,-66C68,-70 64,-34 34,-34', ink.main, 8),
    shape('M-44,-76C-44,-36 -30,-10 -16,-8H16C30,-10 44,-36 44,-76Z', rounded(pen)),
    oval(0, -76, 44, 10.5, hex(ink.pale)),
    oval(0, -75, 39, 8, coffee),
    shape(
      'M0,-70C-12,-73 -18,-78 -9,-80C-4,-80.5 -1,-79 0,-77.5C1,-79 4,-80.5 9,-80C18,-78 12,-73 0,-70Z',
      '#f2dcbc',
    ),
    shape('M-36,-64C-34,-44 -28,-28 -20,-18C-24,-32 -28,-46 -28,-62Z', '#fff', ' opacity=".35"'),
    line('M-41,-54C-20,-46 20,-46 41,-54', ink.accent, 3),
  ].join('');
}

function cake(pen: Pen): string {
  const { ink } = pen;
  const icing = hex(ink.pale);
  const layer = (w: number, top: number, h: number, fill: string) =>
    shape(`M${-w},${top}V${top + h}C${-w},${top + h + 7} ${w},${top + h + 7} ${w},${top + h}V${top}Z`, fill) +
    shape(
      `M${-w},${top}C${-w},${top - 8} ${w},${top - 8} ${w},${top}V${top + 8}${Array.from({ length: 6 }, (_, i) => `q${-w / 12},${i % 2 ? 13 : 7} ${-w / 6},0t${-w / 6},0`).join('')}Z`,
      icing,
    );
  return [
    oval(0, -3, 56, 7, hex(ink.shade)),
    oval(0, -6, 56, 7, '#f8f4ea'),
    layer(44, -42, 32, rounded(pen)),
    layer(30, -70, 24, hex(mix(ink.main, ink.accent, 0.35))),
    ...[-18, -6, 6, 18].map((x) => oval(x, -76, 4.6, 4.4, hex(ink.accent))),
    ...[-12, 0, 12].map(
      (x) =>
        box(x - 1.5, -92, 3, 16, hex(lighter(ink.accent, 0.1)), 1) +
        shape(
          `M${x},-104C${x + 5},-97 ${x + 3},-92 ${x},-92C${x - 3},-92 ${x - 5},-97 ${x},-104Z`,
          '#ffc53d',
        ) +
        pen.canvas.glow(x, -97, 11, colour('#ffd977'), 0.7),
    ),
    ...[-34, -17, 0, 17, 34].map((x) => oval(x, -14 + Math.abs(x) * -0.06, 2.2, 2.2, icing)),
  ].join('');
}

function apple(pen: Pen): string {
  const { ink } = pen;
  return [
    shape(
      'M0,-78C-18,-92 -44,-80 -44,-48C-44,-18 -22,2 -8,1C-3,0 3,0 8,1C22,2 44,-18 44,-48C44,-80 18,-92 0,-78Z',
      rounded(pen),
    ),
    oval(0, -76, 12, 4, hex(ink.shade)),
    line('M0,-75C0,-86 4,-94 10,-99', mix(colour('#6b4630'), ink.deep, 0.3), 4),
    shape('M6,-86C14,-104 32,-104 40,-98C34,-84 18,-80 6,-86Z', hex(colour('#6fa84a'))),
    line('M9,-87C18,-94 28,-97 36,-97', colour('#a8d07a'), 1),
    shape(
      'M-34,-58C-34,-70 -24,-76 -16,-74C-26,-68 -28,-58 -30,-48C-33,-50 -34,-54 -34,-58Z',
      '#fff',
      ' opacity=".5"',
    ),
  ].join('');
}

function heart(pen: Pen): string {
  return [
    shape(
      'M0,-2C-30,-26 -53,-46 -53,-71C-53,-90 -40,-101 -26,-101C-14,-101 -5,-94 0,-84C5,-94 14,-101 26,-101C40,-101 53,-90 53,-71C53,-46 30,-26 0,-2Z',
      rounded(pen),
    ),
    shape(
      'M0,-2C30,-26 53,-46 53,-71C53,-82 48,-91 41,-96C46,-66 26,-30 0,-2Z',
      hex(pen.ink.shade),
      ' opacity=".45"',
    ),
    shape(
      'M-42,-72C-42,-84 -34,-91 -25,-91C-33,-86 -37,-78 -36,-66C-40,-66 -42,-69 -42,-72Z',
      '#fff',
      ' opacity=".65"',
    ),
  ].join('');
}

function star(pen: Pen): string {
  const { ink } = pen;
  const tips = Array.from({ length: 10 }, (_, i) => {
    const reach = i % 2 ? 23 : 53;
    const angle = (i / 10) * Math.PI * 2 - Math.PI / 2;
    return [
      Number((Math.cos(angle) * reach).toFixed(1)),
      Number((-50 + Math.sin(angle) * reach).toFixed(1)),
    ] as const;
  });
  const facets = tips.map(([x, y], i) => {
    const [nextX, nextY] = tips[(i + 1) % 10] ?? [0, 0];
    return shape(`M0,-50L${x},${y}L${nextX},${nextY}Z`, hex(i % 2 ? ink.shade : ink.light));
  });
  return [
    pen.canvas.glow(0, -50, 96, mix(ink.light, pen.glow, 0.4), 0.5),
    shape(
      `M${tips.map((tip) => tip.join(',')).join('L')}Z`,
      rounded(pen),
      ` stroke="${hex(ink.main)}" stroke-width="3" stroke-linejoin="round"`,
    ),
    `<g opacity=".75">${facets.join('')}</g>`,
  ].join('');
}

function diamond(pen: Pen): string {
  const { ink } = pen;
  const facet = (d: string, amount: number) =>
    shape(d, hex(amount > 0 ? mix(ink.main, ink.pale, amount) : mix(ink.main, ink.shade, -amount)));
  return [
    pen.canvas.glow(0, -55, 90, ink.light, 0.45),
    facet('M-50,-68L-28,-98L-18,-68Z', 0.25),
    facet('M-28,-98H0L-18,-68Z', 0.8),
    facet('M0,-98L18,-68H-18Z', 0.45),
    facet('M0,-98H28L18,-68Z', 0.15),
    facet('M28,-98L50,-68H18Z', -0.5),
    facet('M-50,-68H-18L0,-4Z', 0.1),
    facet('M-18,-68H18L0,-4Z', 0.6),
    facet('M18,-68H50L0,-4Z', -0.9),
    line(
      'M-50,-68H50M-18,-68L0,-4L18,-68L0,-98L-18,-68L-28,-98M18,-68L28,-98',
      ink.pale,
      0.9,
      ' opacity=".7"',
    ),
  ].join('');
}

function umbrella(pen: Pen): string {
  const { ink } = pen;
  return [
    line('M0,-96V-12C0,2 16,2 16,-10', mix(colour('#6b4630'), ink.deep, 0.3), 3.6),
    line('M0,-96V-104', ink.deep, 2.4),
    shape(
      'M-52,-48C-50,-82 -26,-98 0,-98C26,-98 50,-82 52,-48C45,-56 34,-56 27,-48C20,-56 7,-56 0,-48C-7,-56 -20,-56 -27,-48C-34,-56 -45,-56 -52,-48Z',
      rounded(pen),
    ),
    shape(
      'M0,-98C-14,-88 -24,-70 -27,-48C-20,-56 -7,-56 0,-48C0,-66 0,-84 0,-98ZM0,-98C22,-92 42,-76 52,-48C45,-56 34,-56 27,-48C24,-70 14,-88 0,-98Z',
      hex(ink.accent),
      ' opacity=".8"',
    ),
  ].join('');
}

function planet(pen: Pen): string {
  const { ink, canvas, chance } = pen;
  const globe = canvas.radial(
    [
      { at: 0, colour: ink.pale },
      { at: 0.45, colour: ink.main },
      { at: 1, colour: mix(ink.shade, ink.deep, 0.55) },
    ],
    { cx: 0.32, cy: 0.28, r: 0.8 },
  );
  const band = (y: number, thick: number, fill: string) => {
    const half = Math.sqrt(Math.max(0, 45 * 45 - (y + 50) ** 2));
    return shape(
      `M${-half.toFixed(1)},${y}Q0,${y + 9} ${half.toFixed(1)},${y}L${half.toFixed(1)},${y + thick}Q0,${y + thick + 10} ${-half.toFixed(1)},${y + thick}Z`,
      fill,
      ' opacity=".35"',
    );
  };
  const ringed = chance.happens(0.7, 'planet.ring');
  const ring = (part: 'back' | 'front') => {
    const sweep = part === 'back' ? 1 : 0;
    return ringed
      ? `<g transform="rotate(-16 0 -50)" opacity=".9">${line(`M-74,-50A74,17 0 0 ${sweep} 74,-50`, ink.light, 6, ' opacity=".8"')}${line(`M-64,-50A64,13 0 0 ${sweep} 64,-50`, ink.accent, 2.4)}</g>`
      : '';
  };
  return [
    canvas.glow(0, -50, 78, ink.light, 0.5),
    ring('back'),
    oval(0, -50, 45, 45, globe),
    band(-76, 5, hex(ink.pale)),
    band(-62, 8, hex(ink.shade)),
    band(-44, 6, hex(ink.pale)),
    band(-32, 9, hex(ink.shade)),
    oval(-14, -66, 6, 4, hex(ink.pale), ' opacity=".35"'),
    ring('front'),
  ].join('');
}

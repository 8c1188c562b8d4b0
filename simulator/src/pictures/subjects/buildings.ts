import { colour, hex, lighter, mix } from '../colour.ts';
import { box, line, oval, type Pen, rounded, type Subject, shape } from './subject.ts';

/** Buildings that stand alone in a landscape. */
export const buildings = {
  house: {
    at: 'meadow',
    stands: 'ground',
    colours: ['#f0e2cc', '#d9826b', '#e8c07a'],
    width: 120,
    size: 1.05,
    draw: house,
  },
  castle: {
    at: 'mountains',
    stands: 'ground',
    colours: ['#c9bcae', '#a9a7b4'],
    width: 130,
    size: 1.5,
    draw: castle,
  },
  lighthouse: { at: 'sea', stands: 'ground', colours: ['#d2453c'], width: 70, size: 1.6, draw: lighthouse },
  pagoda: {
    at: 'mountains',
    stands: 'ground',
    colours: ['#b23a3a', '#7c4a3a'],
    width: 90,
    size: 1.5,
    draw: pagoda,
  },
} satisfies Record<string, Subject>;

function lit({ glow, dark, ink }: Pen): string {
  return hex(dark ? mix(glow, colour('#ffc861'), 0.6) : mix(ink.deep, colour('#7fb2cf'), 0.45));
}

function house(pen: Pen): string {
  const { ink, canvas } = pen;
  const roof = canvas.across([
    { at: 0, colour: mix(ink.accent, ink.shade, 0.25) },
    { at: 1, colour: mix(ink.accent, ink.deep, 0.6) },
  ]);
  const window = (x: number, y: number) =>
    box(x - 8, y - 8, 16, 16, hex(ink.pale), 1) +
    box(x - 6.5, y - 6.5, 13, 13, lit(pen)) +
    line(`M${x},${y - 6}V${y + 6}M${x - 6},${y}H${x + 6}`, ink.pale, 1.2);
  return [
    box(22, -98, 11, 28, hex(ink.shade), 1),
    box(20.5, -100, 14, 4, hex(ink.deep), 1),
    shape('M26,-102C20,-110 34,-114 27,-122C42,-116 30,-110 34,-102Z', '#fff', ' opacity=".28"'),
    box(-46, -52, 92, 52, rounded(pen)),
    shape('M-46,-52H46V-44H-46Z', hex(ink.shade), ' opacity=".4"'),
    shape('M-58,-48L-32,-88H32L58,-48Z', roof),
    ...[0, 1, 2].map((i) =>
      line(`M${-50 + i * 7.5},${-58 - i * 11}H${50 - i * 7.5}`, ink.deep, 0.9, ' opacity=".25"'),
    ),
    shape('M-17,-52L0,-78L17,-52V-48H-17Z', rounded(pen)),
    line('M-20,-50L0,-81L20,-50', mix(ink.accent, ink.deep, 0.6), 3.4),
    oval(0, -60, 5.5, 5.5, lit(pen)),
    window(-29, -26),
    window(29, -26),
    shape('M-9,0V-26A9,9 0 0 1 9,-26V0Z', hex(mix(ink.deep, ink.accent, 0.35))),
    oval(5, -14, 1.3, 1.3, hex(ink.pale)),
    box(-13, -3, 26, 3, hex(ink.pale), 1),
    ...[-48, -38, -20, 20, 38, 48].map((x, i) =>
      oval(x, -3, 8, 6 + (i % 3), hex(mix(colour('#5f9d5c'), ink.deep, 0.25))),
    ),
  ].join('');
}

function castle(pen: Pen): string {
  const { ink, canvas } = pen;
  const stone = rounded(pen);
  const roof = canvas.across([
    { at: 0, colour: lighter(ink.accent, -0.02) },
    { at: 1, colour: mix(ink.accent, ink.deep, 0.6) },
  ]);
  const crenels = (from: number, to: number, y: number) =>
    shape(
      Array.from({ length: Math.floor((to - from) / 6) }, (_, i) => `M${from + i * 6},${y}v-4h3.5v4Z`).join(
        '',
      ),
      stone,
    );
  const tower = (x: number, w: number, top: number, spire: number) =>
    box(x - w / 2, top, w, -top, stone) +
    box(x - w / 2 - 1.5, top, w + 3, 4, hex(ink.shade)) +
    shape(`M${x - w / 2 - 3},${top + 1}L${x},${top - spire}L${x + w / 2 + 3},${top + 1}Z`, roof) +
    line(`M${x},${top - spire}v-7`, ink.deep, 0.8) +
    shape(`M${x},${top - spire - 7}l8,2.2l-8,2.4Z`, hex(ink.pale)) +
    shape(`M${x - 2},${top + 20}v-7a2,2.5 0 0 1 4,0v7Z`, lit(pen));
  return [
    tower(-14, 15, -68, 20),
    tower(15, 13, -60, 18),
    box(-30, -50, 60, 50, stone),
    crenels(-30, 30, -50),
    tower(0, 20, -74, 26),
    tower(-44, 18, -46, 24),
    tower(44, 18, -50, 25),
    box(-46, -28, 92, 28, stone),
    crenels(-46, 46, -28),
    shape('M-46,-28H46V-24H-46Z', hex(ink.shade), ' opacity=".45"'),
    shape('M-9,0V-14A9,9 0 0 1 9,-14V0Z', hex(ink.deep)),
    line('M-5,0V-18M0,0V-22M5,0V-18', ink.shade, 0.9),
    ...[-30, -20, 20, 30].map((x) => shape(`M${x - 1.5},-10v-5a1.5,2 0 0 1 3,0v5Z`, lit(pen))),
  ].join('');
}

function lighthouse(pen: Pen): string {
  const { ink, canvas, glow } = pen;
  const white = canvas.across(
    [
      { at: 0, colour: mix({ l: 0.97, c: 0.01, h: 80 }, ink.light, 0.12) },
      { at: 1, colour: mix({ l: 0.72, c: 0.03, h: 280 }, ink.shade, 0.25) },
    ],
    { x1: 0, y1: 0, x2: 1, y2: 0 },
  );
  const red = canvas.across(
    [
      { at: 0, colour: ink.light },
      { at: 0.4, colour: ink.main },
      { at: 1, colour: ink.shade },
    ],
    { x1: 0, y1: 0, x2: 1, y2: 0 },
  );
  const beam = canvas.across(
    [
      { at: 0, colour: glow, opacity: 0.65 },
      { at: 1, colour: glow, opacity: 0 },
    ],
    { x1: 0, y1: 0, x2: 1, y2: 0 },
  );
  const beamBack = canvas.across(
    [
      { at: 0, colour: glow, opacity: 0 },
      { at: 1, colour: glow, opacity: 0.5 },
    ],
    { x1: 0, y1: 0, x2: 1, y2: 0 },
  );
  const at = (y: number) => 8.6 + (7 * (y + 80)) / 72;
  const stripe = (top: number, low: number) =>
    shape(`M${-at(top)},${top}L${at(top)},${top}L${at(low)},${low}L${-at(low)},${low}Z`, red);
  return [
    shape('M2,-88L150,-112V-62Z', beam),
    shape('M-2,-88L-130,-108V-72Z', beamBack),
    shape(
      'M-52,4C-40,-6 -24,-8 -18,-14L18,-13C26,-8 40,-6 54,4C30,12 -28,12 -52,4Z',
      hex(mix(ink.deep, colour('#4b4a55'), 0.4)),
    ),
    shape('M-30,0C-24,-7 -12,-9 -6,-11L4,-2Z', '#fff', ' opacity=".1"'),
    shape('M-8.5,-80H8.5L15.5,-8H-15.5Z', white),
    stripe(-70, -56),
    stripe(-42, -28),
    stripe(-16, -8),
    box(-1.8, -66, 3.6, 6, hex(ink.deep), 1.5),
    box(-2, -39, 4, 6.5, hex(ink.deep), 1.5),
    shape('M-3.5,-8V-16A3.5,3.5 0 0 1 3.5,-16V-8Z', hex(ink.deep)),
    box(-12, -82, 24, 3.4, hex(ink.deep), 1),
    line('M-11,-86V-82M-5.5,-86V-82M5.5,-86V-82M11,-86V-82M-11.5,-86H11.5', ink.deep, 0.9),
    box(-6.5, -95, 13, 13, hex(mix(glow, colour('#ffe08a'), 0.5)), 1),
    line('M-2.2,-95V-82M2.2,-95V-82', ink.deep, 0.8),
    shape('M-9,-94Q0,-108 9,-94Z', red),
    line('M0,-101V-106', ink.deep, 1.1),
    canvas.glow(0, -88, 30, mix(glow, colour('#ffe9a8'), 0.4), 0.95),
  ].join('');
}

function pagoda(pen: Pen): string {
  const { ink, canvas } = pen;
  const roof = canvas.across([
    { at: 0, colour: mix(ink.deep, ink.main, 0.3) },
    { at: 1, colour: ink.deep },
  ]);
  const floors = [0, 1, 2, 3].map((floor) => {
    const y = -floor * 21;
    const w = 30 - floor * 4.5;
    const windows = [-0.6, 0, 0.6].map((t) => box(w * t - 3, y - 13, 6, 9, lit(pen), 1)).join('');
    return (
      box(-w, y - 16, w * 2, 16, rounded(pen)) +
      windows +
      box(-w, y - 2.5, w * 2, 2.5, hex(ink.shade)) +
      shape(
        `M${-w - 16},${y - 12}C${-w - 4},${y - 15} ${-w + 2},${y - 18} ${-w + 8},${y - 25}H${w - 8}C${w - 2},${y - 18} ${w + 4},${y - 15} ${w + 16},${y - 12}C${w},${y - 14} ${-w},${y - 14} ${-w - 16},${y - 12}Z`,
        roof,
      )
    );
  });
  return [
    box(-36, -4, 72, 6, hex(ink.shade), 1),
    ...floors,
    line('M0,-86V-104', mix(ink.accent, colour('#e0a93f'), 0.7), 1.8),
    ...[-91, -95, -99].map((y) => line(`M-3,${y}H3`, mix(ink.accent, colour('#e0a93f'), 0.7), 1.2)),
  ].join('');
}

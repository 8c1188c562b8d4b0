import { columns, n, rows } from '../canvas.ts';
import { hex, lighter, mix } from '../colour.ts';
import { paintFigures } from '../figures.ts';
import type { Stage } from '../stage.ts';
import { floorOf, paintBirds, paintLightning, paintSky, paintWeather } from './sky.ts';

/** A skyline in layers, a street that mirrors it. */
export function paintCity(stage: Stage): void {
  const { canvas, palette, home, reading, chance } = stage;
  const street = home.top + home.height * chance.between(0.78, 0.83, 'street');
  paintSky(stage, street);
  if (reading.weather === 'lightning') paintLightning(stage, street);
  paintBirds(stage, street);
  const unit = Math.min(1.4, home.height / 1000);
  for (let layer = 0; layer < 3; layer++) {
    paintBlocks(stage, street, layer, unit);
    const haze = layer === 2 ? 0.12 : 0.42;
    canvas.add(
      canvas.flood(
        canvas.vertical(street - 420 * unit, street, [
          { at: 0, colour: palette.sky[2], opacity: 0 },
          { at: 1, colour: palette.sky[2], opacity: haze },
        ]),
      ),
    );
  }
  paintStreet(stage, street);
  if (reading.mood === 'neon') paintTraffic(stage, street);
  paintFigures(stage, { y: home.top + home.height * 0.93, tall: 360, shadow: 0.6 });
  paintWeather(stage, street);
}

function paintBlocks(stage: Stage, street: number, layer: number, unit: number): void {
  const { canvas, palette, chance, reading } = stage;
  const neon = reading.mood === 'neon';
  const step = 92 + layer * 34;
  const own = mix(mix(palette.far, palette.sky[1], 0.25), palette.near, [0.12, 0.5, 0.9][layer] ?? 0.9);
  const warm = mix(palette.light, palette.accents[1], 0.35);
  const cool = palette.accents[neon ? 0 : 1];
  let walls = '';
  let sides = '';
  let lit = '';
  let litCool = '';
  let unlit = '';
  const signs: string[] = [];
  for (const column of columns(canvas.view, step, 46)) {
    const cell = layer * 10007 + column;
    const tallness = chance.noise(column / 2.6, `skyline${layer}`);
    const h =
      (130 +
        (layer === 2 ? 210 : 420 - layer * 60) * tallness ** 1.3 +
        chance.between(0, 170, 'block.h', cell)) *
      unit;
    const w = step * chance.between(0.72, 1.16, 'block.w', cell);
    const x = column * step + chance.between(-0.12, 0.12, 'block.x', cell) * step;
    const top = street - h;
    walls += `M${n(x)} ${n(street + 4)}V${n(top)}h${n(w)}V${n(street + 4)}Z`;
    sides += `M${n(x + w * 0.74)} ${n(street + 4)}V${n(top)}h${n(w * 0.26)}V${n(street + 4)}Z`;
    const roof = chance.pick(['flat', 'step', 'mast', 'slope', 'tank'] as const, 'roof', cell);
    if (roof === 'step') walls += `M${n(x + w * 0.2)} ${n(top + 2)}v${n(-34)}h${n(w * 0.5)}v34Z`;
    if (roof === 'mast') walls += `M${n(x + w * 0.46)} ${n(top + 2)}l3 ${n(-90 * unit)}h3l3 ${n(90 * unit)}Z`;
    if (roof === 'slope') walls += `M${n(x)} ${n(top + 2)}L${n(x + w)} ${n(top - 44)}V${n(top + 2)}Z`;
    if (roof === 'tank') walls += `M${n(x + w * 0.3)} ${n(top + 2)}v-16h-4v-26h30v26h-4v16Z`;
    const pitchX = layer === 0 ? 19 : 17;
    const pitchY = layer === 0 ? 26 : 23;
    const wide = chance.pick([7, 9, 12] as const, 'pane', cell);
    for (let y = top + 18, floor = 0; y < street - 22 && floor < 26; y += pitchY, floor++) {
      for (let across = x + 10, pane = 0; across < x + w - 14; across += pitchX, pane++) {
        const index = cell * 613 + floor * 17 + pane;
        const shine = chance.unit('pane.lit', index);
        const one = `M${n(across)} ${n(y)}h${wide}v12h${-wide}Z`;
        const share = palette.dark ? (layer === 0 ? 0.24 : 0.4) : 0.1;
        if (shine < share * 0.68) lit += one;
        else if (shine < share) litCool += one;
        else if (layer > 0 && shine < 0.72) unlit += one;
      }
    }
    if (neon && layer > 0 && chance.happens(0.6, 'sign', cell))
      signs.push(sign(stage, x + w * 0.1, top + h * chance.between(0.12, 0.45, 'sign.y', cell), cell));
    else if (neon && chance.happens(0.5, 'beacon', cell))
      signs.push(canvas.glow(x + w / 2, top - 4, 20, palette.accents[1], 0.9));
  }
  const fill = canvas.vertical(street - 620 * unit, street, [
    { at: 0, colour: lighter(own, palette.dark ? 0.03 : -0.03) },
    { at: 1, colour: mix(own, palette.sky[2], layer === 2 ? 0.08 : 0.25) },
  ]);
  canvas.add(
    `<path d="${walls}" fill="${fill}"/>`,
    `<path d="${sides}" fill="${hex(palette.near)}" opacity=".22"/>`,
    `<path d="${unlit}" fill="${hex(mix(palette.sky[1], palette.near, 0.45))}" opacity=".38"/>`,
    `<path d="${lit}" fill="${hex(warm)}" opacity="${layer === 0 ? 0.6 : 0.92}"/>`,
    `<path d="${litCool}" fill="${hex(cool)}" opacity="${layer === 0 ? 0.5 : 0.85}"/>`,
    ...signs,
  );
}

// Strokes in a square of 14, from its upper left: they look like writing and are none.
const glyphs = [
  'h14v14m-14 0h6',
  'v14h14m-7 -14v7',
  'h14m-7 0v14',
  'h14m0 7h-14m0 7h14',
  'v14m7 -14v14m7 -14v14',
  'l14 14m0 -14l-14 14',
  'h14v14h-14Z',
] as const;

/** A sign without letters: a lit frame with bars. */
function sign({ canvas, palette, chance }: Stage, x: number, y: number, cell: number): string {
  const tint =
    palette.accents[Math.floor(chance.unit('sign.tint', cell) * 3) as 0 | 1 | 2] ?? palette.accents[0];
  const upright = chance.happens(0.65, 'sign.up', cell);
  const w = upright ? 30 : 84;
  const h = upright ? chance.between(100, 190, 'sign.h', cell) : 36;
  const count = upright ? 5 : 4;
  const bars = Array.from({ length: count }, (_, bar) => {
    const part = (bar + 0.5) / count;
    const glyph = chance.pick(glyphs, 'sign.glyph', cell * 8 + bar);
    return upright
      ? `M${n(x + 8)} ${n(y + h * part - 7)}${glyph}`
      : `M${n(x + w * part - 7)} ${n(y + 11)}${glyph}`;
  }).join('');
  return (
    canvas.glow(x + w / 2, y + h / 2, Math.max(w, h) * 0.95, tint, 0.6) +
    `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" rx="7" fill="${hex(mix(palette.near, tint, 0.18))}" stroke="${hex(lighter(tint, 0.08))}" stroke-width="4"/>` +
    `<path d="${bars}" stroke="${hex(lighter(tint, 0.16))}" stroke-width="4.5" stroke-linecap="round" fill="none"/>`
  );
}

function paintStreet(stage: Stage, street: number): void {
  const { canvas, palette, chance } = stage;
  const { view } = canvas;
  const floor = floorOf(stage);
  const fill = canvas.vertical(street, street + 300, [
    { at: 0, colour: mix(palette.near, palette.sky[2], palette.dark ? 0.3 : 0.5) },
    { at: 0.4, colour: mix(palette.near, palette.sky[1], 0.26) },
    { at: 1, colour: palette.near },
  ]);
  canvas.add(
    `<rect x="${n(view.left)}" y="${n(street)}" width="${n(view.width)}" height="${n(Math.max(0, floor - street))}" fill="${fill}"/>`,
  );
  const tints = [palette.light, ...palette.accents];
  for (const column of columns(view, 58, 80)) {
    if (!chance.happens(palette.dark ? 0.75 : 0.4, 'mirror', column)) continue;
    const x = (column + chance.unit('mirror.x', column)) * 58;
    const w = chance.between(8, 34, 'mirror.w', column);
    const long = chance.between(60, 260, 'mirror.long', column);
    const tint = tints[Math.floor(chance.unit('mirror.tint', column) * tints.length)] ?? palette.light;
    const light = canvas.vertical(street, street + long, [
      { at: 0, colour: tint, opacity: palette.dark ? 0.55 : 0.25 },
      { at: 1, colour: tint, opacity: 0 },
    ]);
    canvas.add(
      `<rect x="${n(x)}" y="${n(street + 3)}" width="${n(w)}" height="${n(long)}" fill="${light}"/>`,
    );
  }
  let ripples = '';
  for (const row of rows(
    { ...view, top: street, height: Math.max(0, Math.min(floor - street, 700)) },
    13,
    50,
    0,
  )) {
    for (const column of columns(view, 210, 16)) {
      const cell = row * 977 + column;
      const long = chance.between(30, 150, 'ripple', cell);
      ripples += `M${n((column + chance.unit('ripple.x', cell)) * 210)} ${n(Math.max(street + 6, row * 13))}h${n(long)}`;
    }
  }
  canvas.add(
    `<path d="${ripples}" stroke="${hex(palette.near)}" stroke-width="3" opacity=".5" stroke-linecap="round"/>`,
    `<rect x="${n(view.left)}" y="${n(street - 2)}" width="${n(view.width)}" height="5" fill="${hex(mix(palette.near, palette.accents[0], 0.35))}"/>`,
  );
}

/** Lights of things that fly by. */
function paintTraffic({ canvas, palette, chance, home }: Stage, street: number): void {
  for (const column of columns(canvas.view, 300, 20)) {
    const x = (column + chance.unit('flyer.x', column)) * 300;
    const y = home.top + (street - home.top) * chance.between(0.12, 0.62, 'flyer.y', column);
    const long = chance.between(60, 170, 'flyer.long', column);
    const tint = palette.accents[chance.happens(0.5, 'flyer.tint', column) ? 0 : 2];
    const trail = canvas.across(
      [
        { at: 0, colour: tint, opacity: 0 },
        { at: 1, colour: tint, opacity: 0.95 },
      ],
      { x1: 0, y1: 0, x2: 1, y2: 0 },
    );
    canvas.add(
      `<rect x="${n(x)}" y="${n(y)}" width="${n(long)}" height="3.5" rx="1.5" fill="${trail}"/>`,
      canvas.glow(x + long, y + 2, 15, tint, 1),
    );
  }
}

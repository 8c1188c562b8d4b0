import { bottom, n, place, right, type View } from './canvas.ts';
import { Chance } from './chance.ts';
import { colour, hex, lighter, mix } from './colour.ts';
import { inkFor } from './palette.ts';
import type { SettingName } from './settings/settings.ts';
import type { Stage } from './stage.ts';
import { type SubjectName, subjects } from './subjects/subjects.ts';

/** A zoom or a pan: what was seen before, what is seen now, and the seed of what is new. */
export type Extension = { inner: View; outer: View; seed: number };

// What may appear beside, above and below when the camera shows more of a place.
const companions: Record<SettingName, { ground: SubjectName[]; air: SubjectName[] }> = {
  mountains: { ground: ['pine', 'pine', 'house', 'tree'], air: ['balloon', 'airplane', 'balloon'] },
  sea: { ground: ['ship'], air: ['balloon', 'airplane'] },
  forest: { ground: ['pine', 'tree', 'mushroom', 'pine'], air: ['butterfly'] },
  desert: { ground: ['cactus', 'cactus', 'palm'], air: ['balloon', 'airplane'] },
  meadow: { ground: ['tree', 'house', 'flower', 'tree', 'blossom'], air: ['balloon', 'butterfly'] },
  city: { ground: ['car', 'car'], air: ['airplane', 'balloon'] },
  space: { ground: ['planet', 'star'], air: ['planet', 'rocket', 'star', 'planet'] },
  underwater: { ground: ['jellyfish', 'turtle', 'fish'], air: ['fish', 'jellyfish', 'fish', 'whale'] },
  interior: { ground: ['plant', 'armchair', 'plant', 'table'], air: [] },
  studio: { ground: ['plant', 'flower', 'rose', 'mushroom'], air: ['star', 'heart', 'butterfly'] },
  abstract: { ground: [], air: [] },
};

/** Paints what a zoom or pan found around its parent; nothing of it reaches into the parent's view. */
export function paintSurroundings(stage: Stage, extension: Extension): void {
  const own: Stage = { ...stage, chance: new Chance(extension.seed) };
  if (stage.reading.setting === 'abstract') {
    paintShapes(own, extension);
    return;
  }
  paintForeground(own, extension);
  paintCompanions(own, extension);
}

function paintCompanions(stage: Stage, { inner, outer }: Extension): void {
  const { canvas, chance, home, palette, reading } = stage;
  const { ground, air } = companions[reading.setting];
  const growth = Math.sqrt(Math.min(inner.width / home.width, 8));
  const groundLine = home.top + home.height * 0.9;
  const slots: { x: number; y: number; room: number; floats: boolean }[] = [];
  const sides = [
    { from: outer.left, to: inner.left },
    { from: right(inner), to: right(outer) },
  ];
  for (const [side, { from, to }] of sides.entries()) {
    const width = to - from;
    if (width < 60) continue;
    const count = Math.min(3, Math.max(1, Math.round(width / (400 * growth))));
    for (let slot = 0; slot < count; slot++) {
      const x = from + (width * (slot + 0.5)) / count;
      const room = (width / count) * 0.86;
      const line = groundLine + chance.between(0, 60, 'line', side * 8 + slot) * growth;
      if (line > outer.top && line < bottom(outer) + 100) slots.push({ x, y: line, room, floats: false });
      slots.push({
        x,
        y: home.top + home.height * chance.between(0.15, 0.4, 'air', side * 8 + slot),
        room: room * 0.6,
        floats: true,
      });
    }
  }
  const above = inner.top - outer.top;
  if (above > 120) {
    for (const slot of [0, 1, 2])
      slots.push({
        x: outer.left + outer.width * (slot * 0.33 + chance.between(0.08, 0.26, 'above.x', slot)),
        y: outer.top + above * chance.between(0.66, 0.86, 'above', slot),
        room: Math.min(above * 0.62, outer.width * 0.2),
        floats: true,
      });
  }
  const below = bottom(outer) - bottom(inner);
  if (below > 160) {
    for (const slot of [0, 1, 2])
      slots.push({
        x: outer.left + outer.width * (slot * 0.33 + chance.between(0.06, 0.27, 'below.x', slot)),
        y: bottom(outer) - below * chance.between(0.06, 0.24, 'below', slot),
        room: below * 0.66,
        floats: false,
      });
  }
  slots.forEach(({ x, y, room, floats }, index) => {
    const names = floats ? air : ground;
    if (names.length === 0 || !chance.happens(floats ? 0.5 : 0.8, 'there', index)) return;
    const name = names[Math.floor(chance.unit('name', index) * names.length)] ?? names[0];
    if (!name) return;
    const subject = subjects[name];
    const tall = Math.min((room * 100) / subject.width, room * 1.3, 330 * growth * subject.size);
    if (tall < 24) return;
    const half = (subject.width * tall) / 200;
    const touches =
      x + half > inner.left &&
      x - half < right(inner) &&
      y + tall * 0.1 > inner.top &&
      y - tall * 1.3 < bottom(inner);
    if (touches) return;
    if (!floats) {
      const shadow = canvas.radial([
        { at: 0, colour: palette.near, opacity: 0.4 },
        { at: 1, colour: palette.near, opacity: 0 },
      ]);
      canvas.add(
        `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(half * 1.2)}" ry="${n(tall * 0.08)}" fill="${shadow}"/>`,
      );
    }
    const base = colour(chance.pick(subject.colours, 'colour', index));
    const ink = inkFor(mix(base, palette.sky[1], 0.12), palette);
    ink.accent = palette.accents[(index % 3) as 0 | 1 | 2];
    canvas.add(
      place(
        subject.draw({ canvas, ink, chance, glow: palette.light, dark: palette.dark }),
        x,
        y,
        tall / 100,
        x > inner.left + inner.width / 2,
      ),
    );
  });
}

/** Dark hills at the new lower edge, so that the ground does not run out. */
function paintForeground(stage: Stage, { inner, outer }: Extension): void {
  const { canvas, chance, palette, reading } = stage;
  const below = bottom(outer) - bottom(inner);
  const flat =
    reading.setting === 'space' ||
    reading.setting === 'interior' ||
    reading.setting === 'sea' ||
    reading.setting === 'city' ||
    reading.setting === 'studio';
  if (below < 60 || flat) return;
  const tones = [mix(palette.near, palette.far, 0.22), mix(palette.near, palette.far, 0.1)];
  tones.forEach((tone, hill) => {
    const foot = bottom(inner) + below * (0.3 + hill * 0.36);
    const rise = below * 0.22;
    // As wide as all that is seen: a later zoom must not find the end of these hills.
    const step = canvas.view.width / 90;
    let d = '';
    for (let x = canvas.view.left - step; x <= right(canvas.view) + step; x += step) {
      const at = x / outer.width;
      const height =
        chance.noise(at * 4.8, `hill${hill}`) * rise + chance.noise(at * 17, `hill${hill}.b`) * rise * 0.2;
      d += `${d ? 'L' : 'M'}${n(x)} ${n(foot - height)}`;
    }
    const fill = canvas.vertical(foot - rise, foot + below * 0.6, [
      { at: 0, colour: lighter(tone, 0.05) },
      { at: 1, colour: lighter(tone, -0.04) },
    ]);
    canvas.add(
      `<path d="${d}L${n(right(canvas.view) + step)} ${n(bottom(canvas.view) + 10)}H${n(canvas.view.left - step)}Z" fill="${fill}"/>`,
    );
  });
}

/** Large discs and arcs around an abstract picture. */
function paintShapes({ canvas, chance, palette }: Stage, { inner, outer }: Extension): void {
  for (let shape = 0; shape < 26; shape++) {
    const x = outer.left + outer.width * chance.unit('x', shape);
    const y = outer.top + outer.height * chance.unit('y', shape);
    const wanted = Math.min(outer.width, outer.height) * chance.between(0.03, 0.12, 'r', shape);
    const dx = Math.max(inner.left - x, x - right(inner), 0);
    const dy = Math.max(inner.top - y, y - bottom(inner), 0);
    const r = Math.min(wanted, Math.hypot(dx, dy) * 0.92);
    if (r < outer.width * 0.012) continue;
    const tone = palette.accents[(shape % 3) as 0 | 1 | 2];
    const fill = canvas.radial(
      [
        { at: 0, colour: mix(tone, palette.light, 0.6) },
        { at: 0.6, colour: tone },
        { at: 1, colour: mix(tone, palette.near, 0.45) },
      ],
      { cx: 0.35, cy: 0.3, r: 0.8 },
    );
    canvas.add(
      shape % 3 === 2
        ? `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r * 0.8)}" fill="none" stroke="${hex(tone)}" stroke-width="${n(r * 0.2)}"/>`
        : `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}" opacity=".92"/>`,
    );
  }
}

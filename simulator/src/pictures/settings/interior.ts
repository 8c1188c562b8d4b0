import { columns, n, place, right } from '../canvas.ts';
import { type Colour, colour, hex, lighter, mix } from '../colour.ts';
import { paintFigures } from '../figures.ts';
import { inkFor } from '../palette.ts';
import type { Stage } from '../stage.ts';
import { plants } from '../subjects/plants.ts';
import { floorOf } from './sky.ts';

/** A room: a wall with a window and pictures, a floor, what stands on it. */
export function paintInterior(stage: Stage): void {
  const { canvas, palette, chance, home, reading } = stage;
  const skirting = home.top + home.height * chance.between(0.7, 0.76, 'skirting');
  const wall = mix(
    mix(palette.sky[2], palette.sky[1], 0.35),
    palette.accents[Math.floor(chance.unit('wall.tone') * 3) as 0 | 1 | 2] ?? palette.far,
    chance.pick([0, 0.22, 0.4] as const, 'wall.depth'),
  );
  canvas.add(
    canvas.flood(
      canvas.vertical(home.top, skirting, [
        { at: 0, colour: lighter(wall, -0.03) },
        { at: 1, colour: lighter(wall, 0.01) },
      ]),
    ),
  );
  paintPanels(stage, skirting, wall);
  const side = chance.happens(0.5, 'window.side') ? 1 : -1;
  paintWindow(stage, side, skirting);
  paintPictures(stage, -side, skirting);
  paintFloor(stage, skirting);
  paintRug(stage);
  if (!reading.figures.some(({ name }) => name === 'plant')) {
    const ink = inkFor(colour('#4f9163'), palette);
    ink.accent = palette.accents[1];
    const x = -side * home.width * chance.between(0.37, 0.43, 'plant.x');
    canvas.add(
      place(
        plants.plant.draw({ canvas, ink, chance, glow: palette.light, dark: palette.dark }),
        x,
        skirting + 46,
        chance.between(2.9, 3.7, 'plant.size'),
      ),
    );
  }
  paintFigures(stage, { y: home.top + home.height * 0.9, tall: 370, shadow: 0.42 });
  const light = canvas.across(
    [
      { at: 0, colour: palette.light, opacity: 0.26 },
      { at: 1, colour: palette.light, opacity: 0 },
    ],
    { x1: 0, y1: 0, x2: 0, y2: 1 },
  );
  const x = side * home.width * 0.28;
  canvas.add(
    `<path d="M${n(x - 120)} ${n(home.top + 130)}h240L${n(x - side * 260 + 190)} ${n(home.top + home.height)}h-430Z" fill="${light}"/>`,
  );
}

function paintPanels({ canvas, palette, chance }: Stage, skirting: number, wall: Colour): void {
  const style = chance.pick(['stripes', 'panels', 'plain'] as const, 'wall');
  const tone = hex(mix(wall, palette.far, 0.4));
  const { top } = canvas.view;
  let d = '';
  if (style === 'stripes')
    for (const column of columns(canvas.view, 70, 90))
      d += `M${n(column * 70)} ${n(top)}h30V${n(skirting)}h-30Z`;
  if (d) canvas.add(`<path d="${d}" fill="${tone}" opacity=".3"/>`);
  if (style !== 'panels') return;
  for (const column of columns(canvas.view, 210, 40))
    canvas.add(
      `<rect x="${n(column * 210 + 14)}" y="${n(skirting - 170)}" width="182" height="136" fill="none" stroke="${tone}" stroke-width="3" opacity=".7"/>`,
    );
  canvas.add(
    `<rect x="${n(canvas.view.left)}" y="${n(skirting - 196)}" width="${n(canvas.view.width)}" height="8" fill="${tone}" opacity=".8"/>`,
  );
}

function paintWindow({ canvas, palette, chance, home }: Stage, side: number, skirting: number): void {
  const w = Math.min(300, home.width * 0.3);
  const h = Math.min(430, home.height * 0.42);
  const x = side * home.width * chance.between(0.25, 0.31, 'window.x') - w / 2;
  const y = Math.min(home.top + home.height * chance.between(0.09, 0.14, 'window.y'), skirting - h - 40);
  const [top, middle, low] = palette.sky;
  const frame = hex(mix({ l: 0.97, c: 0.01, h: 80 }, palette.light, 0.4));
  const out = canvas.vertical(y, y + h, [
    { at: 0, colour: top },
    { at: 0.5, colour: middle },
    { at: 1, colour: mix(low, palette.light, 0.4) },
  ]);
  const hill = `M${n(x)} ${n(y + h * 0.8)}Q${n(x + w * 0.3)} ${n(y + h * 0.55)} ${n(x + w * 0.6)} ${n(y + h * 0.76)}T${n(x + w)} ${n(y + h * 0.68)}V${n(y + h)}H${n(x)}Z`;
  const curtain = (from: number, out: number) =>
    `M${n(from)} ${n(y - 34)}h${n(out * 86)}q${n(-out * 4)} ${n(h * 0.5)} ${n(-out * 52)} ${n(h * 0.66)}q${n(out * 16)} ${n(h * 0.2)} ${n(out * 10)} ${n(h * 0.54)}h${n(-out * 76)}Z`;
  const cloth = canvas.across(
    [
      { at: 0, colour: lighter(palette.accents[2], 0.06) },
      { at: 0.5, colour: palette.accents[2] },
      { at: 1, colour: lighter(palette.accents[2], -0.1) },
    ],
    { x1: 0, y1: 0, x2: 1, y2: 0 },
  );
  canvas.add(
    canvas.glow(x + w / 2, y + h / 2, 460, palette.light, 0.5),
    `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="${out}"/>`,
    canvas.glow(x + w * 0.66, y + h * 0.36, 90, palette.light, 0.95),
    `<circle cx="${n(x + w * 0.66)}" cy="${n(y + h * 0.36)}" r="24" fill="${hex(palette.light)}"/>`,
    `<path d="${hill}" fill="${hex(mix(palette.far, palette.near, 0.3))}"/>`,
    `<path d="M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}ZM${n(x + w / 2)} ${n(y)}v${n(h)}M${n(x)} ${n(y + h * 0.42)}h${n(w)}" fill="none" stroke="${frame}" stroke-width="13"/>`,
    `<rect x="${n(x - 22)}" y="${n(y + h)}" width="${n(w + 44)}" height="18" rx="4" fill="${frame}"/>`,
    `<path d="${curtain(x - 52, 1)}${curtain(x + w + 52, -1)}" fill="${cloth}" opacity=".9"/>`,
    `<rect x="${n(x - 74)}" y="${n(y - 44)}" width="${n(w + 148)}" height="11" rx="5" fill="${hex(mix(palette.near, palette.accents[0], 0.25))}"/>`,
  );
}

/** Framed pictures along the wall, beyond the first view as well. */
function paintPictures(stage: Stage, side: number, skirting: number): void {
  const { canvas, palette, chance, home } = stage;
  const step = 250;
  for (const column of columns(canvas.view, step, 26)) {
    const x = column * step + step / 2;
    const isHome = Math.abs(x) < home.width / 2;
    if (isHome && (Math.sign(x) !== side || Math.abs(x) < home.width * 0.1)) continue;
    const w = chance.between(110, 160, 'frame.w', column);
    const h = chance.between(130, 200, 'frame.h', column);
    const y = home.top + home.height * chance.between(0.12, 0.2, 'frame.y', column);
    if (y + h > skirting - 30) continue;
    const [a, b, c] = palette.accents;
    const sky = canvas.vertical(y, y + h, [
      { at: 0, colour: mix(b, palette.light, 0.55) },
      { at: 1, colour: mix(a, palette.light, 0.35) },
    ]);
    canvas.add(
      `<rect x="${n(x - w / 2 + 7)}" y="${n(y + 9)}" width="${n(w)}" height="${n(h)}" fill="${hex(palette.near)}" opacity=".16"/>`,
      `<rect x="${n(x - w / 2)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="#fbf8f1" stroke="${hex(mix(palette.near, palette.accents[1], 0.3))}" stroke-width="8"/>`,
      `<rect x="${n(x - w / 2 + 20)}" y="${n(y + 20)}" width="${n(w - 40)}" height="${n(h - 40)}" fill="${sky}"/>`,
      `<circle cx="${n(x + w * chance.between(-0.12, 0.14, 'frame.sun', column))}" cy="${n(y + h * 0.42)}" r="${n(w * 0.13)}" fill="${hex(mix(c, palette.light, 0.25))}"/>`,
      `<path d="M${n(x - w / 2 + 20)} ${n(y + h - 20)}v${n(-h * 0.2)}q${n(w * 0.2)} ${n(-h * 0.16)} ${n((w - 40) * 0.5)} 0t${n((w - 40) * 0.5)} ${n(-h * 0.05)}v${n(h * 0.25)}Z" fill="${hex(mix(c, palette.near, 0.45))}"/>`,
    );
  }
}

function paintFloor(stage: Stage, skirting: number): void {
  const { canvas, palette, chance } = stage;
  const { view } = canvas;
  const floor = floorOf(stage);
  const wood = mix(mix(palette.far, colour('#b98a5f'), 0.55), palette.near, palette.dark ? 0.45 : 0.08);
  const fill = canvas.vertical(skirting, skirting + 330, [
    { at: 0, colour: lighter(wood, 0.05) },
    { at: 1, colour: mix(wood, palette.near, 0.25) },
  ]);
  canvas.add(
    `<rect x="${n(view.left)}" y="${n(skirting)}" width="${n(view.width)}" height="${n(Math.max(0, floor - skirting))}" fill="${fill}"/>`,
  );
  let boards = '';
  for (let row = 0, y = skirting + 26; y < floor && row < 40; row++, y += 26 + row * 7) {
    boards += `M${n(view.left)} ${n(y)}H${n(right(view))}`;
    for (const column of columns(view, 330, 26))
      boards += `M${n((column + chance.unit('board', row * 61 + column)) * 330)} ${n(y)}v${n(26 + row * 7)}`;
  }
  canvas.add(
    `<path d="${boards}" stroke="${hex(mix(wood, palette.near, 0.5))}" stroke-width="2" opacity=".38" fill="none"/>`,
    `<rect x="${n(view.left)}" y="${n(skirting - 20)}" width="${n(view.width)}" height="22" fill="${hex(mix({ l: 0.96, c: 0.01, h: 80 }, palette.light, 0.3))}"/>`,
  );
}

function paintRug({ canvas, palette, chance, home }: Stage): void {
  const y = home.top + home.height * 0.91;
  const rx = Math.min(470, home.width * 0.44) * chance.between(0.86, 1, 'rug');
  const [a, b] = palette.accents;
  const ring = (k: number, tone: Colour) =>
    `<ellipse cx="0" cy="${n(y)}" rx="${n(rx * k)}" ry="${n(72 * k)}" fill="${hex(tone)}"/>`;
  canvas.add(
    ring(1, mix(a, palette.light, 0.35)),
    ring(0.9, mix(b, palette.light, 0.5)),
    ring(0.78, mix(a, palette.light, 0.5)),
    ring(0.5, mix(b, palette.light, 0.62)),
  );
}

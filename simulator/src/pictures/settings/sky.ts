import { bottom, columns, n, rows } from '../canvas.ts';
import { hex, lighter, mix } from '../colour.ts';
import type { Stage } from '../stage.ts';

/** Where the sun or the moon stands. */
export type Lamp = { x: number; y: number; radius: number };

/** Paints the sky down to the horizon with its stars, its sun or moon, and clouds. */
export function paintSky(stage: Stage, horizon: number): Lamp {
  const { canvas, palette, chance, home, reading } = stage;
  const [top, middle, low] = palette.sky;
  const first = home.top - home.height * 0.05;
  const far = first - 1600;
  const at = (y: number) => (y - far) / (horizon - far);
  canvas.add(
    canvas.flood(
      canvas.vertical(far, horizon, [
        { at: 0, colour: lighter(top, -0.05) },
        { at: at(first), colour: top },
        { at: at(first + (horizon - first) * 0.55), colour: middle },
        { at: 1, colour: low },
      ]),
    ),
  );
  const isNight =
    palette.dark &&
    (reading.mood === 'night' ||
      reading.mood === 'neon' ||
      reading.sky === 'stars' ||
      reading.sky === 'moon' ||
      reading.mood === 'space');
  if (isNight) paintStars(stage, horizon, 1);
  const lamp: Lamp = {
    x: chance.between(-0.3, 0.3, 'lamp.x') * home.width,
    y: isNight
      ? home.top + home.height * chance.between(0.13, 0.3, 'lamp.y')
      : horizon -
        home.height *
          chance.between(
            reading.mood === 'sunset' || reading.mood === 'dawn' ? 0.05 : 0.16,
            reading.mood === 'day' ? 0.4 : 0.26,
            'lamp.y',
          ),
    radius: chance.between(44, isNight ? 78 : 92, 'lamp.radius'),
  };
  canvas.add(
    canvas.glow(lamp.x, lamp.y, 760, palette.light, isNight ? 0.35 : 0.6),
    canvas.glow(lamp.x, lamp.y, lamp.radius * 3.4, palette.light, 0.75),
  );
  const overcast = reading.mood === 'storm' || reading.weather === 'rain';
  if (!overcast) paintLamp(stage, lamp, isNight);
  paintClouds(stage, horizon, overcast);
  return lamp;
}

export function paintStars(stage: Stage, lowest: number, density: number): void {
  const { canvas, palette, chance } = stage;
  const step = 62;
  let dim = '';
  let bright = '';
  for (const row of rows(canvas.view, step, 36)) {
    for (const column of columns(canvas.view, step, 48)) {
      const cell = row * 4099 + column;
      if (!chance.happens(0.62 * density, 'star', cell)) continue;
      const x = (column + chance.unit('star.x', cell)) * step;
      const y = (row + chance.unit('star.y', cell)) * step;
      if (y > lowest - 60) continue;
      const r = 0.8 + chance.unit('star.r', cell) ** 3 * 2.6;
      const dot = `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(r * 2)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-r * 2)} 0`;
      if (r > 1.7) bright += dot;
      else dim += dot;
    }
  }
  canvas.add(
    `<path d="${dim}" fill="${hex(mix(palette.light, palette.sky[1], 0.3))}" opacity=".7"/><path d="${bright}" fill="${hex(palette.light)}"/>`,
  );
}

function paintLamp({ canvas, palette, chance }: Stage, { x, y, radius }: Lamp, isMoon: boolean): void {
  const face = canvas.across([
    { at: 0, colour: lighter(palette.light, 0.02) },
    {
      at: 1,
      colour: isMoon ? mix(palette.light, palette.sky[1], 0.28) : mix(palette.light, palette.sky[2], 0.45),
    },
  ]);
  canvas.add(`<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" fill="${face}"/>`);
  if (!isMoon) return;
  for (const crater of [0, 1, 2, 3, 4]) {
    const angle = crater * 2.4 + chance.between(-0.4, 0.4, 'crater', crater);
    const reach = radius * (0.2 + crater * 0.12);
    const size = radius * chance.between(0.08, 0.2, 'crater.r', crater);
    canvas.add(
      `<circle cx="${n(x + Math.cos(angle) * reach)}" cy="${n(y + Math.sin(angle) * reach)}" r="${n(size)}" fill="${hex(mix(palette.light, palette.sky[1], 0.4))}" opacity=".35"/>`,
    );
  }
}

// Long, flat clouds: a few lobes on a straight base, thinner towards the horizon.
function paintClouds({ canvas, palette, chance, home }: Stage, horizon: number, overcast: boolean): void {
  const step = overcast ? 330 : 430;
  const [top, middle, low] = palette.sky;
  for (const row of rows(canvas.view, step * 0.42, 26, 2)) {
    const y0 = row * step * 0.42;
    if (y0 > horizon - 40) continue;
    const height = Math.min(1, Math.max(0, (horizon - y0) / (home.height * 0.7)));
    for (const column of columns(canvas.view, step, 26)) {
      const cell = row * 911 + column;
      if (!chance.happens(overcast ? 0.8 : 0.34, 'cloud', cell)) continue;
      const x = (column + chance.unit('cloud.x', cell)) * step;
      const y = y0 + chance.between(-40, 30, 'cloud.y', cell);
      const long = chance.between(120, 330, 'cloud.long', cell) * (overcast ? 1.5 : 0.55 + height * 0.5);
      const thick = long * (overcast ? 0.26 : 0.07 + height * 0.11);
      const lit = overcast ? mix(middle, low, 0.25 + 0.4 * (1 - height)) : mix(low, palette.light, 0.55);
      const dim = overcast ? mix(top, middle, 0.5) : mix(middle, low, 0.35);
      const fill = canvas.vertical(y - thick, y + thick * 0.3, [
        { at: 0, colour: lit, opacity: overcast ? 0.85 : 0.8 },
        { at: 1, colour: dim, opacity: overcast ? 0.55 : 0.12 },
      ]);
      const lobes = 4 + Math.floor(chance.unit('cloud.lobes', cell) * 3);
      // Lobes of one turning direction in one path make one shape, without seams where they overlap.
      let d = `M${n(x - long / 2)} ${n(y)}a${n(long / 2)} ${n(thick * 0.24)} 0 0 1 ${n(long)} 0a${n(long / 2)} ${n(thick * 0.24)} 0 0 1 ${n(-long)} 0Z`;
      for (let lobe = 0; lobe < lobes; lobe++) {
        const across = (lobe + 0.5) / lobes - 0.5;
        const wide = (long / lobes) * chance.between(0.72, 1.05, 'cloud.wide', cell * 8 + lobe);
        const rise =
          thick * (1 - Math.abs(across) * 1.5) * chance.between(0.5, 0.95, 'cloud.lobe', cell * 8 + lobe);
        const cx = x + across * long * 0.82;
        d += `M${n(cx - wide)} ${n(y)}a${n(wide)} ${n(rise)} 0 0 1 ${n(wide * 2)} 0a${n(wide)} ${n(thick * 0.16)} 0 0 1 ${n(-wide * 2)} 0Z`;
      }
      canvas.add(`<path d="${d}" fill="${fill}"/>`);
    }
  }
}

/** Rain, snow, fog or a flash over everything painted so far. */
export function paintWeather(stage: Stage, horizon: number): void {
  const { canvas, palette, chance, reading } = stage;
  const { weather } = reading;
  if (weather === 'fog') {
    const fill = canvas.vertical(horizon - 240, horizon + 360, [
      { at: 0, colour: palette.sky[2], opacity: 0 },
      { at: 0.45, colour: palette.sky[2], opacity: 0.6 },
      { at: 1, colour: palette.sky[2], opacity: 0 },
    ]);
    canvas.add(canvas.flood(fill));
  }
  if (weather === 'rain' || weather === 'lightning') {
    let d = '';
    for (const row of rows(canvas.view, 74, 32)) {
      for (const column of columns(canvas.view, 46, 48)) {
        const cell = row * 4099 + column;
        if (!chance.happens(0.62, 'drop', cell)) continue;
        const long = chance.between(26, 74, 'drop.long', cell);
        d += `M${n((column + chance.unit('drop.x', cell)) * 46)} ${n((row + chance.unit('drop.y', cell)) * 74)}l${n(-long * 0.26)} ${n(long)}`;
      }
    }
    canvas.add(
      `<path d="${d}" fill="none" stroke="${hex(palette.light)}" stroke-width="1.6" stroke-linecap="round" opacity=".34"/>`,
    );
  }
  if (weather === 'snow') {
    let d = '';
    for (const row of rows(canvas.view, 62, 34)) {
      for (const column of columns(canvas.view, 62, 44)) {
        const cell = row * 4099 + column;
        if (!chance.happens(0.66, 'flake', cell)) continue;
        const r = 1.4 + chance.unit('flake.r', cell) ** 2 * 6;
        d += `M${n((column + chance.unit('flake.x', cell)) * 62)} ${n((row + chance.unit('flake.y', cell)) * 62)}m${n(-r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(r * 2)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-r * 2)} 0`;
      }
    }
    canvas.add(`<path d="${d}" fill="#fff" opacity=".78"/>`);
  }
}

/** A bolt from the clouds to the horizon. */
export function paintLightning({ canvas, palette, chance, home }: Stage, horizon: number): void {
  const side = chance.happens(0.5, 'bolt.side') ? 1 : -1;
  let x = side * home.width * chance.between(0.22, 0.4, 'bolt.x');
  let y = home.top + home.height * 0.04;
  canvas.add(canvas.glow(x, y + 160, 420, palette.light, 0.55));
  let d = `M${n(x)} ${n(y)}`;
  const step = (horizon - y) / 9;
  let fork = '';
  for (let part = 0; part < 9; part++) {
    x += chance.between(-44, 44, 'bolt', part);
    y += step;
    d += `L${n(x)} ${n(y)}`;
    if (part === 3)
      fork = `M${n(x)} ${n(y)}l${n(side * -46)} ${n(step * 0.9)}l${n(side * -12)} ${n(step)}l${n(side * -40)} ${n(step * 0.8)}`;
  }
  const stroke = (width: number, opacity: number) =>
    `<path d="${d}${fork}" fill="none" stroke="${hex(palette.light)}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round" opacity="${opacity}"/>`;
  canvas.add(stroke(14, 0.16), stroke(4, 0.95));
}

/** Birds far away, as two strokes each. */
export function paintBirds({ canvas, palette, chance, home }: Stage, horizon: number): void {
  if (palette.dark || !chance.happens(0.7, 'birds')) return;
  const x0 = chance.between(-0.36, 0.3, 'birds.x') * home.width;
  const y0 = home.top + home.height * chance.between(0.16, 0.34, 'birds.y');
  let d = '';
  const count = 4 + Math.floor(chance.unit('birds.count') * 5);
  for (let bird = 0; bird < count; bird++) {
    const x = x0 + chance.between(0, 210, 'bird.x', bird);
    const y = Math.min(horizon - 60, y0 + chance.between(-50, 60, 'bird.y', bird));
    const w = chance.between(9, 21, 'bird.w', bird);
    d += `M${n(x - w)} ${n(y - w * 0.3)}q${n(w * 0.5)} ${n(-w * 0.45)} ${n(w)} ${n(w * 0.3)}q${n(w * 0.5)} ${n(-w * 0.75)} ${n(w)} ${n(-w * 0.3)}`;
  }
  canvas.add(
    `<path d="${d}" fill="none" stroke="${hex(palette.near)}" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" opacity=".75"/>`,
  );
}

/** How far down the view goes. */
export function floorOf(stage: Stage): number {
  return bottom(stage.canvas.view) + 20;
}

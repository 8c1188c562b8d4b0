import { columns, n, rows } from '../canvas.ts';
import { hex, lighter, mix } from '../colour.ts';
import { paintFigures } from '../figures.ts';
import type { Stage } from '../stage.ts';
import { paintStars } from './sky.ts';

/** Nebulae, stars and a planet or two. */
export function paintSpace(stage: Stage): void {
  const { canvas, palette, chance, home, reading } = stage;
  const [top, middle, low] = palette.sky;
  canvas.add(
    canvas.flood(
      canvas.vertical(home.top, home.top + home.height, [
        { at: 0, colour: top },
        { at: 0.6, colour: middle },
        { at: 1, colour: lighter(top, 0.02) },
      ]),
    ),
  );
  const tints = [low, palette.accents[2], palette.accents[0], palette.accents[1], low];
  const step = 420;
  for (const row of rows(canvas.view, step, 12)) {
    for (const column of columns(canvas.view, step, 14)) {
      const cell = row * 887 + column;
      // The clouds lie along a band, as a galaxy seen from inside does.
      const x = (column + chance.unit('nebula.x', cell)) * step;
      const y = (row + chance.unit('nebula.y', cell)) * step;
      const away = Math.abs(y + x * 0.55 - chance.between(-160, 160, 'band')) / 520;
      const strength = Math.max(0.06, 0.62 - away * 0.42);
      for (let puff = 0; puff < 2; puff++) {
        const tint = tints[Math.floor(chance.unit('nebula.tint', cell * 3 + puff) * tints.length)] ?? low;
        canvas.add(
          canvas.glow(
            x + puff * chance.between(-150, 150, 'puff.x', cell),
            y + puff * chance.between(-120, 120, 'puff.y', cell),
            chance.between(170, 400, 'puff.r', cell * 3 + puff),
            tint,
            strength * (0.9 - puff * 0.25),
          ),
        );
      }
    }
  }
  paintStars(stage, Number.POSITIVE_INFINITY, 1.25);
  for (let star = 0; star < 6; star++) {
    const x = chance.between(-0.47, 0.47, 'flare.x', star) * home.width;
    const y = chance.between(-0.46, 0.46, 'flare.y', star) * home.height;
    const r = chance.between(10, 26, 'flare.r', star);
    canvas.add(
      canvas.glow(x, y, r * 2.2, palette.light, 0.7),
      `<path d="M${n(x)} ${n(y - r)}Q${n(x)} ${n(y)} ${n(x + r)} ${n(y)}Q${n(x)} ${n(y)} ${n(x)} ${n(y + r)}Q${n(x)} ${n(y)} ${n(x - r)} ${n(y)}Q${n(x)} ${n(y)} ${n(x)} ${n(y - r)}Z" fill="${hex(palette.light)}"/>`,
    );
  }
  const hasPlanet = reading.figures.some(({ name }) => name === 'planet');
  if (!hasPlanet) paintWorld(stage);
  paintFigures(stage, { y: home.top + home.height * 0.86, tall: 430, shadow: 0 });
}

/** The rim of a large world, low in the picture, and its moon. */
function paintWorld({ canvas, palette, chance, home }: Stage): void {
  const side = chance.happens(0.5, 'world.side') ? 1 : -1;
  const r = chance.between(330, 520, 'world.r');
  const x = side * home.width * chance.between(0.16, 0.36, 'world.x');
  const y = home.top + home.height * chance.between(0.96, 1.1, 'world.y') + r * 0.35;
  const body = mix(palette.accents[0], palette.sky[2], 0.35);
  const fill = canvas.radial(
    [
      { at: 0, colour: lighter(body, 0.16) },
      { at: 0.5, colour: body },
      { at: 1, colour: mix(body, palette.near, 0.85) },
    ],
    { cx: side > 0 ? 0.25 : 0.75, cy: 0.12, r: 0.9 },
  );
  canvas.add(
    canvas.glow(x, y, r * 1.32, mix(body, palette.light, 0.3), 0.75),
    `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}"/>`,
  );
  for (let band = 0; band < 5; band++) {
    const h = r * (-0.8 + band * 0.3 + chance.between(-0.06, 0.06, 'world.band', band));
    const half = Math.sqrt(Math.max(0, r * r - h * h));
    const thick = r * chance.between(0.03, 0.09, 'world.thick', band);
    canvas.add(
      `<path d="M${n(x - half)} ${n(y + h)}Q${n(x)} ${n(y + h + r * 0.14)} ${n(x + half)} ${n(y + h)}Q${n(x)} ${n(y + h + r * 0.14 + thick * 2)} ${n(x - half)} ${n(y + h)}Z" fill="${hex(band % 2 ? palette.accents[1] : palette.light)}" opacity=".2"/>`,
    );
  }
  const mx = -side * home.width * chance.between(0.2, 0.36, 'moon.x');
  const my = home.top + home.height * chance.between(0.14, 0.3, 'moon.y');
  const mr = chance.between(36, 76, 'moon.r');
  const moon = canvas.radial(
    [
      { at: 0, colour: palette.light },
      { at: 0.5, colour: mix(palette.light, palette.accents[2], 0.45) },
      { at: 1, colour: mix(palette.near, palette.accents[2], 0.2) },
    ],
    { cx: 0.3, cy: 0.28, r: 0.8 },
  );
  canvas.add(
    canvas.glow(mx, my, mr * 2, palette.accents[2], 0.5),
    `<circle cx="${n(mx)}" cy="${n(my)}" r="${n(mr)}" fill="${moon}"/>`,
  );
}

import { columns, n } from '../canvas.ts';
import { hex, lighter, mix } from '../colour.ts';
import { paintFigures } from '../figures.ts';
import type { Stage } from '../stage.ts';
import { floorOf } from './sky.ts';

/** Light from above, weeds and rocks below. */
export function paintUnderwater(stage: Stage): void {
  const { canvas, palette, chance, home } = stage;
  const [top, middle, low] = palette.sky;
  const deep = mix(top, palette.near, 0.72);
  canvas.add(
    canvas.flood(
      canvas.vertical(home.top - 300, home.top + home.height, [
        { at: 0, colour: low },
        { at: 0.24, colour: mix(middle, low, 0.45) },
        { at: 0.55, colour: mix(middle, top, 0.55) },
        { at: 1, colour: deep },
      ]),
    ),
  );
  const sunX = chance.between(-0.25, 0.25, 'sun.x') * home.width;
  canvas.add(canvas.glow(sunX, home.top - 60, 720, palette.light, 0.8));
  for (let beam = 0; beam < 9; beam++) {
    const lean = chance.between(-640, 640, 'beam', beam);
    const w = chance.between(26, 110, 'beam.w', beam);
    const end = home.top + home.height * chance.between(0.6, 1, 'beam.end', beam);
    const fill = canvas.vertical(home.top - 100, end, [
      { at: 0, colour: palette.light, opacity: 0.34 },
      { at: 1, colour: palette.light, opacity: 0 },
    ]);
    canvas.add(
      `<path d="M${n(sunX + lean * 0.25 - w * 0.3)} ${n(home.top - 400)}h${n(w * 0.6)}L${n(sunX + lean + w)} ${n(end)}h${n(-w * 2)}Z" fill="${fill}"/>`,
    );
  }
  for (let layer = 0; layer < 3; layer++)
    paintBed(stage, home.top + home.height * (0.8 + layer * 0.075), layer, deep);
  paintShoal(stage);
  paintFigures(stage, { y: home.top + home.height * 0.74, tall: 430, shadow: 0 });
  let bubbles = '';
  for (let bubble = 0; bubble < 38; bubble++) {
    const x = chance.between(-0.48, 0.48, 'bubble.x', bubble) * home.width;
    const y = chance.between(-0.46, 0.4, 'bubble.y', bubble) * home.height;
    const r = 3 + chance.unit('bubble.r', bubble) ** 3 * 22;
    bubbles += `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}"/><path d="M${n(x - r * 0.55)} ${n(y - r * 0.2)}a${n(r * 0.6)} ${n(r * 0.6)} 0 0 1 ${n(r * 0.45)} ${n(-r * 0.42)}"/>`;
  }
  canvas.add(
    `<g fill="${hex(palette.light)}" fill-opacity=".1" stroke="${hex(palette.light)}" stroke-opacity=".6" stroke-width="1.6">${bubbles}</g>`,
  );
}

function paintBed(stage: Stage, y: number, layer: number, deep: ReturnType<typeof mix>): void {
  const { canvas, palette, chance } = stage;
  const own = mix(mix(palette.sky[1], deep, 0.55), palette.near, layer * 0.42);
  const floor = floorOf(stage);
  let d = '';
  for (const column of columns(canvas.view, 46, 120))
    d += `${d ? 'L' : 'M'}${n(column * 46)} ${n(y - chance.noise(column / 6, `bed${layer}`) * 90)}`;
  const weeds: string[] = [];
  for (const column of columns(canvas.view, 76, 70)) {
    const cell = layer * 5003 + column;
    if (!chance.happens(0.62, 'weed', cell)) continue;
    const x = (column + chance.unit('weed.x', cell)) * 76;
    const tall = chance.between(90, 270, 'weed.tall', cell);
    const sway = chance.between(-38, 38, 'weed.sway', cell);
    const isCoral = chance.happens(0.38, 'coral', cell);
    const tint = isCoral
      ? mix(palette.accents[(((column % 3) + 3) % 3) as 0 | 1 | 2], own, 0.35 + 0.1 * (2 - layer))
      : lighter(mix(own, palette.accents[2], 0.12), 0.02);
    const foot = y + 12;
    if (isCoral) {
      const h = tall * 0.55;
      weeds.push(
        `<path d="M${n(x)} ${n(foot)}v${n(-h * 0.5)}M${n(x)} ${n(foot - h * 0.25)}q${n(-h * 0.3)} ${n(-h * 0.1)} ${n(-h * 0.32)} ${n(-h * 0.52)}M${n(x)} ${n(foot - h * 0.4)}q${n(h * 0.3)} ${n(-h * 0.1)} ${n(h * 0.28)} ${n(-h * 0.58)}M${n(x)} ${n(foot - h * 0.5)}q${n(-4)} ${n(-h * 0.2)} 2 ${n(-h * 0.5)}" fill="none" stroke="${hex(tint)}" stroke-width="${n(h * 0.12)}" stroke-linecap="round"/>`,
      );
    } else {
      weeds.push(
        `<path d="M${n(x - 9)} ${n(foot)}C${n(x - 14 + sway)} ${n(foot - tall * 0.4)} ${n(x + 12 - sway)} ${n(foot - tall * 0.7)} ${n(x + sway * 0.6)} ${n(foot - tall)}C${n(x + 24 - sway)} ${n(foot - tall * 0.7)} ${n(x + 4 + sway)} ${n(foot - tall * 0.35)} ${n(x + 9)} ${n(foot)}Z" fill="${hex(tint)}"/>`,
      );
    }
  }
  const fill = canvas.vertical(y - 90, y + 240, [
    { at: 0, colour: lighter(own, 0.06) },
    { at: 1, colour: mix(own, palette.near, 0.6) },
  ]);
  const lastColumn = columns(canvas.view, 46, 120);
  canvas.add(
    ...weeds,
    `<path d="${d}L${n((lastColumn.at(-1) ?? 0) * 46)} ${n(floor)}L${n((lastColumn[0] ?? 0) * 46)} ${n(floor)}Z" fill="${fill}"/>`,
  );
}

/** Small fish far away, all the same way. */
function paintShoal({ canvas, palette, chance, home }: Stage): void {
  const x0 = chance.between(-0.34, 0.34, 'shoal.x') * home.width;
  const y0 = home.top + home.height * chance.between(0.22, 0.42, 'shoal.y');
  let d = '';
  for (let fish = 0; fish < 24; fish++) {
    const x = x0 + chance.between(-190, 190, 'shoal.fx', fish);
    const y = y0 + chance.between(-70, 70, 'shoal.fy', fish);
    const s = chance.between(7, 15, 'shoal.s', fish);
    d += `M${n(x - s)} ${n(y)}q${n(s)} ${n(-s * 0.8)} ${n(s * 2)} 0l${n(s * 0.7)} ${n(-s * 0.5)}v${n(s)}l${n(-s * 0.7)} ${n(-s * 0.5)}q${n(-s)} ${n(s * 0.8)} ${n(-s * 2)} 0Z`;
  }
  canvas.add(`<path d="${d}" fill="${hex(mix(palette.sky[0], palette.near, 0.35))}" opacity=".55"/>`);
}

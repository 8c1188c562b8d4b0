import { columns, n, rows } from '../canvas.ts';
import { type Colour, colour, hex, lighter, mix } from '../colour.ts';
import { paintFigures } from '../figures.ts';
import type { Stage } from '../stage.ts';
import { subjects } from '../subjects/subjects.ts';
import { floorOf } from './sky.ts';

/** A poster for one subject: a backdrop that carries it, leaves around it. */
export function paintStudio(stage: Stage): void {
  const { canvas, palette, chance, home, reading } = stage;
  const [top, middle, low] = palette.sky;
  const ground = home.top + home.height * 0.86;
  canvas.add(
    canvas.flood(
      canvas.vertical(home.top, ground, [
        { at: 0, colour: mix(top, middle, 0.25) },
        { at: 0.6, colour: mix(middle, low, 0.35) },
        { at: 1, colour: low },
      ]),
    ),
  );
  const y = home.top + home.height * 0.47;
  const backdrop = chance.pick(['disc', 'rays', 'arch', 'rings', 'blobs'] as const, 'backdrop');
  const radius = Math.min(home.width, home.height) * chance.between(0.34, 0.4, 'disc.r');
  paintTexture(stage, mix(top, middle, 0.6));
  if (backdrop === 'rays') paintRays(stage, y, radius);
  if (backdrop === 'rings') paintRings(stage, y, radius);
  if (backdrop === 'arch') paintArches(stage, ground, radius);
  if (backdrop === 'blobs') paintBlobs(stage, y);
  if (backdrop === 'disc' || backdrop === 'rays') {
    const disc = canvas.vertical(y - radius, y + radius, [
      { at: 0, colour: mix(palette.accents[2], palette.light, 0.12) },
      { at: 1, colour: mix(palette.accents[0], palette.light, 0.45) },
    ]);
    canvas.add(
      canvas.glow(0, y, radius * 1.7, palette.light, 0.6),
      `<circle cx="0" cy="${n(y)}" r="${n(radius)}" fill="${disc}"/>`,
    );
  }
  const only = reading.figures.length === 1 ? reading.figures[0] : undefined;
  const isCropped = only !== undefined && subjects[only.name].cropped === true;
  const isNear = only?.count === 1 && !isCropped && chance.happens(0.3, 'closeup');
  const stand = {
    y: ground + (isNear ? 190 : 52),
    tall: Math.min(560, home.width * 0.62) * (isNear ? 1.42 : 1),
    shadow: isCropped ? 0 : 0.42,
  };
  if (isCropped) paintFigures(stage, stand);
  paintTable(stage, ground);
  paintLeaves(stage, ground, 'back');
  if (!isCropped) paintFigures(stage, stand);
  paintLeaves(stage, ground, 'front');
  paintConfetti(stage);
}

function paintTexture({ canvas, chance }: Stage, tone: Colour): void {
  let d = '';
  for (const row of rows(canvas.view, 64, 40)) {
    for (const column of columns(canvas.view, 64, 40)) {
      const cell = row * 1009 + column;
      const r = chance.between(1.5, 4.2, 'dot', cell);
      d += `M${n((column + (row % 2) / 2) * 64 - r)} ${n(row * 64)}a${n(r)} ${n(r)} 0 1 0 ${n(r * 2)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-r * 2)} 0`;
    }
  }
  canvas.add(`<path d="${d}" fill="${hex(lighter(tone, -0.06))}" opacity=".3"/>`);
}

function paintRays({ canvas, palette, chance }: Stage, y: number, radius: number): void {
  const count = 22;
  const reach = Math.hypot(canvas.view.width, canvas.view.height) * 1.2;
  const turn = chance.between(0, Math.PI / count, 'rays');
  let d = '';
  for (let ray = 0; ray < count; ray++) {
    const from = turn + (ray / count) * Math.PI * 2;
    const to = from + Math.PI / count;
    d += `M0 ${n(y)}L${n(Math.cos(from) * reach)} ${n(y + Math.sin(from) * reach)}L${n(Math.cos(to) * reach)} ${n(y + Math.sin(to) * reach)}Z`;
  }
  canvas.add(
    `<path d="${d}" fill="${hex(mix(palette.accents[1], palette.light, 0.35))}" opacity=".42"/>`,
    canvas.glow(0, y, radius * 2.4, palette.light, 0.5),
  );
}

function paintRings({ canvas, palette, chance }: Stage, y: number, radius: number): void {
  const most = Math.min(26, Math.ceil(Math.hypot(canvas.view.width, canvas.view.height) / 90));
  for (let ring = most; ring > 0; ring--) {
    const tone = palette.accents[(ring % 3) as 0 | 1 | 2];
    canvas.add(
      `<circle cx="0" cy="${n(y)}" r="${n(radius * 0.42 + ring * 76 + chance.between(-12, 12, 'ring', ring))}" fill="${hex(mix(tone, palette.light, 0.3))}" opacity="${ring % 2 ? 0.5 : 0.26}"/>`,
    );
  }
  canvas.add(
    `<circle cx="0" cy="${n(y)}" r="${n(radius * 0.95)}" fill="${hex(mix(palette.light, palette.sky[2], 0.3))}" opacity=".9"/>`,
  );
}

function paintArches({ canvas, palette, chance, home }: Stage, ground: number, radius: number): void {
  const widths = [1.32, 1.08, 0.84];
  widths.forEach((k, arch) => {
    const half = radius * k * chance.between(0.94, 1.06, 'arch', arch);
    const spring = home.top + home.height * 0.1 + half + arch * 34;
    const tone = mix(palette.accents[arch as 0 | 1 | 2], palette.light, 0.25 + arch * 0.12);
    const fill = canvas.vertical(spring - half, ground, [
      { at: 0, colour: tone },
      { at: 1, colour: mix(tone, palette.light, 0.4) },
    ]);
    canvas.add(
      `<path d="M${n(-half)} ${n(ground + 20)}V${n(spring)}A${n(half)} ${n(half)} 0 0 1 ${n(half)} ${n(spring)}V${n(ground + 20)}Z" fill="${fill}"/>`,
    );
  });
}

function paintBlobs({ canvas, palette, chance, home }: Stage, y: number): void {
  for (let blob = 0; blob < 4; blob++) {
    const r = chance.between(190, 350, 'blob.r', blob);
    const cx = chance.between(-0.28, 0.28, 'blob.x', blob) * home.width;
    const cy = y + chance.between(-170, 150, 'blob.y', blob);
    const points = Array.from({ length: 8 }, (_, i): [number, number] => {
      const angle = (i / 8) * Math.PI * 2;
      const reach = r * chance.between(0.78, 1.18, 'blob.p', blob * 8 + i);
      return [cx + Math.cos(angle) * reach, cy + Math.sin(angle) * reach];
    });
    canvas.add(
      `<path d="${smooth(points)}" fill="${hex(mix(palette.accents[(blob % 3) as 0 | 1 | 2], palette.light, 0.3))}" opacity=".68"/>`,
    );
  }
}

/** A closed curve through the middles between the points. */
function smooth(points: [number, number][]): string {
  const middle = (i: number): [number, number] => {
    const [x1, y1] = points[i % points.length] ?? [0, 0];
    const [x2, y2] = points[(i + 1) % points.length] ?? [0, 0];
    return [(x1 + x2) / 2, (y1 + y2) / 2];
  };
  const [startX, startY] = middle(0);
  return `${points.reduce(
    (d, _, i) => {
      const [cx, cy] = points[(i + 1) % points.length] ?? [0, 0];
      const [x, y] = middle(i + 1);
      return `${d}Q${n(cx)} ${n(cy)} ${n(x)} ${n(y)}`;
    },
    `M${n(startX)} ${n(startY)}`,
  )}Z`;
}

function paintTable(stage: Stage, ground: number): void {
  const { canvas, palette, chance } = stage;
  const tone = mix(palette.far, palette.accents[1], 0.3);
  const curve = chance.between(16, 44, 'table');
  const { view } = canvas;
  const fill = canvas.vertical(ground - 20, ground + 340, [
    { at: 0, colour: lighter(tone, 0.05) },
    { at: 1, colour: mix(tone, palette.near, 0.35) },
  ]);
  let d = `M${n(view.left - 20)} ${n(floorOf(stage))}V${n(ground)}`;
  for (const column of columns(view, 500, 30))
    d += `L${n(column * 500)} ${n(ground)}q250 ${n(column % 2 ? curve : -curve)} 500 0`;
  canvas.add(`<path d="${d}V${n(floorOf(stage))}Z" fill="${fill}"/>`);
}

/** Sprigs left and right; beyond the first view they grow on. */
function paintLeaves(
  { canvas, palette, chance, home }: Stage,
  ground: number,
  depth: 'back' | 'front',
): void {
  if (!chance.happens(0.8, 'leaves')) return;
  const step = home.width * 0.25;
  for (const column of columns(canvas.view, step, 18)) {
    const x = (column + 0.5) * step;
    if (
      Math.abs(x) < home.width * 0.3 ||
      !chance.happens(depth === 'back' ? 0.9 : 0.62, `sprig.${depth}`, column)
    )
      continue;
    const tone =
      depth === 'back'
        ? mix(colour('#5f9a78'), palette.accents[2], 0.3)
        : mix(colour('#3f7a5c'), palette.near, 0.35);
    const tall =
      home.height *
      (depth === 'back'
        ? chance.between(0.34, 0.6, 'sprig.tall', column)
        : chance.between(0.16, 0.3, 'sprig.low', column));
    const foot = depth === 'back' ? ground + 30 : home.top + home.height * 1.04;
    const bend = -Math.sign(x) * chance.between(20, 110, `sprig.bend.${depth}`, column);
    const tint = hex(mix(tone, palette.sky[2], depth === 'back' ? 0.24 : 0));
    const pairs = 6;
    let leaves = '';
    for (let pair = 1; pair <= pairs; pair++) {
      const t = pair / pairs;
      const lx = x + bend * t * t;
      const ly = foot - tall * t;
      const size = (depth === 'back' ? 92 : 70) * (1.12 - t * 0.6);
      for (const side of [-1, 1])
        leaves += `M${n(lx)} ${n(ly)}q${n(side * size * 0.3)} ${n(-size * 0.62)} ${n(side * size)} ${n(-size * 0.5)}q${n(-side * size * 0.24)} ${n(size * 0.52)} ${n(-side * size)} ${n(size * 0.5)}`;
    }
    canvas.add(
      `<path d="M${n(x)} ${n(foot)}Q${n(x)} ${n(foot - tall * 0.5)} ${n(x + bend)} ${n(foot - tall)}" stroke="${tint}" stroke-width="5" fill="none" stroke-linecap="round"/><path d="${leaves}" fill="${tint}"/>`,
    );
  }
}

function paintConfetti({ canvas, palette, chance, home }: Stage): void {
  const kind = chance.pick(['stars', 'dots', 'none'] as const, 'confetti');
  if (kind === 'none') return;
  for (let piece = 0; piece < 22; piece++) {
    const x = chance.between(-0.48, 0.48, 'confetti.x', piece) * home.width;
    const y = home.top + home.height * chance.between(0.03, 0.62, 'confetti.y', piece);
    if (Math.abs(x) < home.width * 0.22 && y > home.top + home.height * 0.16) continue;
    const r = chance.between(4, 13, 'confetti.r', piece);
    const tone = hex(mix(palette.accents[(piece % 3) as 0 | 1 | 2], palette.light, 0.2));
    canvas.add(
      kind === 'dots'
        ? `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r * 0.7)}" fill="${tone}" opacity=".85"/>`
        : `<path d="M${n(x)} ${n(y - r * 1.5)}Q${n(x)} ${n(y)} ${n(x + r * 1.5)} ${n(y)}Q${n(x)} ${n(y)} ${n(x)} ${n(y + r * 1.5)}Q${n(x)} ${n(y)} ${n(x - r * 1.5)} ${n(y)}Q${n(x)} ${n(y)} ${n(x)} ${n(y - r * 1.5)}Z" fill="${tone}" opacity=".9"/>`,
    );
  }
}

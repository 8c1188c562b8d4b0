import { bottom, columns, n, polygon, right, rows } from '../canvas.ts';
import { type Colour, hex, lighter, mix } from '../colour.ts';
import type { Stage } from '../stage.ts';

export type AbstractFamily = 'waves' | 'ribbons' | 'flow' | 'circles' | 'facets' | 'tiles';

const families: Record<AbstractFamily, (stage: Stage) => void> = {
  waves: paintWaves,
  ribbons: paintRibbons,
  flow: paintFlow,
  circles: paintCircles,
  facets: paintFacets,
  tiles: paintTiles,
};

/** A composition without things in it; all of them continue endlessly in every direction. */
export function paintAbstract(stage: Stage): void {
  const { canvas, palette, home } = stage;
  const [top, middle, low] = palette.sky;
  canvas.add(
    canvas.flood(
      canvas.vertical(home.top, bottom(home), [
        { at: 0, colour: top },
        { at: 0.55, colour: middle },
        { at: 1, colour: low },
      ]),
    ),
  );
  families[stage.reading.family](stage);
}

/** The colours in an order that runs from dark to light and back. */
function ramp({ palette }: Stage, t: number): Colour {
  const scale = [
    palette.near,
    palette.sky[0],
    palette.sky[1],
    palette.accents[0],
    palette.sky[2],
    palette.light,
    palette.accents[1],
    palette.sky[1],
  ];
  const at = (((t % 1) + 1) % 1) * scale.length;
  const first = scale[Math.floor(at) % scale.length] ?? palette.near;
  const second = scale[(Math.floor(at) + 1) % scale.length] ?? palette.near;
  return mix(first, second, at % 1);
}

function paintWaves(stage: Stage): void {
  const { canvas, chance, palette } = stage;
  const { view } = canvas;
  const lamp = { x: chance.between(-260, 260, 'lamp.x'), y: chance.between(-330, -140, 'lamp.y') };
  canvas.add(
    canvas.glow(lamp.x, lamp.y, 620, palette.light, 0.8),
    `<circle cx="${n(lamp.x)}" cy="${n(lamp.y)}" r="${n(chance.between(60, 150, 'lamp.r'))}" fill="${hex(palette.light)}" opacity=".9"/>`,
  );
  const pitch = chance.between(46, 74, 'pitch');
  const slope = chance.between(-0.16, 0.16, 'slope');
  const step = Math.max(28, view.width / 70);
  for (const layer of rows(view, pitch, 130, 4)) {
    if (layer < -5) continue;
    const tall = chance.between(38, 125, 'wave.tall', layer);
    const long = chance.between(240, 470, 'wave.long', layer);
    const shift = chance.between(0, 6.28, 'wave.shift', layer);
    const points: [number, number][] = [];
    for (let x = Math.floor(view.left / step) * step - step; x <= right(view) + step * 3; x += step) {
      points.push([
        x,
        layer * pitch +
          x * slope +
          Math.sin(x / long + shift) * tall +
          Math.sin(x / (long * 0.43) + shift * 1.7) * tall * 0.36,
      ]);
    }
    const tone = ramp(stage, 0.12 + layer * 0.055 + chance.between(-0.09, 0.09, 'wave.tone', layer));
    const y = layer * pitch;
    const fill = canvas.vertical(y - tall, y + pitch * 2.4, [
      { at: 0, colour: lighter(tone, 0.1) },
      { at: 0.5, colour: tone },
      { at: 1, colour: mix(tone, palette.near, 0.7) },
    ]);
    const curve = smoothLine(points);
    const edge = bottom(view) + 40;
    canvas.add(
      `<path d="${curve}L${n(right(view) + step * 2)} ${n(edge)}H${n(view.left - step * 2)}Z" fill="${fill}"/>`,
      `<path d="${curve}" fill="none" stroke="${hex(mix(tone, palette.light, 0.75))}" stroke-width="${n(chance.between(1.5, 5, 'wave.edge', layer))}" opacity=".75"/>`,
    );
  }
}

function smoothLine(points: [number, number][]): string {
  const [first] = points;
  if (!first) return '';
  let d = `M${n(first[0])} ${n(first[1])}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [x, y] = points[i] ?? first;
    const [nextX, nextY] = points[i + 1] ?? first;
    d += `Q${n(x)} ${n(y)} ${n((x + nextX) / 2)} ${n((y + nextY) / 2)}`;
  }
  return d;
}

/** Bundles of fine lines that swing across the picture like cloth. */
function paintRibbons(stage: Stage): void {
  const { canvas, chance, palette } = stage;
  const { view } = canvas;
  const turn = chance.between(-42, 42, 'turn');
  const half = Math.hypot(view.width, view.height) / 2 + 80;
  const cx = view.left + view.width / 2;
  const step = Math.max(110, half / 12);
  canvas.add(
    canvas.glow(
      chance.between(-300, 300, 'glow.x'),
      chance.between(-300, 300, 'glow.y'),
      720,
      palette.light,
      0.5,
    ),
  );
  const shapes: string[] = [];
  const reach = Math.min(5, Math.ceil(half / 260));
  for (let band = -reach; band <= reach; band++) {
    const tone = ramp(stage, chance.unit('band.tone', band));
    const other = ramp(stage, chance.unit('band.tone', band) + 0.3);
    const edge = (which: number): [number, number][] => {
      const points: [number, number][] = [];
      const from = Math.floor((cx - half) / step) - 1;
      const to = Math.ceil((cx + half) / step) + 1;
      for (let cell = from; cell <= to; cell++) {
        const x = cell * step;
        const swing = (chance.noise(x / 520, `band${band}`) - 0.5) * 420;
        const twist = (chance.noise(x / 300, `twist${band}`) - 0.5) * 330;
        points.push([x, band * 210 + swing + twist * which]);
      }
      return points;
    };
    const upper = edge(-1);
    const lower = edge(1);
    const fill = canvas.across(
      [
        { at: 0, colour: mix(tone, palette.near, 0.35), opacity: 0.92 },
        { at: 0.3, colour: tone, opacity: 0.94 },
        { at: 0.52, colour: lighter(other, 0.12), opacity: 0.94 },
        { at: 0.75, colour: other, opacity: 0.94 },
        { at: 1, colour: mix(tone, palette.near, 0.45), opacity: 0.92 },
      ],
      { x1: 0, y1: 0.1, x2: 1, y2: 0.9 },
    );
    const back = smoothLine([...lower].reverse()).replace('M', 'L');
    shapes.push(`<path d="${smoothLine(upper)}${back}Z" fill="${fill}"/>`);
    for (let thread = 0; thread <= 8; thread++) {
      const t = thread / 4 - 1;
      const points = upper.map(([x, y], i): [number, number] => [
        x,
        y + (((lower[i]?.[1] ?? y) - y) * (t + 1)) / 2,
      ]);
      shapes.push(
        `<path d="${smoothLine(points)}" fill="none" stroke="${hex(mix(other, palette.light, 0.7))}" stroke-width="${thread % 8 === 0 ? 2.6 : 1.1}" opacity="${thread % 8 === 0 ? 0.75 : 0.3}"/>`,
      );
    }
  }
  canvas.add(`<g transform="rotate(${n(turn)})">${shapes.join('')}</g>`);
}

/** Strokes that follow a field of wind. */
function paintFlow(stage: Stage): void {
  const { canvas, chance, palette, home } = stage;
  const { view } = canvas;
  canvas.add(
    canvas.flood(hex(mix(palette.near, palette.sky[0], 0.5)), 0.55),
    canvas.glow(
      chance.between(-0.3, 0.3, 'glow.x') * home.width,
      chance.between(-0.3, 0.3, 'glow.y') * home.height,
      640,
      palette.sky[2],
      0.55,
    ),
  );
  const wide = Math.max(1, view.width / 1900);
  const step = 52 * wide;
  const bias = chance.between(-0.6, 0.6, 'bias');
  const swirl = chance.between(1.7, 2.6, 'swirl');
  const strokes = new Map<number, string>();
  for (const row of rows(view, step, 40, 2)) {
    for (const column of columns(view, step, 44, 2)) {
      const cell = row * 3001 + column;
      let x = (column + chance.unit('seed.x', cell)) * step;
      let y = (row + chance.unit('seed.y', cell)) * step;
      const tone = Math.floor(
        ((chance.noise2(x / 520, y / 520, 'tone') + chance.between(-0.16, 0.16, 'tone.jitter', cell)) * 12 +
          12) %
          12,
      );
      let d = `M${n(x)} ${n(y)}`;
      const parts = 5 + Math.floor(chance.unit('length', cell) * 4);
      for (let part = 0; part < parts; part++) {
        const angle = (chance.noise2(x / 430, y / 430, 'wind') - 0.5) * Math.PI * swirl + bias;
        x += Math.cos(angle) * 34;
        y += Math.sin(angle) * 34;
        d += `L${n(x)} ${n(y)}`;
      }
      strokes.set(
        tone * 3 + (((column % 3) + 3) % 3),
        (strokes.get(tone * 3 + (((column % 3) + 3) % 3)) ?? '') + d,
      );
    }
  }
  for (const [key, d] of [...strokes].sort(([a], [b]) => (a % 3) - (b % 3) || a - b)) {
    const tone = ramp(stage, Math.floor(key / 3) / 12 + 0.2);
    canvas.add(
      `<path d="${d}" fill="none" stroke="${hex(tone)}" stroke-width="${n([19, 10, 4.5][key % 3] ?? 8)}" stroke-linecap="round" stroke-linejoin="round" opacity="${[0.7, 0.86, 0.95][key % 3]}"/>`,
    );
  }
}

/** Spheres and rings, each where there is room for it. */
function paintCircles(stage: Stage): void {
  const { canvas, chance, palette } = stage;
  const { view } = canvas;
  const placed: { x: number; y: number; r: number }[] = [];
  for (const [level, step] of [420, 240, 130, 74].entries()) {
    for (const row of rows(view, step, 26, 2)) {
      for (const column of columns(view, step, 26, 2)) {
        const cell = level * 700001 + row * 1013 + column;
        const x = (column + chance.between(0.15, 0.85, 'x', cell)) * step;
        const y = (row + chance.between(0.15, 0.85, 'y', cell)) * step;
        const wanted = step * chance.between(0.26, 0.5, 'r', cell);
        const r = placed.reduce(
          (room, other) => Math.min(room, Math.hypot(other.x - x, other.y - y) - other.r - 5),
          wanted,
        );
        if (r < step * 0.14) continue;
        placed.push({ x, y, r });
        paintSphere(stage, x, y, r, cell);
      }
    }
  }
  canvas.add(canvas.glow(chance.between(-300, 300, 'glow.x'), -420, 900, palette.light, 0.3));
}

function paintSphere(stage: Stage, x: number, y: number, r: number, cell: number): void {
  const { canvas, chance, palette } = stage;
  // A few tones only: spheres of one tone share a gradient.
  const tone = ramp(stage, Math.floor(chance.unit('tone', cell) * 18) / 18);
  const style = chance.pick(['ball', 'ball', 'ring', 'target', 'half'] as const, 'style', cell);
  const circle = (radius: number, more: string) =>
    `<circle cx="${n(x)}" cy="${n(y)}" r="${n(radius)}" ${more}/>`;
  canvas.add(
    `<ellipse cx="${n(x + r * 0.14)}" cy="${n(y + r * 0.2)}" rx="${n(r)}" ry="${n(r)}" fill="${hex(palette.near)}" opacity=".2"/>`,
  );
  const ball = () =>
    canvas.radial(
      [
        { at: 0, colour: mix(tone, palette.light, 0.75) },
        { at: 0.45, colour: tone },
        { at: 1, colour: mix(tone, palette.near, 0.62) },
      ],
      { cx: 0.33, cy: 0.28, r: 0.8 },
    );
  if (style === 'ball') canvas.add(circle(r, `fill="${ball()}"`));
  if (style === 'ring')
    canvas.add(
      circle(r * 0.84, `fill="none" stroke="${hex(tone)}" stroke-width="${n(r * 0.28)}"`),
      circle(r * 0.3, `fill="${hex(palette.accents[1])}"`),
    );
  if (style === 'target')
    canvas.add(
      ...[1, 0.74, 0.48, 0.22].map((k, i) =>
        circle(r * k, `fill="${hex(i % 2 ? mix(tone, palette.light, 0.65) : tone)}"`),
      ),
    );
  if (style === 'half') {
    canvas.add(
      circle(r, `fill="${hex(mix(tone, palette.light, 0.35))}"`),
      `<path d="M${n(x - r)} ${n(y)}A${n(r)} ${n(r)} 0 0 1 ${n(x + r)} ${n(y)}Z" fill="${hex(mix(tone, palette.near, 0.3))}" transform="rotate(${n(chance.unit('half', cell) * 360)} ${n(x)} ${n(y)})"/>`,
    );
  }
}

/** Cut glass: triangles whose colour changes slowly over the plane. */
function paintFacets(stage: Stage): void {
  const { canvas, chance, palette } = stage;
  const step = 118;
  const point = (column: number, row: number): [number, number] => {
    const cell = row * 4001 + column;
    return [
      (column + chance.between(-0.38, 0.38, 'x', cell) + (row % 2) * 0.5) * step,
      (row + chance.between(-0.36, 0.36, 'y', cell)) * step * 0.9,
    ];
  };
  const turn = chance.between(0, Math.PI * 2, 'light');
  for (const row of rows(canvas.view, step * 0.9, 24, 2)) {
    for (const column of columns(canvas.view, step, 26, 2)) {
      const corners: [number, number][] = [
        point(column, row),
        point(column + 1, row),
        point(column, row + 1),
        point(column + 1, row + 1),
      ];
      const [a, b, c, d] = corners as [
        [number, number],
        [number, number],
        [number, number],
        [number, number],
      ];
      for (const [half, triangle] of [
        [a, b, c],
        [b, d, c],
      ].entries()) {
        const x = triangle.reduce((sum, p) => sum + p[0], 0) / 3;
        const y = triangle.reduce((sum, p) => sum + p[1], 0) / 3;
        const tone = ramp(stage, chance.noise2(x / 640, y / 640, 'tone') * 0.9 + 0.05);
        const cell = (row * 4001 + column) * 2 + half;
        const light = Math.cos(turn + chance.unit('facet', cell) * 4) * 0.09;
        const fill = hex(lighter(tone, light));
        canvas.add(`<path d="${polygon(triangle)}" fill="${fill}" stroke="${fill}" stroke-width="1.2"/>`);
        if (chance.happens(0.12, 'gleam', cell))
          canvas.add(`<path d="${polygon(triangle)}" fill="${hex(palette.light)}" opacity=".32"/>`);
      }
    }
  }
}

/** Quarter circles, arcs and stripes on a grid. */
function paintTiles(stage: Stage): void {
  const { canvas, chance, palette, home } = stage;
  const side =
    home.width / Math.max(3, Math.round(home.width / chance.pick([200, 250, 167] as const, 'side')));
  const tones = [
    palette.near,
    palette.sky[0],
    palette.sky[1],
    palette.sky[2],
    palette.light,
    ...palette.accents,
    palette.far,
  ];
  const tone = (name: string, cell: number) =>
    tones[Math.floor(chance.unit(name, cell) * tones.length)] ?? palette.near;
  for (const row of rows(canvas.view, side, 20)) {
    for (const column of columns(canvas.view, side, 24)) {
      const cell = row * 2003 + column;
      const ground = tone('ground', cell);
      const picked = tone('figure', cell);
      const figure =
        Math.abs(picked.l - ground.l) < 0.16 ? (ground.l > 0.6 ? palette.near : palette.light) : picked;
      const third =
        palette.accents[Math.floor(chance.unit('third', cell) * 3) as 0 | 1 | 2] ?? palette.accents[0];
      const turn = Math.floor(chance.unit('turn', cell) * 4) * 90;
      const s = 100;
      const motif = chance.pick(
        [
          `<path d="M0 0H${s}A${s} ${s} 0 0 1 0 ${s}Z" fill="${hex(figure)}"/>`,
          `<path d="M0 0H${s}A${s} ${s} 0 0 1 0 ${s}Z" fill="${hex(figure)}"/><path d="M0 0H62A62 62 0 0 1 0 62Z" fill="${hex(third)}"/><path d="M0 0H28A28 28 0 0 1 0 28Z" fill="${hex(ground)}"/>`,
          `<path d="M0 50A50 50 0 0 1 100 50Z" fill="${hex(figure)}"/><path d="M0 100A50 50 0 0 1 100 100Z" fill="${hex(third)}"/>`,
          `<circle cx="50" cy="50" r="40" fill="${hex(figure)}"/><circle cx="50" cy="50" r="19" fill="${hex(third)}"/>`,
          `<path d="M0 0L100 100H0Z" fill="${hex(figure)}"/>`,
          `<path d="M0 0h100v20H0ZM0 40h100v20H0ZM0 80h100v20H0Z" fill="${hex(figure)}"/>`,
          `<path d="M0 0Q100 0 100 100Q0 100 0 0Z" fill="${hex(figure)}"/>`,
        ] as const,
        'motif',
        cell,
      );
      const scale = Math.round((side / 100) * 10000) / 10000;
      canvas.add(
        `<g transform="translate(${n(column * side - ((home.width / 2) % side))} ${n(row * side - ((home.height / 2) % side))}) scale(${scale})"><rect x="-.3" y="-.3" width="100.6" height="100.6" fill="${hex(ground)}"/><g transform="rotate(${turn} 50 50)">${motif}</g></g>`,
      );
    }
  }
}

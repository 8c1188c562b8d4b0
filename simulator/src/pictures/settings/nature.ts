import { columns, n, polygon } from '../canvas.ts';
import { type Colour, hex, lighter, mix } from '../colour.ts';
import { paintFigures } from '../figures.ts';
import type { Stage } from '../stage.ts';
import { floorOf, type Lamp, paintBirds, paintLightning, paintSky, paintWeather } from './sky.ts';

type Ridge = {
  name: string;
  /** height of its foot */
  y: number;
  rise: number;
  /** length of one hill */
  wide: number;
  rough: number;
  colour: Colour;
  /** colour of the haze at its foot */
  haze: Colour;
};

function ridgeHeight({ chance }: Stage, { name, y, rise, wide, rough }: Ridge, x: number): number {
  const base = chance.noise(x / wide, name);
  const detail =
    chance.noise(x / (wide * 0.37), `${name}.b`) * 0.42 +
    chance.noise(x / (wide * 0.13), `${name}.c`) * 0.2 * rough +
    chance.noise(x / (wide * 0.05), `${name}.d`) * 0.08 * rough;
  // Rough ridges have edges where smooth ones have curves.
  const shaped = rough > 0.5 ? 1 - Math.abs(base * 2 - 1) : base;
  return y - rise * (shaped * 0.75 + detail * 0.6);
}

function paintRidge(stage: Stage, ridge: Ridge): [number, number][] {
  const { canvas } = stage;
  const step = Math.max(9, 9 * 2 ** Math.ceil(Math.log2(canvas.view.width / 1900)));
  const points = columns(canvas.view, step, 420).map((cell): [number, number] => [
    cell * step,
    ridgeHeight(stage, ridge, cell * step),
  ]);
  const [first = [0, 0] as [number, number]] = points;
  const last = points.at(-1) ?? first;
  const floor = floorOf(stage);
  const fill = canvas.vertical(ridge.y - ridge.rise, ridge.y + Math.max(60, ridge.rise * 0.4), [
    { at: 0, colour: ridge.colour },
    { at: 1, colour: ridge.haze },
  ]);
  canvas.add(`<path d="${polygon([...points, [last[0], floor], [first[0], floor]])}" fill="${fill}"/>`);
  return points;
}

/** The colour of a layer, 0 far to 1 near. */
function layerColour({ palette }: Stage, nearness: number): Colour {
  return mix(palette.far, palette.near, nearness ** 1.25);
}

function horizonOf({ chance, home }: Stage, low: number, high: number): number {
  return home.top + home.height * chance.between(low, high, 'horizon');
}

export function paintMountains(stage: Stage): void {
  const { canvas, palette, chance, home, reading } = stage;
  const horizon = horizonOf(stage, 0.6, 0.68);
  const lamp = paintSky(stage, horizon);
  if (reading.weather === 'lightning') paintLightning(stage, horizon);
  const unit = Math.min(home.height, 1300) / 1000;
  const layers = 4;
  for (let layer = 0; layer < layers; layer++) {
    const nearness = layer / layers;
    const own = layerColour(stage, nearness * 0.82);
    const ridge: Ridge = {
      name: `range${layer}`,
      y: horizon + layer * 52 * unit,
      rise: (380 - layer * 62) * unit * chance.between(0.82, 1.2, 'range.rise', layer),
      wide: 400 - layer * 45,
      rough: 1,
      colour: own,
      haze: mix(own, palette.sky[2], 0.62 - nearness * 0.3),
    };
    const points = paintRidge(stage, ridge);
    if (layer < 2) paintSnow(stage, points, ridge);
    canvas.add(
      canvas.flood(
        canvas.vertical(ridge.y - 90, ridge.y + 130, [
          { at: 0, colour: palette.sky[2], opacity: 0 },
          { at: 1, colour: palette.sky[2], opacity: 0.24 },
        ]),
      ),
    );
  }
  paintBirds(stage, horizon);
  const lake = chance.happens(0.5, 'lake') && reading.figures.length === 0;
  if (lake) paintWater(stage, horizon + 150 * unit, lamp);
  else paintMeadowGround(stage, horizon + 190 * unit, 'ground');
  paintTreeLine(stage, horizon + (lake ? 158 : 240) * unit, 74, 0.78, 'line');
  paintFigures(stage, { y: home.top + home.height * 0.9, tall: 330 * Math.min(unit, 1.2), shadow: 0.5 });
  paintTreeLine(stage, home.top + home.height * 1.03, 230, 1, 'front', 0.34);
  paintWeather(stage, horizon);
}

// Snow lies on the peaks that rise well above the rest, deeper where they are higher.
function paintSnow(stage: Stage, points: [number, number][], ridge: Ridge): void {
  const { canvas, palette, chance } = stage;
  const line = ridge.y - ridge.rise * 0.84;
  let d = '';
  let run: [number, number][] = [];
  const close = () => {
    const depth = Math.max(0, ...run.map(([, y]) => line - y));
    if (run.length > 3 && depth > ridge.rise * 0.05) {
      const edge = run.map(([x, y]): [number, number] => {
        const teeth = 0.35 + chance.noise(x / 26, `${ridge.name}.snow`) * 0.75;
        return [x, Math.min(y + (line - y) * teeth + 4, line + depth * 0.3)];
      });
      d += polygon([...run, ...edge.reverse()]);
    }
    run = [];
  };
  for (const point of points) {
    if (point[1] < line) run.push(point);
    else close();
  }
  close();
  if (!d) return;
  const white = hex(mix(palette.light, palette.sky[2], 0.35));
  canvas.add(`<path d="${d}" fill="${white}" opacity="${palette.dark ? 0.55 : 0.85}"/>`);
}

export function paintSea(stage: Stage): void {
  const { palette, chance, home, reading, canvas } = stage;
  const horizon = horizonOf(stage, 0.52, 0.6);
  const lamp = paintSky(stage, horizon);
  if (reading.weather === 'lightning') paintLightning(stage, horizon);
  if (chance.happens(0.75, 'headland')) {
    const own = mix(palette.far, palette.near, 0.22);
    paintRidge(stage, {
      name: 'headland',
      y: horizon + 26,
      rise: chance.between(70, 170, 'headland.rise'),
      wide: 520,
      rough: 0.9,
      colour: own,
      haze: mix(own, palette.sky[2], 0.5),
    });
  }
  paintBirds(stage, horizon);
  paintWater(stage, horizon, lamp);
  const afloat = reading.figures.some(({ name }) => name === 'ship');
  const ashore = reading.figures.length > 0 && !afloat;
  if (ashore) {
    const own = mix(palette.near, palette.far, 0.2);
    paintRidge(stage, {
      name: 'shore',
      y: home.top + home.height * 0.93,
      rise: 90,
      wide: 620,
      rough: 0.35,
      colour: own,
      haze: palette.near,
    });
  }
  paintFigures(stage, { y: home.top + home.height * (afloat ? 0.76 : 0.89), tall: 390, shadow: 0.5 });
  if (afloat) paintSwell(stage, home.top + home.height * 0.775);
  canvas.add(
    canvas.flood(
      canvas.vertical(home.top + home.height * 0.8, home.top + home.height * 1.3, [
        { at: 0, colour: palette.near, opacity: 0 },
        { at: 1, colour: palette.near, opacity: 0.55 },
      ]),
    ),
  );
  paintWeather(stage, horizon);
}

function paintWater(stage: Stage, horizon: number, lamp: Lamp): void {
  const { canvas, palette, chance } = stage;
  const { view } = canvas;
  const [top, middle, low] = palette.sky;
  const deep = mix(top, palette.near, 0.5);
  const fill = canvas.vertical(horizon, horizon + 620, [
    { at: 0, colour: mix(low, middle, 0.3) },
    { at: 0.16, colour: mix(middle, palette.far, 0.35) },
    { at: 0.6, colour: mix(deep, middle, 0.25) },
    { at: 1, colour: deep },
  ]);
  canvas.add(
    `<rect x="${n(view.left)}" y="${n(horizon)}" width="${n(view.width)}" height="${n(Math.max(0, floorOf(stage) - horizon))}" fill="${fill}"/>`,
  );
  // Rows of crests: close together far away, wide and bright near by.
  const reach = Math.min(floorOf(stage), horizon + 1500);
  let dark = '';
  let bright = '';
  let glitter = '';
  for (let row = 0, y = horizon + 5; y < reach && row < 60; row++, y += 5 + row * 1.7) {
    const depth = (y - horizon) / 500;
    const step = 100 + depth * 320;
    for (const column of columns(view, step, 40)) {
      const cell = row * 557 + column;
      const long = step * chance.between(0.22, 0.75, 'crest.long', cell);
      const x = (column + chance.unit('crest.x', cell)) * step;
      const thick = 1 + depth * 5 * chance.between(0.5, 1.2, 'crest.thick', cell);
      const crest = `M${n(x - long / 2)} ${n(y)}q${n(long / 2)} ${n(-thick)} ${n(long)} 0q${n(-long / 2)} ${n(thick)} ${n(-long)} 0`;
      if (chance.happens(0.5, 'crest.side', cell)) dark += crest;
      else bright += crest;
    }
    const spread = lamp.radius * 0.5 + (y - horizon) * 0.42;
    for (let spark = 0; spark < 3; spark++) {
      const cell = row * 7 + spark;
      const long = (16 + depth * 90) * chance.between(0.4, 1.2, 'spark.long', cell);
      const x = lamp.x + chance.between(-1, 1, 'spark.x', cell) * spread * chance.unit('spark.pull', cell);
      const thick = 1.6 + depth * 6;
      glitter += `M${n(x - long)} ${n(y)}q${n(long)} ${n(-thick)} ${n(long * 2)} 0q${n(-long)} ${n(thick)} ${n(-long * 2)} 0`;
    }
  }
  canvas.add(
    `<path d="${dark}" fill="${hex(deep)}" opacity=".32"/>`,
    `<path d="${bright}" fill="${hex(mix(low, palette.light, 0.4))}" opacity=".26"/>`,
    `<path d="${glitter}" fill="${hex(palette.light)}" opacity="${stage.reading.mood === 'storm' ? 0.3 : 0.75}"/>`,
  );
}

/** A wave in front of what floats. */
function paintSwell({ canvas, palette }: Stage, y: number): void {
  const own = mix(palette.sky[0], palette.near, 0.42);
  let d = '';
  for (const column of columns(canvas.view, 120, 80))
    d += `${d ? 'L' : 'M'}${n(column * 120)} ${n(y)}q30 -17 60 -2t60 2`;
  const fill = canvas.vertical(y - 16, y + 110, [
    { at: 0, colour: mix(own, palette.sky[2], 0.3), opacity: 0.95 },
    { at: 1, colour: own, opacity: 0 },
  ]);
  canvas.add(`<path d="${d}V${n(y + 110)}H${n(canvas.view.left - 240)}Z" fill="${fill}"/>`);
}

export function paintForest(stage: Stage): void {
  const { canvas, palette, chance, home } = stage;
  const horizon = horizonOf(stage, 0.58, 0.66);
  const lamp = paintSky(stage, horizon);
  const mist = mix(palette.sky[2], palette.light, 0.25);
  for (let layer = 0; layer < 4; layer++) {
    const y = horizon + layer * 44;
    paintTreeLine(stage, y + 16, 540 - layer * 52, 0.14 + layer * 0.19, `wood${layer}`, 1);
    canvas.add(
      canvas.flood(
        canvas.vertical(y - 250, y + 60, [
          { at: 0, colour: mist, opacity: 0 },
          { at: 1, colour: mist, opacity: 0.46 - layer * 0.06 },
        ]),
      ),
    );
    if (layer === 1) paintBeams(stage, lamp);
  }
  paintMeadowGround(stage, horizon + 170, 'floor');
  paintFigures(stage, { y: home.top + home.height * 0.87, tall: 400, shadow: 0.55 });
  paintGrass(stage, home.top + home.height * 1.02);
  paintTrunks(stage);
  for (let speck = 0; speck < 16; speck++) {
    const x = chance.between(-0.46, 0.46, 'speck.x', speck) * home.width;
    const y = home.top + home.height * chance.between(0.4, 0.9, 'speck.y', speck);
    canvas.add(canvas.glow(x, y, chance.between(7, 20, 'speck.r', speck), palette.light, 0.8));
  }
  paintWeather(stage, horizon);
}

function paintBeams({ canvas, palette, chance, home }: Stage, lamp: Lamp): void {
  for (let beam = 0; beam < 5; beam++) {
    const spread = chance.between(-420, 420, 'beam', beam);
    const width = chance.between(40, 120, 'beam.w', beam);
    const low = home.top + home.height * 0.95;
    const fill = canvas.vertical(lamp.y, low, [
      { at: 0, colour: palette.light, opacity: 0.34 },
      { at: 1, colour: palette.light, opacity: 0 },
    ]);
    canvas.add(
      `<path d="M${n(lamp.x - 12)} ${n(lamp.y)}h24L${n(lamp.x + spread + width)} ${n(low)}h${n(-width * 2)}Z" fill="${fill}"/>`,
    );
  }
}

/** Tall trunks that frame the first drawing, and continue beyond it. */
function paintTrunks({ canvas, palette, chance, home }: Stage): void {
  const step = home.width * 0.5;
  for (const column of columns(canvas.view, step, 14)) {
    const side =
      column === 0 || column === -1
        ? chance.between(0.05, 0.13, 'trunk.in', column)
        : chance.between(0, 0.5, 'trunk.x', column);
    const x =
      column < 0
        ? column * step + side * step - (column === -1 ? 20 : 0)
        : (column + 1) * step - side * step + (column === 0 ? 20 : 0);
    const w = chance.between(34, 74, 'trunk.w', column);
    const top = home.top - 900;
    const low = home.top + home.height * chance.between(1.0, 1.1, 'trunk.low', column);
    const fill = canvas.across(
      [
        { at: 0, colour: lighter(palette.near, 0.1) },
        { at: 0.35, colour: lighter(palette.near, 0.02) },
        { at: 1, colour: lighter(palette.near, -0.05) },
      ],
      { x1: 0, y1: 0, x2: 1, y2: 0 },
    );
    canvas.add(
      `<path d="M${n(x - w * 0.4)} ${n(top)}C${n(x - w * 0.5)} ${n(low - 400)} ${n(x - w * 0.5)} ${n(low - 100)} ${n(x - w)} ${n(low)}H${n(x + w)}C${n(x + w * 0.5)} ${n(low - 100)} ${n(x + w * 0.5)} ${n(low - 400)} ${n(x + w * 0.4)} ${n(top)}Z" fill="${fill}"/>`,
    );
  }
}

export function paintDesert(stage: Stage): void {
  const { palette, chance, home, canvas } = stage;
  const horizon = horizonOf(stage, 0.52, 0.62);
  paintSky(stage, horizon);
  const far = mix(palette.far, palette.sky[2], 0.35);
  paintRidge(stage, {
    name: 'mesa',
    y: horizon + 20,
    rise: 130,
    wide: 330,
    rough: 0.8,
    colour: far,
    haze: mix(far, palette.sky[2], 0.5),
  });
  paintBirds(stage, horizon);
  for (let dune = 0; dune < 4; dune++) {
    const nearness = (dune + 1) / 5;
    const own = mix(mix(palette.far, palette.sky[2], 0.35), palette.near, nearness ** 2 * 0.8);
    const points = paintRidge(stage, {
      name: `dune${dune}`,
      y: horizon + 60 + dune * 100,
      rise: 110 + dune * 22,
      wide: 470 + dune * 120,
      rough: 0,
      colour: lighter(own, 0.05),
      haze: own,
    });
    // The side away from the sun
    const shade = points
      .map(([x, y], i): [number, number] => [
        x + 60 + 30 * Math.sin(x / 190),
        y + 70 + chance.noise(i / 14, `lee${dune}`) * 90,
      ])
      .reverse();
    canvas.add(
      `<path d="${polygon([...points, ...shade])}" fill="${hex(mix(own, palette.near, 0.4))}" opacity=".4"/>`,
    );
  }
  paintFigures(stage, { y: home.top + home.height * 0.86, tall: 400, shadow: 0.5 });
  paintWeather(stage, horizon);
}

export function paintMeadow(stage: Stage): void {
  const { palette, home, canvas, chance } = stage;
  const horizon = horizonOf(stage, 0.54, 0.62);
  paintSky(stage, horizon);
  paintRidge(stage, {
    name: 'hills',
    y: horizon + 30,
    rise: 170,
    wide: 440,
    rough: 0.3,
    colour: mix(palette.far, palette.sky[2], 0.2),
    haze: mix(palette.far, palette.sky[2], 0.5),
  });
  paintTreeLine(stage, horizon + 34, 62, 0.4, 'copse', 0.6);
  paintBirds(stage, horizon);
  for (let hill = 0; hill < 2; hill++) {
    const own = groundColour(stage, 0.18 + hill * 0.24);
    paintRidge(stage, {
      name: `hill${hill}`,
      y: horizon + 90 + hill * 90,
      rise: 90,
      wide: 560,
      rough: 0,
      colour: lighter(own, 0.06),
      haze: own,
    });
  }
  paintMeadowGround(stage, horizon + 220, 'meadow');
  paintFigures(stage, { y: home.top + home.height * 0.88, tall: 400, shadow: 0.5 });
  paintGrass(stage, home.top + home.height * 1.01);
  if (chance.happens(0.4, 'vignette'))
    canvas.add(
      canvas.flood(
        canvas.vertical(home.top + home.height * 0.85, home.top + home.height * 1.4, [
          { at: 0, colour: palette.near, opacity: 0 },
          { at: 1, colour: palette.near, opacity: 0.5 },
        ]),
      ),
    );
  paintWeather(stage, horizon);
}

/** The colour of open ground; under snow it is bright. */
function groundColour({ palette, reading }: Stage, nearness: number): Colour {
  if (reading.weather !== 'snow') return mix(palette.far, palette.near, nearness);
  return mix(mix(palette.light, palette.sky[2], 0.5), palette.far, 0.12 + nearness * 0.45);
}

function paintMeadowGround(stage: Stage, y: number, name: string): void {
  const upper = groundColour(stage, 0.62);
  const lower = groundColour(stage, 0.7);
  const deep = groundColour(stage, 0.82);
  paintRidge(stage, { name, y, rise: 50, wide: 520, rough: 0, colour: lighter(upper, 0.07), haze: lower });
  paintRidge(stage, {
    name: `${name}.low`,
    y: y + 130,
    rise: 46,
    wide: 640,
    rough: 0,
    colour: lower,
    haze: deep,
  });
}

/** Blades and blossoms at the lower edge. */
function paintGrass({ canvas, palette, chance, reading }: Stage, y: number): void {
  if (reading.weather === 'snow') return;
  let blades = '';
  let lit = '';
  const dots: [string, string, string] = ['', '', ''];
  for (const column of columns(canvas.view, 13, 260)) {
    const x = column * 13 + chance.between(-6, 6, 'blade.x', column);
    const tall = chance.between(34, 130, 'blade', column) * (0.6 + 0.6 * chance.noise(column / 16, 'tuft'));
    const bend = chance.between(-34, 34, 'bend', column);
    const blade = `M${n(x - 4)} ${n(y + 30)}Q${n(x)} ${n(y - tall * 0.5)} ${n(x + bend)} ${n(y - tall)}Q${n(x + 5)} ${n(y - tall * 0.4)} ${n(x + 5)} ${n(y + 30)}Z`;
    if (column % 3 === 0) lit += blade;
    else blades += blade;
    if (!chance.happens(0.27, 'bloom', column)) continue;
    const r = chance.between(5, 12, 'bloom.r', column);
    const kind = ((column % 3) + 3) % 3;
    for (let petal = 0; petal < 5; petal++) {
      const angle = petal * 1.257;
      const px = x + bend + Math.cos(angle) * r * 0.7;
      const py = y - tall + Math.sin(angle) * r * 0.7;
      dots[kind as 0 | 1 | 2] +=
        `M${n(px - r * 0.55)} ${n(py)}a${n(r * 0.55)} ${n(r * 0.55)} 0 1 0 ${n(r * 1.1)} 0a${n(r * 0.55)} ${n(r * 0.55)} 0 1 0 ${n(-r * 1.1)} 0`;
    }
  }
  canvas.add(
    `<path d="${blades}" fill="${hex(palette.near)}"/><path d="${lit}" fill="${hex(mix(palette.near, palette.far, 0.35))}"/>`,
  );
  dots.forEach((d, kind) => {
    canvas.add(`<path d="${d}" fill="${hex(palette.accents[kind as 0 | 1 | 2])}"/>`);
  });
}

/** A row of conifers; `density` 1 is closed wood. */
function paintTreeLine(
  stage: Stage,
  y: number,
  tall: number,
  nearness: number,
  name: string,
  density = 0.72,
): void {
  const { canvas, chance, palette } = stage;
  const step = tall * 0.2 + 10;
  const own = layerColour(stage, nearness);
  const floor = floorOf(stage);
  let d = '';
  for (const column of columns(canvas.view, step, 110)) {
    const grove = chance.noise(column / 7, `${name}.grove`);
    if (!chance.happens(density * (0.45 + grove), name, column)) continue;
    const x = (column + chance.unit(`${name}.x`, column)) * step;
    const h = tall * chance.between(0.55, 1.1, `${name}.h`, column) * (0.7 + grove * 0.4);
    const w = h * chance.between(0.15, 0.2, `${name}.w`, column);
    const tiers = 5;
    let left = '';
    let rightSide = '';
    for (let tier = 0; tier < tiers; tier++) {
      const from = -h + (h * 0.9 * (tier + 1)) / tiers;
      const out = (w * (tier + 1)) / tiers;
      rightSide += `L${n(x + out)} ${n(y + from)}L${n(x + out * 0.55)} ${n(y + from - h * 0.025)}`;
      left = `L${n(x - out * 0.55)} ${n(y + from - h * 0.025)}L${n(x - out)} ${n(y + from)}${left}`;
    }
    d += `M${n(x)} ${n(y - h)}${rightSide}L${n(x + 4)} ${n(y + 10)}H${n(x - 4)}${left}Z`;
  }
  const fill = canvas.vertical(y - tall, y + 10, [
    { at: 0, colour: own },
    { at: 1, colour: mix(own, palette.near, 0.25) },
  ]);
  canvas.add(`<path d="${d}" fill="${fill}"/>`);
  if (density >= 1)
    canvas.add(
      `<rect x="${n(canvas.view.left)}" y="${n(y - 2)}" width="${n(canvas.view.width)}" height="${n(Math.max(0, floor - y))}" fill="${hex(own)}"/>`,
    );
}

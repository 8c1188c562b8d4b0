import { Canvas, n, right, type View } from './canvas.ts';
import { Chance, hashText, type Shift } from './chance.ts';
import { hex } from './colour.ts';
import { mixPalette } from './palette.ts';
import { type Reading, readImages, readPrompt } from './reading.ts';
import { pictureSize, type Recipe } from './recipe.ts';
import { settingPainters } from './settings/settings.ts';
import type { Stage } from './stage.ts';
import { type Extension, paintSurroundings } from './surroundings.ts';

// A recipe is a place without edges and a camera looking at it: zooms and pans move the camera, variations
// shift the numbers that the place is made from, upscales only ask for more pixels.
type Scene = {
  reading: Reading;
  seed: number;
  shifts: Shift[];
  home: View;
  view: View;
  extensions: Extension[];
  /** how many times finer detail was asked for */
  detail: number;
  regions: Region[];
};

/** A part of the scene that was drawn again: as another scene, where the mask is white. */
type Region = { mask: string; view: View; inside: Scene };

const shiftOf: Record<'subtle' | 'plain' | 'strong', number> = { subtle: 0.07, plain: 0.17, strong: 0.33 };
const creativeShift = 0.02;
const panStep = 0.5;

function sceneOf(recipe: Recipe): Scene {
  switch (recipe.op) {
    case 'draw':
      return newScene(
        readPrompt(recipe.prompt),
        seedOf('draw', recipe.prompt.trim(), recipe.seed, recipe.variant),
        recipe,
      );
    case 'blend': {
      const contents = recipe.images.map(({ sha256 }) => sha256).join(' ');
      return newScene(
        readImages(recipe.images),
        seedOf('blend', contents, recipe.seed, recipe.variant),
        recipe,
      );
    }
    case 'vary': {
      const parent = sceneOf(recipe.parent);
      const shift = {
        seed: seedOf('vary', recipe.strength, recipe.seed, recipe.variant),
        amount: shiftOf[recipe.strength],
      };
      return { ...parent, shifts: [...parent.shifts, shift] };
    }
    case 'region': {
      const parent = sceneOf(recipe.parent);
      const seed = seedOf('region', recipe.prompt ?? '', recipe.seed, recipe.variant);
      const inside =
        recipe.prompt === undefined
          ? { ...parent, shifts: [...parent.shifts, { seed, amount: shiftOf.strong }] }
          : newScene(readPrompt(recipe.prompt), seed, pictureSize(recipe.parent));
      return { ...parent, regions: [...parent.regions, { mask: recipe.mask, view: parent.view, inside }] };
    }
    case 'zoom': {
      const parent = sceneOf(recipe.parent);
      const { left, top, width, height } = parent.view;
      const factor = Math.max(1, recipe.factor);
      const outer = {
        left: left - (width * (factor - 1)) / 2,
        top: top - (height * (factor - 1)) / 2,
        width: width * factor,
        height: height * factor,
      };
      return extended(parent, outer, seedOf('zoom', '', recipe.seed, recipe.variant));
    }
    case 'square': {
      const parent = sceneOf(recipe.parent);
      return extended(parent, squared(parent.view), seedOf('square', '', recipe.seed, recipe.variant));
    }
    case 'pan': {
      const parent = sceneOf(recipe.parent);
      return extended(
        parent,
        panned(recipe, parent.view),
        seedOf('pan', recipe.direction, recipe.seed, recipe.variant),
      );
    }
    case 'upscale': {
      const parent = sceneOf(recipe.parent);
      if (recipe.style !== 'creative') return parent;
      const shift = { seed: seedOf('upscale', recipe.style, parent.seed, 0), amount: creativeShift };
      return { ...parent, detail: parent.detail + 1, shifts: [...parent.shifts, shift] };
    }
  }
}

function seedOf(kind: string, text: string, seed: number, variant: number): number {
  return hashText(`${kind}\n${text}\n${seed}\n${variant}`);
}

function newScene(
  reading: Reading,
  seed: number,
  { width, height }: { width: number; height: number },
): Scene {
  const unit = 1000 / Math.min(width, height);
  const home = {
    left: (-width * unit) / 2,
    top: (-height * unit) / 2,
    width: width * unit,
    height: height * unit,
  };
  return { reading, seed, shifts: [], home, view: home, extensions: [], detail: 0, regions: [] };
}

function extended(parent: Scene, outer: View, seed: number): Scene {
  return { ...parent, view: outer, extensions: [...parent.extensions, { inner: parent.view, outer, seed }] };
}

function squared({ left, top, width, height }: View): View {
  const side = Math.max(width, height);
  return { left: left - (side - width) / 2, top: top - (side - height) / 2, width: side, height: side };
}

// The canvas grows as far as its size allows; what it may not grow, it slides.
function panned(recipe: Extract<Recipe, { op: 'pan' }>, view: View): View {
  const before = pictureSize(recipe.parent);
  const after = pictureSize(recipe);
  const width = (view.width * after.width) / before.width;
  const height = (view.height * after.height) / before.height;
  const moved = { ...view, width, height };
  if (recipe.direction === 'right') moved.left += view.width * (1 + panStep) - width;
  if (recipe.direction === 'left') moved.left -= view.width * panStep;
  if (recipe.direction === 'down') moved.top += view.height * (1 + panStep) - height;
  if (recipe.direction === 'up') moved.top -= view.height * panStep;
  return moved;
}

/** The recipe as an SVG of the given size in pixels. */
export function paintScene(recipe: Recipe, width: number, height: number): Buffer {
  const scene = sceneOf(recipe);
  const canvas = new Canvas(scene.view);
  paint(scene, canvas);
  return canvas.toSvg(width, height);
}

function paint(scene: Scene, canvas: Canvas): void {
  const { reading, home } = scene;
  const chance = new Chance(scene.seed, scene.shifts);
  const stage: Stage = {
    canvas,
    chance,
    reading,
    home,
    palette: mixPalette(reading.mood, reading.tints, chance),
  };
  settingPainters[reading.setting](stage);
  for (const extension of scene.extensions) paintSurroundings(stage, extension);
  if (scene.detail > 0) paintDetail(stage, scene.detail);
  for (const { mask, view, inside } of scene.regions) {
    const inner = canvas.inner(inside.view);
    paint(inside, inner);
    canvas.addMasked(inner, mask, view);
  }
}

/** Motes in the light, and fine strokes where there were plain areas. */
function paintDetail({ canvas, chance, palette }: Stage, detail: number): void {
  const { view } = canvas;
  let motes = '';
  let strokes = '';
  for (let mote = 0; mote < 420 * detail; mote++) {
    const x = view.left + view.width * chance.unit('mote.x', mote);
    const y = view.top + view.height * chance.unit('mote.y', mote);
    const r = (0.6 + chance.unit('mote.r', mote) ** 4 * 3.4) * (view.width / 1000);
    motes += `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(r * 2)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-r * 2)} 0`;
    const long = chance.between(8, 40, 'stroke', mote) * (view.width / 1000);
    const sx = view.left + view.width * chance.unit('stroke.x', mote);
    if (sx + long < right(view))
      strokes += `M${n(sx)} ${n(view.top + view.height * chance.unit('stroke.y', mote))}q${n(long / 2)} ${n(chance.between(-5, 5, 'stroke.bend', mote))} ${n(long)} 0`;
  }
  canvas.add(
    `<path d="${strokes}" fill="none" stroke="${hex(palette.near)}" stroke-width="1" stroke-linecap="round" opacity=".13"/>`,
    `<path d="${motes}" fill="${hex(palette.light)}" opacity=".5"/>`,
  );
}

import type { Picture, Recipe } from '../pictures/pictures.ts';
import type { Direction, UpscaleStyle } from './custom-ids.ts';

type Variant = 0 | 1 | 2 | 3;

/** Four pictures of one kind, the variant telling them apart. */
function gridOf(make: (variant: Variant) => Recipe): Picture {
  return { op: 'grid', recipes: [make(0), make(1), make(2), make(3)] };
}

/** A picture's sides for an aspect, with the pixels of a square of `imageSize`. */
export function sidesFor(aspect: number, imageSize: number): { width: number; height: number } {
  const step = imageSize >= 256 ? 16 : 2;
  const even = (side: number) => Math.max(step, Math.round(side / step) * step);
  return { width: even(imageSize * Math.sqrt(aspect)), height: even(imageSize / Math.sqrt(aspect)) };
}

export function drawGrid(prompt: string, seed: number, sides: { width: number; height: number }): Picture {
  return gridOf((variant) => ({ op: 'draw', prompt, seed, variant, ...sides }));
}

export function blendGrid(
  sha256s: string[],
  seed: number,
  sides: { width: number; height: number },
): Picture {
  const images = sha256s.map((sha256) => ({ sha256 }));
  return gridOf((variant) => ({ op: 'blend', images, seed, variant, ...sides }));
}

/** The picture of one quadrant, 1 to 4; a single picture is its own. */
export function quadrant(picture: Picture, index: number): Recipe {
  if (picture.op !== 'grid') return picture;
  return picture.recipes[index - 1] ?? picture.recipes[0];
}

export function varyGrid(parent: Recipe, strength: 'subtle' | 'strong' | 'plain', seed: number): Picture {
  return gridOf((variant) => ({ op: 'vary', parent, strength, seed, variant }));
}

export function zoomGrid(parent: Recipe, factor: number, seed: number): Picture {
  return gridOf((variant) => ({ op: 'zoom', parent, factor, seed, variant }));
}

export function squareGrid(parent: Recipe, seed: number): Picture {
  return gridOf((variant) => ({ op: 'square', parent, seed, variant }));
}

export function panGrid(parent: Recipe, direction: Direction, seed: number): Picture {
  return gridOf((variant) => ({ op: 'pan', parent, direction, seed, variant }));
}

export function upscaled(parent: Recipe, style: Exclude<UpscaleStyle, 'max'>): Picture {
  return { op: 'upscale', parent, style };
}

/** Four pictures that are new where the mask is white, drawn from the prompt or from what was there. */
export function regionGrid(parent: Recipe, mask: string, prompt: string | undefined, seed: number): Picture {
  return gridOf((variant) => ({ op: 'region', parent, mask, prompt, seed, variant }));
}

/** The same four drawn again from another seed. */
export function redrawn(picture: Picture, seed: number): Picture {
  return gridOf((variant) => {
    const recipe = quadrant(picture, variant + 1);
    return recipe.op === 'upscale' ? recipe : { ...recipe, seed, variant };
  });
}

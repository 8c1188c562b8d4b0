/** Which of the four pictures of a job this is. */
type Variant = 0 | 1 | 2 | 3;

/** How one picture came to be: plain JSON, from which the picture can be drawn again at any time. */
export type Recipe =
  | { op: 'draw'; prompt: string; seed: number; variant: Variant; width: number; height: number }
  | { op: 'vary'; parent: Recipe; strength: 'subtle' | 'strong' | 'plain'; seed: number; variant: Variant }
  | { op: 'zoom'; parent: Recipe; factor: number; seed: number; variant: Variant }
  | { op: 'square'; parent: Recipe; seed: number; variant: Variant }
  | {
      op: 'pan';
      parent: Recipe;
      direction: 'left' | 'right' | 'up' | 'down';
      seed: number;
      variant: Variant;
    }
  | {
      op: 'region';
      parent: Recipe;
      /** A PNG of the picture's size in base64: white is drawn again. */
      mask: string;
      /** What is drawn there; without one the same, otherwise. */
      prompt?: string;
      seed: number;
      variant: Variant;
    }
  | { op: 'upscale'; parent: Recipe; style: 'subtle' | 'creative' | '2x' | '4x' }
  | {
      op: 'blend';
      images: { sha256: string }[];
      seed: number;
      variant: Variant;
      width: number;
      height: number;
    };

/** One picture, or a sheet of four that is as large as one of them. */
export type Picture = Recipe | { op: 'grid'; recipes: [Recipe, Recipe, Recipe, Recipe] };

export type Size = { width: number; height: number };

const largestSide = 4096;
/** A pan makes the canvas grow up to here; from then on it slides. */
const largestPannedSide = 2048;

/** Size in pixels of the picture when drawn in full. */
export function pictureSize(picture: Picture): Size {
  switch (picture.op) {
    case 'draw':
    case 'blend':
      return { width: picture.width, height: picture.height };
    case 'grid':
      return pictureSize(picture.recipes[0]);
    case 'vary':
    case 'region':
    case 'zoom':
      return pictureSize(picture.parent);
    case 'square': {
      const { width, height } = pictureSize(picture.parent);
      return { width: Math.max(width, height), height: Math.max(width, height) };
    }
    case 'pan':
      return pannedSize(pictureSize(picture.parent), picture.direction);
    case 'upscale':
      return enlarged(pictureSize(picture.parent), picture.style === '4x' ? 4 : 2);
  }
}

function pannedSize(size: Size, direction: 'left' | 'right' | 'up' | 'down'): Size {
  const grow = (side: number) => Math.max(side, Math.min(Math.round(side * 1.5), largestPannedSide));
  return direction === 'left' || direction === 'right'
    ? { width: grow(size.width), height: size.height }
    : { width: size.width, height: grow(size.height) };
}

function enlarged(size: Size, factor: number): Size {
  const scale = Math.min(factor, largestSide / Math.max(size.width, size.height));
  return { width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
}

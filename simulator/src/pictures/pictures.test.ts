import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Picture, pictureSize, type Recipe, renderPicture, renderPreview } from './pictures.ts';

const fixedSeed = 4711;
type Variant = 0 | 1 | 2 | 3;
type Cells = [Recipe, Recipe, Recipe, Recipe];

const draw = (prompt: string, variant: Variant = 0, width = 512, height = 512): Recipe => ({
  op: 'draw',
  prompt,
  seed: fixedSeed,
  variant,
  width,
  height,
});

const four = (make: (variant: Variant) => Recipe): Cells => [make(0), make(1), make(2), make(3)];

const prompts = [
  'a beautiful sunset',
  'a red cat on a blue sofa',
  'cyberpunk city at night, neon',
  'a cute robot in a green forest',
  'abstract golden waves',
  '一只可爱的猫',
  'two lighthouses in a storm --ar 16:9',
];

type Area = { left: number; top: number; width: number; height: number };

/** RGB bytes of an image, or of a part of it, scaled to a common size. */
async function look(image: Buffer, side: { width: number; height: number }, area?: Area): Promise<Buffer> {
  const source = area ? sharp(await sharp(image).extract(area).png().toBuffer()) : sharp(image);
  return source.resize(side.width, side.height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
}

/** Mean difference of two pictures of one size, 0 (same) to 255. */
function distance(first: Buffer, second: Buffer): number {
  expect(first.length).toBe(second.length);
  let sum = 0;
  for (let i = 0; i < first.length; i++) sum += Math.abs((first[i] ?? 0) - (second[i] ?? 0));
  return sum / first.length;
}

const viewSize = { width: 128, height: 128 };

async function seen(picture: Picture): Promise<Buffer> {
  return look(await renderPicture(picture), viewSize);
}

describe('a picture', () => {
  it('is the same PNG, byte for byte, for the same recipe', async () => {
    const recipe = draw('a red cat on a blue sofa');
    const first = await renderPicture(recipe);
    expect(first.equals(await renderPicture(structuredClone(recipe)))).toBe(true);
    expect((await sharp(first).metadata()).format).toBe('png');
  });

  it('differs clearly between prompts', async () => {
    const pictures = await Promise.all(prompts.map((prompt) => seen(draw(prompt))));
    for (const [i, first] of pictures.entries()) {
      for (const [j, second] of pictures.entries()) {
        if (i < j) expect(distance(first, second), `${prompts[i]} / ${prompts[j]}`).toBeGreaterThan(20);
      }
    }
  });

  it('differs with the seed', async () => {
    const recipe = {
      op: 'draw',
      prompt: 'a dragon',
      seed: fixedSeed,
      variant: 0,
      width: 512,
      height: 512,
    } as const;
    expect(distance(await seen(recipe), await seen({ ...recipe, seed: fixedSeed + 1 }))).toBeGreaterThan(6);
  });

  it('has four variants that differ among themselves', async () => {
    for (const prompt of prompts) {
      const variants = await Promise.all(four((variant) => draw(prompt, variant)).map(seen));
      for (const [i, first] of variants.entries()) {
        for (const [j, second] of variants.entries()) {
          if (i < j) expect(distance(first, second), `${prompt} ${i} ${j}`).toBeGreaterThan(4);
        }
      }
    }
  });

  it('takes its colours from the colour words', async () => {
    const mean = async (prompt: string) => {
      const { channels } = await sharp(await renderPicture(draw(prompt))).stats();
      const [red, green, blue] = channels.map((channel) => channel.mean);
      return { red: red ?? 0, green: green ?? 0, blue: blue ?? 0 };
    };
    const gold = await mean('abstract golden waves');
    expect(gold.red).toBeGreaterThan(gold.blue * 1.6);
    const green = await mean('a green forest');
    expect(green.green).toBeGreaterThan(Math.max(green.red, green.blue) * 1.1);
    const blue = await mean('abstract blue shapes');
    expect(blue.blue).toBeGreaterThan(blue.red * 1.3);
  });

  it('is drawn for prompts of any kind', async () => {
    for (const prompt of ['', '🦊✨', '<svg> & "quotes"', 'x'.repeat(4000), '--ar 16:9', '"a" </svg>']) {
      const { width, height } = await sharp(await renderPicture(draw(prompt), { maxSide: 64 })).metadata();
      expect([width, height]).toEqual([64, 64]);
    }
  });
});

describe('its size', () => {
  it.each<[string, Picture, number, number]>([
    ['is the one drawn', draw('a cat', 0, 1456, 816), 1456, 816],
    ['is one cell of a grid', { op: 'grid', recipes: four((v) => draw('a cat', v, 816, 1456)) }, 816, 1456],
    [
      'stays in a variation',
      { op: 'vary', parent: draw('a'), strength: 'plain', seed: 1, variant: 0 },
      512,
      512,
    ],
    ['stays in a zoom', { op: 'zoom', parent: draw('a'), factor: 1.5, seed: 1, variant: 0 }, 512, 512],
    [
      'grows sideways in a pan',
      { op: 'pan', parent: draw('a'), direction: 'left', seed: 1, variant: 0 },
      768,
      512,
    ],
    [
      'grows upwards in a pan',
      { op: 'pan', parent: draw('a'), direction: 'up', seed: 1, variant: 0 },
      512,
      768,
    ],
    ['doubles in an upscale', { op: 'upscale', parent: draw('a'), style: 'subtle' }, 1024, 1024],
    ['quadruples in a 4x', { op: 'upscale', parent: draw('a'), style: '4x' }, 2048, 2048],
    ['ends at 4096', { op: 'upscale', parent: draw('a', 0, 2048, 1024), style: '4x' }, 4096, 2048],
  ])('%s', async (_, picture, width, height) => {
    expect(pictureSize(picture)).toEqual({ width, height });
    const image = await renderPicture(picture, { maxSide: 200 });
    const metadata = await sharp(image).metadata();
    expect(Math.max(metadata.width, metadata.height)).toBe(200);
    expect(metadata.width / metadata.height).toBeCloseTo(width / height, 1);
  });

  it('is met to the pixel, odd sides included', async () => {
    const grid: Picture = { op: 'grid', recipes: four((v) => draw('a cat', v, 333, 251)) };
    const { width, height } = await sharp(await renderPicture(grid)).metadata();
    expect([width, height]).toEqual([333, 251]);
  });

  it('stops growing in repeated pans, and the picture slides on', async () => {
    let recipe = draw('a house in the mountains', 0, 1024, 512);
    for (const seed of [1, 2, 3, 4])
      recipe = { op: 'pan', parent: recipe, direction: 'right', seed, variant: 0 };
    expect(pictureSize(recipe)).toEqual({ width: 2048, height: 512 });
    const before = await look(await renderPicture(recipe.op === 'pan' ? recipe.parent : recipe), viewSize);
    expect(distance(before, await look(await renderPicture(recipe), viewSize))).toBeGreaterThan(4);
  });
});

describe('a pick', () => {
  it.each(prompts)('looks like its own quadrant of the grid and no other: %s', async (prompt) => {
    const recipes = four((variant) => draw(prompt, variant));
    const grid = await renderPicture({ op: 'grid', recipes });
    const quadrants = await Promise.all(
      [0, 1, 2, 3].map((i) =>
        look(grid, viewSize, { left: (i % 2) * 256, top: Math.floor(i / 2) * 256, width: 256, height: 256 }),
      ),
    );
    for (const [index, recipe] of recipes.entries()) {
      const pick = await seen(recipe);
      const distances = quadrants.map((quadrant) => distance(pick, quadrant));
      expect(distances[index]).toBeLessThan(2.5);
      for (const [other, far] of distances.entries()) if (other !== index) expect(far).toBeGreaterThan(4);
    }
  });
});

describe('a variation', () => {
  it('keeps the composition: the stronger, the farther from it', async () => {
    for (const prompt of ['a castle in the mountains', 'a red cat on a blue sofa', 'abstract golden waves']) {
      const parent = draw(prompt);
      const original = await seen(parent);
      const mean = async (strength: 'subtle' | 'plain' | 'strong') => {
        const all = await Promise.all(
          four((variant) => ({ op: 'vary', parent, strength, seed: 9, variant })).map(seen),
        );
        return all.reduce((sum, one) => sum + distance(original, one), 0) / 4;
      };
      const [subtle, plain, strong] = [await mean('subtle'), await mean('plain'), await mean('strong')];
      const stranger = distance(original, await seen(draw('underwater jellyfish')));
      expect(subtle, prompt).toBeGreaterThan(0.5);
      expect(plain, prompt).toBeGreaterThan(subtle);
      expect(strong, prompt).toBeGreaterThan(plain);
      expect(strong, prompt).toBeLessThan(stranger);
    }
  });

  it('gives four different pictures', async () => {
    const parent = draw('a lion');
    const all = await Promise.all(
      four((variant) => ({ op: 'vary', parent, strength: 'subtle', seed: 9, variant })).map(seen),
    );
    const [first, ...others] = all;
    for (const other of others) expect(distance(first ?? Buffer.alloc(0), other)).toBeGreaterThan(0.5);
  });
});

describe('a zoom', () => {
  it.each([...prompts, 'a galaxy', 'underwater whale', 'a desert', 'mosaic'])(
    'shows its parent, smaller, in the middle: %s',
    async (prompt) => {
      const parent = draw(prompt);
      const small = { width: 64, height: 64 };
      const expected = await look(await renderPicture(parent), small);
      for (const factor of [1.5, 2]) {
        const zoomed = await renderPicture({ op: 'zoom', parent, factor, seed: 3, variant: 1 });
        const side = Math.round(512 / factor);
        const offset = Math.round((512 - side) / 2);
        const middle = await look(zoomed, small, { left: offset, top: offset, width: side, height: side });
        expect(distance(expected, middle), `${factor}`).toBeLessThan(8);
        expect(distance(expected, await look(zoomed, small))).toBeGreaterThan(8);
      }
    },
  );

  it('draws other surroundings in each variant', async () => {
    for (const prompt of ['a castle in the mountains', 'abstract golden waves']) {
      const zooms = await Promise.all(
        four((variant) => ({ op: 'zoom', parent: draw(prompt), factor: 2, seed: 3, variant })).map(seen),
      );
      const [first, ...others] = zooms;
      for (const other of others) expect(distance(first ?? Buffer.alloc(0), other)).toBeGreaterThan(0.8);
    }
  });

  it('can be repeated many times', async () => {
    let recipe = draw('a pine forest');
    for (let seed = 0; seed < 8; seed++) recipe = { op: 'zoom', parent: recipe, factor: 2, seed, variant: 0 };
    const { width } = await sharp(await renderPicture(recipe, { maxSide: 128 })).metadata();
    expect(width).toBe(128);
  });
});

describe('a pan', () => {
  it.each([
    ['left', { left: 256, top: 0 }],
    ['right', { left: 0, top: 0 }],
    ['up', { left: 0, top: 256 }],
    ['down', { left: 0, top: 0 }],
  ] as const)('to the %s still shows its parent', async (direction, corner) => {
    const small = { width: 64, height: 64 };
    for (const prompt of ['a lighthouse', 'a fox', 'abstract flow']) {
      const parent = draw(prompt);
      const panned = await renderPicture({ op: 'pan', parent, direction, seed: 5, variant: 2 });
      const kept = await look(panned, small, { ...corner, width: 512, height: 512 });
      expect(distance(await look(await renderPicture(parent), small), kept), prompt).toBeLessThan(8);
    }
  });
});

describe('an upscale', () => {
  it('keeps the picture; a creative one adds to it', async () => {
    const parent = draw('a fox');
    const original = await seen(parent);
    const subtle = distance(original, await seen({ op: 'upscale', parent, style: 'subtle' }));
    const creative = distance(original, await seen({ op: 'upscale', parent, style: 'creative' }));
    expect(subtle).toBeLessThan(2);
    expect(creative).toBeGreaterThan(subtle);
    expect(creative).toBeLessThan(14);
  });
});

describe('a blend', () => {
  it('follows from its images', async () => {
    const blend = (...images: string[]): Recipe => ({
      op: 'blend',
      images: images.map((sha256) => ({ sha256 })),
      seed: 1,
      variant: 0,
      width: 512,
      height: 512,
    });
    const first = await seen(blend('aa'.repeat(32), 'bb'.repeat(32)));
    expect(distance(first, await seen(blend('aa'.repeat(32), 'bb'.repeat(32))))).toBe(0);
    expect(distance(first, await seen(blend('aa'.repeat(32), 'cc'.repeat(32))))).toBeGreaterThan(10);
  });
});

describe('a preview', () => {
  it('is a small WebP in the shape of the picture that gets closer to it', async () => {
    const grid: Picture = { op: 'grid', recipes: four((v) => draw('cyberpunk city at night', v, 1024, 512)) };
    const shape = { width: 256, height: 128 };
    const final = await look(await renderPicture(grid), shape);
    const distances: number[] = [];
    for (const progress of [0, 30, 60, 100]) {
      const preview = await renderPreview(grid, progress);
      const { format, width, height } = await sharp(preview).metadata();
      expect([format, width, height]).toEqual(['webp', 256, 128]);
      distances.push(distance(final, await look(preview, shape)));
    }
    expect(distances).toEqual([...distances].sort((a, b) => b - a));
    expect(distances[3]).toBeLessThan((distances[0] ?? 0) * 0.7);
  });
});

import { Chance } from './chance.ts';

const tileSide = 256;
/** Grain is a pattern of this many whole levels up and down: more would cost the PNG its compression. */
const grainLevels = 2;

// One tile for all pictures: the grain belongs to the paper, not to the scene.
const grain = makeGrain();

function makeGrain(): Int8Array {
  const chance = new Chance(20240229);
  const tile = new Int8Array(tileSide * tileSide);
  for (let i = 0; i < tile.length; i++) {
    // Two throws: small deviations are more frequent than large ones.
    tile[i] = Math.round((chance.unit('a', i) + chance.unit('b', i) - 1) * (grainLevels + 0.5));
  }
  return tile;
}

/** Adds grain and darker corners to RGB pixels, in place. */
export function finish(pixels: Uint8Array, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    const fromMiddle = (y / height - 0.5) ** 2;
    const grainRow = (y % tileSide) * tileSide;
    let at = y * width * 3;
    for (let x = 0; x < width; x++) {
      const reach = fromMiddle + (x / width - 0.5) ** 2;
      const light = reach > 0.2 ? 1 - (reach - 0.2) * 0.5 : 1;
      const speck = grain[grainRow + (x % tileSide)] ?? 0;
      for (let channel = 0; channel < 3; channel++, at++) {
        const value = (pixels[at] ?? 0) * light + speck;
        pixels[at] = value < 0 ? 0 : Math.min(value, 255);
      }
    }
  }
}

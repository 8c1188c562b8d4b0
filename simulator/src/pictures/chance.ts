/** A variation: how far (0..1) every number of the original may move, and the seed that says where to. */
export type Shift = { seed: number; amount: number };

/** 32-bit hash of a text, the same on every machine. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return scramble(hash);
}

/**
 * Numbers that look random but depend only on the seed and a name. Naming each number, instead of
 * drawing them one after another, is what lets a variation move all of them a little while the
 * composition stays, and lets a zoom ask for places of the scene that its parent never showed.
 */
export class Chance {
  readonly #seed: number;
  readonly #shifts: readonly Shift[];

  constructor(seed: number, shifts: readonly Shift[] = []) {
    this.#seed = seed;
    this.#shifts = shifts;
  }

  /** 0..1 for this name and place; variations move it. */
  unit(name: string, index = 0): number {
    const key = hashText(name);
    let value = toUnit(this.#seed, key, index);
    for (const shift of this.#shifts) {
      value += (toUnit(shift.seed, key, index) * 2 - 1) * shift.amount;
      if (value < 0) value = -value;
      if (value > 1) value = 2 - value;
    }
    return value;
  }

  between(low: number, high: number, name: string, index = 0): number {
    return low + (high - low) * this.unit(name, index);
  }

  /** A choice that decides what the picture is; variations keep it. */
  pick<T>(choices: readonly [T, ...T[]], name: string, index = 0): T {
    return choices[Math.floor(this.#kept(name, index) * choices.length)] ?? choices[0];
  }

  /** Whether something is there at all; variations keep it. */
  happens(probability: number, name: string, index = 0): boolean {
    return this.#kept(name, index) < probability;
  }

  /** Smooth noise along a line, 0..1, one bump per unit of `x`. */
  noise(x: number, name: string): number {
    const cell = Math.floor(x);
    const t = x - cell;
    const ease = t * t * (3 - 2 * t);
    return this.unit(name, cell) * (1 - ease) + this.unit(name, cell + 1) * ease;
  }

  /** Smooth noise on a plane, 0..1. */
  noise2(x: number, y: number, name: string): number {
    const row = Math.floor(y);
    const t = y - row;
    const ease = t * t * (3 - 2 * t);
    return this.noise(x + row * 1009, name) * (1 - ease) + this.noise(x + (row + 1) * 1009, name) * ease;
  }

  #kept(name: string, index: number): number {
    return toUnit(this.#seed, hashText(name), index);
  }
}

function toUnit(seed: number, key: number, index: number): number {
  return scramble(scramble(seed ^ key) + Math.imul(index, 0x9e3779b1)) / 4294967296;
}

/** The finaliser of MurmurHash3. */
function scramble(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

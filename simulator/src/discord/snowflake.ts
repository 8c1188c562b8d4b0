/** Milliseconds of 1 January 2015, where Discord's ids begin to count. */
const discordEpoch = 1_420_070_400_000n;

export type NewSnowflake = () => string;

/** Makes ids as Discord's: unique, and increasing with time. */
export function createSnowflakes(now: () => number = Date.now): NewSnowflake {
  let last = 0n;
  return () => {
    const candidate = (BigInt(now()) - discordEpoch) << 22n;
    last = candidate > last ? candidate : last + 1n;
    return last.toString();
  };
}

export function isSnowflake(text: string): boolean {
  return /^\d{1,20}$/.test(text);
}

/** Orders ids by age. They have different lengths, so text order is not enough. */
export function compareSnowflakes(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

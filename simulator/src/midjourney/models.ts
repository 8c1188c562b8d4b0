/**
 * What each of Midjourney's models takes, as its help pages said in September 2026. Where sources contradict each
 * other the model takes it: `--tile` and `--stop` on V8.
 */

type Fits = (value: string) => boolean;

interface Parameter {
  /** Its possible values. */
  fits: Fits;
  /** Values of models that differ. */
  in?: Partial<Record<string, Fits>>;
  /** The only models that take it; all others take everything but what is in `not`. */
  only?: readonly string[];
  not?: readonly string[];
  /** Videos have it too, or have it alone. All others are dropped from the prompt of a video. */
  video?: 'too' | 'alone';
}

const flag: Fits = (value) => value === '';
const anything: Fits = (value) => value !== '';
const between =
  (low: number, high: number): Fits =>
  (value) =>
    /^\d+(\.\d+)?$/.test(value) && Number(value) >= low && Number(value) <= high;
const whole =
  (low: number, high: number): Fits =>
  (value) =>
    /^\d+$/.test(value) && between(low, high)(value);
const oneOf =
  (...values: string[]): Fits =>
  (value) =>
    values.includes(value);
const links =
  (most: number): Fits =>
  (value) => {
    const given = value.split(' ');
    return given.length <= most && given.every((each) => /^<?https?:\/\/[^\s<>]+>?$/.test(each));
  };
const ratio =
  (most: number): Fits =>
  (value) => {
    const aspect = aspectOf(value);
    return aspect !== undefined && aspect >= 1 / most && aspect <= most;
  };

/** Width divided by height of a value of `--ar`; undefined when it is none. */
export function aspectOf(value: string): number | undefined {
  const [, width, height] = /^(\d{1,5}):(\d{1,5})$/.exec(value) ?? [];
  const aspect = Number(width) / Number(height);
  return Number.isFinite(aspect) && aspect > 0 ? aspect : undefined;
}

const v8 = ['8.1', '8.2'] as const;
const withCharacters = ['6.0', '6.1', 'niji 6'] as const;

/** Parameters by their short names. */
const parameters: Record<string, Parameter> = {
  ar: { fits: ratio(14), video: 'too' },
  v: { fits: (value) => !value.startsWith('niji') && versions.includes(fullVersion(value)) },
  niji: { fits: oneOf('', '4', '5', '6', '7') },
  seed: { fits: whole(0, 4_294_967_295) },
  s: { fits: between(0, 1000) },
  c: { fits: between(0, 100) },
  q: { fits: oneOf('.25', '0.25', '.5', '0.5', '1', '2', '4'), not: v8 },
  iw: { fits: between(0, 3), in: { 'niji 7': between(0, 2) } },
  w: { fits: between(0, 3000) },
  stop: { fits: between(10, 100), not: ['7.0'] },
  exp: { fits: between(0, 100) },
  no: { fits: anything },
  style: { fits: oneOf('raw', 'cute', 'expressive', 'original', 'scenic', '4a', '4b', '4c') },
  sref: { fits: anything },
  sw: { fits: between(0, 1000) },
  sv: {
    fits: whole(1, 7),
    in: { '6.1': whole(1, 4), '7.0': oneOf('4'), '8.1': oneOf('7'), '8.2': oneOf('7') },
  },
  cref: { fits: anything, only: withCharacters },
  cw: { fits: between(0, 100), only: withCharacters },
  oref: { fits: links(1), only: ['7.0'] },
  ow: { fits: between(1, 1000), only: ['7.0'] },
  edit: { fits: links(4), only: v8 },
  hd: { fits: flag, only: v8 },
  sd: { fits: flag, only: v8 },
  draft: { fits: flag, only: ['7.0'] },
  p: { fits: () => true },
  raw: { fits: flag, video: 'too' },
  tile: { fits: flag },
  fast: { fits: flag, video: 'too' },
  relax: { fits: flag, video: 'too' },
  turbo: { fits: flag, video: 'too' },
  stealth: { fits: flag, video: 'too' },
  public: { fits: flag, video: 'too' },
  video: { fits: oneOf('', '1'), video: 'too' },
  motion: { fits: oneOf('low', 'high'), video: 'alone' },
  bs: { fits: oneOf('1', '2', '4'), video: 'alone' },
  loop: { fits: flag, video: 'alone' },
  end: { fits: (value) => value === 'loop' || links(1)(value), video: 'alone' },
  zoom: { fits: between(1, 2) },
};

/** Parameters whose values are, or may be, the addresses of pictures. */
export const picturesIn: readonly string[] = ['edit', 'oref', 'cref', 'sref', 'end'];

/** Parameters that cannot be combined; with a value if only that one cannot. */
export const conflicts: readonly [name: string, other: string, value?: string][] = [
  ['niji', 'v'],
  ['edit', 'tile'],
  ['oref', 'fast'],
  ['oref', 'draft'],
  ['oref', 'q', '4'],
  ['hd', 'sd'],
  ['loop', 'end'],
];

/** An `--hd` picture is at most so many times as long as it is short. */
export const longestInHd = 4;

/** Every model as the bot writes it at the end of a prompt, behind `--v` or as it is. */
export const versions: readonly string[] = [
  '1',
  '2',
  '3',
  '4',
  '5',
  '5.0',
  '5.1',
  '5.2',
  '6.0',
  '6.1',
  '7.0',
  ...v8,
  'niji 4',
  'niji 5',
  'niji 6',
  'niji 7',
];

/** `7` is shown as `7.0`; 5 and older as they were written. */
export function fullVersion(version: string): string {
  return version === '6' || version === '7' ? `${version}.0` : version;
}

/** The number of a model; niji's are those of the Midjourney model that they share most with. */
export function modelNumber(version: string): number {
  return Number(version.replace('niji ', ''));
}

export function isV8(version: string): boolean {
  return v8.some((known) => known === version);
}

/** Whether there is a parameter of this name for pictures, or for videos. */
export function isParameter(name: string, isVideo: boolean): boolean {
  return Object.hasOwn(parameters, name) && (isVideo || parameters[name]?.video !== 'alone');
}

export function isOfVideos(name: string): boolean {
  return parameters[name]?.video !== undefined;
}

/** Whether a model takes a parameter at all. */
export function takes(version: string, name: string): boolean {
  const { only, not } = parameters[name] ?? {};
  return only ? only.includes(version) : !not?.includes(version);
}

/** Whether a model takes a parameter with this value. */
export function fits(version: string, name: string, value: string): boolean {
  const parameter = parameters[name];
  return (parameter?.in?.[version] ?? parameter?.fits)?.(value) === true;
}

/** Models that refuse texts weighted with `::`. */
export function refusesWeights(version: string): boolean {
  return version === '7.0' || isV8(version);
}

/** The newest ones, which draw unless another was chosen. */
export const newest = { midjourney: '8.2', niji: 'niji 7' } as const;

/** The model that draws when neither the prompt nor the account names one. Midjourney switches it overnight. */
export class DefaultModels {
  readonly #first: string;
  /** As the bot writes it: `8.2`. */
  midjourney: string;
  readonly niji: string = newest.niji;

  constructor(first: string = newest.midjourney) {
    this.#first = readVersion(first);
    this.midjourney = this.#first;
  }

  reset(): void {
    this.midjourney = this.#first;
  }
}

/** A model as people write it, `8.2` or `7` or `niji 7`. Throws when there is none of that name. */
export function readVersion(written: unknown): string {
  const version = fullVersion(String(written));
  if (!versions.includes(version)) {
    throw new Error(`there is no model ${JSON.stringify(written)}; there are ${versions.join(', ')}`);
  }
  return version;
}

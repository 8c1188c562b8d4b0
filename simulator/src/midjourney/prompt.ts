import { createHash } from 'node:crypto';
import type { Speed } from './jobs.ts';
import { type Refusal, refusals } from './refusals.ts';

/** A prompt as Midjourney understood it. */
export interface Prompt {
  /** The text without image links and parameters, white space collapsed. */
  text: string;
  /** Links in the prompt, as they were sent. */
  links: string[];
  /** As the bot repeats it in its messages. */
  echo: string;
  /** Width divided by height. */
  aspect: number;
  /** `7.0`, `6.1`, `5.2`..., or `niji 6`. */
  version: string;
  seed?: number;
  speed?: Speed;
  stealth: boolean;
  /** Of custom zoom only. */
  zoom?: number;
}

interface Parameter {
  name: string;
  value: string;
}

type Rule = (value: string) => boolean;

const flag: Rule = (value) => value === '';
const anything: Rule = (value) => value !== '';
const between =
  (low: number, high: number): Rule =>
  (value) =>
    /^\d+(\.\d+)?$/.test(value) && Number(value) >= low && Number(value) <= high;
const oneOf =
  (...values: string[]): Rule =>
  (value) =>
    values.includes(value);

/** Parameters by their short names: https://docs.midjourney.com/hc/en-us/articles/32859204029709 */
const rules: Record<string, Rule> = {
  ar: (value) => {
    const [, width, height] = /^(\d{1,5}):(\d{1,5})$/.exec(value) ?? [];
    const ratio = Number(width) / Number(height);
    return Number(width) > 0 && Number(height) > 0 && ratio >= 1 / 14 && ratio <= 14;
  },
  v: oneOf('1', '2', '3', '4', '5', '5.0', '5.1', '5.2', '6', '6.0', '6.1', '7', '7.0'),
  niji: oneOf('', '4', '5', '6', '7'),
  seed: (value) => /^\d{1,10}$/.test(value) && Number(value) <= 4_294_967_295,
  s: between(0, 1000),
  c: between(0, 100),
  q: oneOf('.25', '0.25', '.5', '0.5', '1', '2', '4'),
  iw: between(0, 3),
  w: between(0, 3000),
  stop: between(10, 100),
  exp: between(0, 100),
  cw: between(0, 100),
  sw: between(0, 1000),
  ow: between(1, 1000),
  zoom: between(1, 2),
  no: anything,
  style: oneOf('raw', 'cute', 'expressive', 'original', 'scenic', '4a', '4b', '4c'),
  sref: anything,
  cref: anything,
  oref: anything,
  p: () => true,
  raw: flag,
  tile: flag,
  draft: flag,
  fast: flag,
  relax: flag,
  turbo: flag,
  stealth: flag,
  public: flag,
};

const shortNames = new Map([
  ['aspect', 'ar'],
  ['version', 'v'],
  ['stylize', 's'],
  ['chaos', 'c'],
  ['quality', 'q'],
  ['weird', 'w'],
  ['profile', 'p'],
]);

const currentVersion = '7.0';
const speeds = new Map<string, Speed>([
  ['fast', 'fast'],
  ['relax', 'relaxed'],
  ['turbo', 'turbo'],
]);

interface PromptOptions {
  /** Custom zoom has a parameter that other prompts may not have. */
  allowZoom?: boolean;
  defaultVersion?: string;
}

/** Reads a prompt as Midjourney does, or says why it refuses it. */
export function parsePrompt(
  raw: string,
  { allowZoom = false, defaultVersion = currentVersion }: PromptOptions = {},
): Prompt | Refusal {
  const { body, parameters } = splitParameters(raw);
  const refusal = firstBadParameter(parameters, allowZoom);
  if (refusal) return refusal;

  const links = body.match(/https?:\/\/[^\s<>]+/g) ?? [];
  const text = collapse(body.replace(/<?https?:\/\/[^\s<>]+>?/g, ' '));
  if (text.replace(/<#\d+#>/g, '').trim() === '' && links.length === 0) return refusals.emptyPrompt();

  const value = (name: string) => parameters.findLast((parameter) => parameter.name === name)?.value;
  const niji = value('niji');
  const version = niji === undefined ? fullVersion(value('v') ?? defaultVersion) : `niji ${niji || '6'}`;
  const seed = value('seed');
  const speed = speeds.get(parameters.findLast(({ name }) => speeds.has(name))?.name ?? '');
  const zoom = value('zoom');
  const [width = 1, height = 1] = (value('ar') ?? '1:1').split(':').map(Number);
  return {
    text,
    links,
    echo: echo(body, parameters, version),
    aspect: width / height,
    version,
    stealth: parameters.some(({ name }) => name === 'stealth'),
    seed: seed === undefined ? undefined : Number(seed),
    speed,
    zoom: zoom === undefined ? undefined : Number(zoom),
  };
}

/** The short link that Midjourney shows instead of an image's address. */
function shortLink(url: string): string {
  const code = createHash('sha256').update(url).digest('base64url').replaceAll('-', 'x').slice(0, 11);
  return `<https://s.mj.run/${code}>`;
}

/** Parameters stand at the end, from the first ` --` on. Phones turn `--` into a dash: both count. */
function splitParameters(raw: string): { body: string; parameters: Parameter[] } {
  const line = collapse(raw).replace(/(^|\s)[—–](?=\p{L})/gu, '$1--');
  const start = /(^|\s)--\p{L}/u.exec(line)?.index;
  if (start === undefined) return { body: line, parameters: [] };
  const parameters = line
    .slice(start)
    .split(/(?:^|\s)--(?=\p{L})/u)
    .slice(1)
    .map((written) => {
      const [, name = '', value = ''] = /^(\S+)\s*(.*)$/.exec(written) ?? [];
      const lower = name.toLowerCase();
      return { name: shortNames.get(lower) ?? lower, value: value.trim() };
    });
  return { body: line.slice(0, start).trim(), parameters };
}

function firstBadParameter(parameters: Parameter[], allowZoom: boolean): Refusal | undefined {
  for (const { name, value } of parameters) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule || (name === 'zoom' && !allowZoom)) return refusals.unknownParameter(`--${name}`);
    if (!rule(value)) return refusals.badValue(`--${name}`, value);
  }
  if (parameters.some(({ name }) => name === 'v') && parameters.some(({ name }) => name === 'niji')) {
    return refusals.incompatible('--niji', '--v');
  }
  return undefined;
}

/** Written as the bot repeats it: short names, the version at the end and always there. */
function echo(body: string, parameters: Parameter[], version: string): string {
  const shown = parameters.filter(({ name }) => name !== 'v' && name !== 'niji' && name !== 'zoom');
  const written = shown.map(({ name, value }) => `--${name}${value === '' ? '' : ` ${value}`}`);
  const versionWritten = version.startsWith('niji') ? `--${version}` : `--v ${version}`;
  return shortenLinks([body, ...written, versionWritten].join(' ').trim());
}

function shortenLinks(text: string): string {
  return text.replace(/<?(https?:\/\/[^\s<>]+)>?/g, (whole, url: string) =>
    url.startsWith('https://s.mj.run/') ? `<${url}>` : url === '' ? whole : shortLink(url),
  );
}

/** `7` is shown as `7.0`; 5 and older as they were written. */
function fullVersion(version: string): string {
  return version === '6' || version === '7' ? `${version}.0` : version;
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

import { createHash } from 'node:crypto';
import type { Speed } from './jobs.ts';
import { aspectOf, fullVersion, isOfVideos, newest, picturesIn, refusesWeights } from './models.ts';
import {
  badParameter,
  collapse,
  conflictIn,
  type Parameter,
  splitParameters,
  unknownParameter,
  versionParameter,
} from './prompt-parameters.ts';
import { commonAspect } from './read-image.ts';
import { type Refusal, refusals } from './refusals.ts';
import type { Video } from './videos/video.ts';
import { videoText } from './videos/video-text.ts';

/** A parsed prompt. */
export interface Prompt {
  /** The text without image links and parameters, white space collapsed. */
  text: string;
  /** Links before the parameters, as they were sent. */
  links: string[];
  /** Links of the pictures to edit. */
  edits: string[];
  /** All links in parameters: of pictures to edit, of references, of the end of a video. */
  references: string[];
  /** As the bot repeats it in its messages. */
  echo: string;
  /** Width divided by height. */
  aspect: number;
  /** `7.0`, `6.1`, `5.2`..., or `niji 6`. */
  version: string;
  seed?: number;
  speed?: Speed;
  /** Asked for by `--stealth`, or forbidden by `--public`. */
  stealth?: boolean;
  hd: boolean;
  /** With `--video` only. */
  video?: VideoWish;
  /** Of custom zoom only. */
  zoom?: number;
}

/** The options of a video. */
interface VideoWish extends Pick<Video, 'motion' | 'clips'> {
  /** The link of the picture that it ends in, or `loop`. */
  end?: string;
}

const speeds = new Map<string, Speed>([
  ['fast', 'fast'],
  ['relax', 'relaxed'],
  ['turbo', 'turbo'],
]);

export interface PromptOptions {
  /** Custom zoom has a parameter that other prompts may not have. */
  allowZoom?: boolean;
  /** It is for an existing picture or video. */
  animates?: boolean;
  /** The model of a prompt that names none. */
  defaultVersion?: string;
  /** The account's settings. */
  preferred?: { raw: boolean; stylize: number };
  /** The model that draws, whatever the prompt says. */
  drawnBy?: string;
  /** The size of the picture behind a link. */
  sizeOf?: (link: string) => { width: number; height: number } | undefined;
}

/** Parses a prompt as Midjourney does, or returns its refusal. */
export function parsePrompt(raw: string, options: PromptOptions = {}): Prompt | Refusal {
  const { body, parameters } = splitParameters(raw);
  const isVideo = parameters.some(({ name }) => name === 'video');
  const given = isVideo ? parameters.filter(({ name }) => isOfVideos(name)) : parameters;
  const value = (name: string) => given.findLast((parameter) => parameter.name === name)?.value;
  const version = options.drawnBy ?? versionOf(value, options.defaultVersion ?? newest.midjourney);
  const refusal =
    unknownParameter(parameters, isVideo, options.allowZoom === true) ??
    badParameter(given, version) ??
    conflictIn(given) ??
    (refusesWeights(version) && !isVideo && withoutLinks(body).includes('::')
      ? refusals.weights(versionParameter(version))
      : undefined);
  if (refusal) return refusal;

  const links = linksIn(body);
  const text = collapse(withoutLinks(body));
  if (text.replace(/<#\d+#>/g, '').trim() === '' && links.length === 0) return refusals.emptyPrompt();
  if (isVideo && links.length === 0 && !options.animates) return refusals.videoWithoutPicture();

  const speed = speeds.get(given.findLast(({ name }) => speeds.has(name))?.name ?? '');
  if (isVideo && speed === 'turbo') return refusals.turboVideo();
  const references = given.flatMap(({ name, value }) => (picturesIn.includes(name) ? linksIn(value) : []));
  const edits = linksIn(value('edit') ?? '');
  const [shaping] = isVideo ? links : edits;
  const size = shaping === undefined ? undefined : options.sizeOf?.(shaping);
  const written = value('ar') ?? (size ? commonAspect(size) : '1:1');
  const zoom = value('zoom');
  const seed = value('seed');
  return {
    text,
    links,
    edits,
    references,
    echo: isVideo
      ? videoEcho(body, value, written)
      : echo(body, [...given, ...preferredBy(options, given)], version),
    aspect: aspectOf(written) ?? 1,
    version,
    hd: value('hd') !== undefined,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(speed === undefined ? {} : { speed }),
    ...(value('stealth') === undefined ? {} : { stealth: true }),
    ...(value('public') === undefined ? {} : { stealth: false }),
    ...(zoom === undefined ? {} : { zoom: Number(zoom) }),
    ...(isVideo ? { video: videoWish(value) } : {}),
  };
}

type ValueOf = (name: string) => string | undefined;

function versionOf(value: ValueOf, defaultVersion: string): string {
  const niji = value('niji');
  if (niji !== undefined) return niji === '' ? newest.niji : `niji ${niji}`;
  return fullVersion(value('v') ?? defaultVersion);
}

function videoWish(value: ValueOf): VideoWish {
  const batch = value('bs');
  const end = value('loop') === undefined ? value('end') : 'loop';
  return {
    motion: value('motion') === 'high' ? 'high' : 'low',
    clips: batch === '1' ? 1 : batch === '2' ? 2 : 4,
    ...(end === undefined ? {} : { end }),
  };
}

/** The short link that Midjourney shows instead of an image's address. */
function shortLink(url: string): string {
  const code = createHash('sha256').update(url).digest('base64url').replaceAll('-', 'x').slice(0, 11);
  return `<https://s.mj.run/${code}>`;
}

/** What the account's settings add to a prompt. */
function preferredBy({ preferred }: PromptOptions, given: Parameter[]): Parameter[] {
  const has = (...names: string[]) => given.some(({ name }) => names.includes(name));
  const added: Parameter[] = [];
  if (preferred?.raw && !has('raw', 'style')) added.push({ name: 'raw', value: '' });
  if (preferred && preferred.stylize !== 100 && !has('s')) {
    added.push({ name: 's', value: String(preferred.stylize) });
  }
  return added;
}

/** Written as the bot repeats it: short names, the version at the end and always there. */
function echo(body: string, parameters: Parameter[], version: string): string {
  const shown = parameters.filter(({ name }) => name !== 'v' && name !== 'niji' && name !== 'zoom');
  const written = shown.map(({ name, value }) => `--${name}${value === '' ? '' : ` ${value}`}`);
  const versionWritten = version.startsWith('niji') ? `--${version}` : `--v ${version}`;
  return shortenLinks([body, ...written, versionWritten].join(' ').trim());
}

function videoEcho(body: string, value: ValueOf, aspect: string): string {
  const { end } = videoWish(value);
  const raw = value('raw') !== undefined;
  return shortenLinks(videoText(body, { raw, motion: value('motion'), bs: value('bs'), end, aspect }));
}

function linksIn(text: string): string[] {
  return text.match(/https?:\/\/[^\s<>]+/g) ?? [];
}

function withoutLinks(text: string): string {
  return text.replace(/<?https?:\/\/[^\s<>]+>?/g, ' ');
}

function shortenLinks(text: string): string {
  return text.replace(/<?(https?:\/\/[^\s<>]+)>?/g, (_, url: string) =>
    url.startsWith('https://s.mj.run/') ? `<${url}>` : shortLink(url),
  );
}

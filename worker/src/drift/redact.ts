import { uuid } from '@midjourney-api/shared/midjourney/custom-id';
import { isMidjourneysWord, wordsOf } from './midjourney-words.ts';

/** Replaces what is a client's, the account's or secret in what Midjourney sends, and keeps its form. */
export interface Redactor {
  /** Words that are none of Midjourney's become `x`s, ids, links and times stand-ins of the same form. */
  text(text: string): string;
  /** A short text that Midjourney alone writes, such as a title, stays, unless a word of the client's is in it. */
  ownText(text: string): string;
  customId(customId: string): string;
  /** The same stand-in, of the same length, each time: in the order in which they are first seen. */
  id(id: string): string;
  /** The fields of a message that this program reads, whatever is nested in them. */
  json(value: unknown, key?: string): unknown;
}

/** Who asked, in every sample: the tests put the account's user in. */
export const sampleUserId = '900000000000000348';

const knownHosts = [
  'cdn.discordapp.com',
  'media.discordapp.net',
  's.mj.run',
  'midjourney.com',
  'www.midjourney.com',
];
const parameters =
  'ar|aspect|bs|chaos|cref|cw|draft|edit|end|exp|fast|hd|iw|loop|motion|niji|no|oref|ow|p|q|quality|raw|relax|repeat|sd|seed|sref|stop|stylize|s|sv|sw|tile|turbo|v|version|video|weird';

const uuids = new RegExp(uuid, 'gi');
const linkPattern = /https?:\/\/[^\s<>)\]"]+/g;
const ownTextPattern = /^[A-Z][A-Za-z0-9 ,.:!?()'’/-]{0,59}$/;

/** @param clients texts of the client that may be repeated; undefined: they are not known, and no text is Midjourney's own */
export function createRedactor(clients: readonly string[] | undefined): Redactor {
  const standIns = new Map([[sampleUserId, sampleUserId]]);
  const clientWords = new Set((clients ?? []).flatMap(wordsOf).filter((word) => word.length > 2));
  const repeated = (clients ?? []).map((text) => text.trim()).filter((text) => text.length > 2);

  const standIn = (original: string, make: (number: number) => string) => {
    const known = standIns.get(original) ?? make(standIns.size + 1);
    standIns.set(original, known);
    return known;
  };
  const id = (original: string) =>
    standIn(original, (number) => `1${String(number).padStart(original.length - 1, '0')}`);
  const jobId = (original: string) =>
    standIn(
      original.toLowerCase(),
      (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    );

  function link(address: string): string {
    const { host, pathname } = new URL(URL.canParse(address) ? address : 'https://x');
    const parts = pathname.split('/').filter(Boolean);
    const shown = parts.map((part) => (part === 'jobs' ? part : fileName(part)));
    return [`https://${knownHosts.includes(host) ? host : 'link.example'}`, ...shown].join('/');
  }

  /** What follows Midjourney's id of the job, such as `_grid_0.webp`, is Midjourney's. */
  function fileName(name: string): string {
    const [, before = '', job, after = '', extension = ''] =
      new RegExp(
        `^(.*?)(${uuid})?((?:_(?:grid|step|n|N|\\d{1,4}))*)(\\.(?:png|jpe?g|webp|gif|mp4|webm))?$`,
        'is',
      ).exec(name) ?? [];
    return `${masked(before)}${job ? jobId(job) : ''}${job ? after : masked(after)}${extension}`;
  }

  function text(given: string): string {
    let rest = given;
    const kept: string[] = [];
    // What is replaced as a whole is set aside, so that nothing looks into it again.
    const keep = (shown: string) => `\uE000${String.fromCharCode(0xe100 + kept.push(shown))}`;
    rest = rest.replace(/[\uE000-\uF8FF]/g, 'x');
    rest = rest.replace(/[1-9]\uFE0F?\u20E3/gu, keep);
    rest = rest.replace(/<#\d+#>/g, () => keep('{marker}'));
    rest = rest.replace(linkPattern, (address) => keep(link(address)));
    rest = rest.replace(/<t:\d+(:\w)?>/g, (_, style = '') => keep(`<t:1700000000${style}>`));
    rest = rest.replace(uuids, (job) => keep(jobId(job)));
    rest = rest.replace(/<@!?\d+>/g, () => keep(`<@${sampleUserId}>`));
    rest = rest.replace(/(<(?:@&|#))(\d+)>/g, (_, start, number) => keep(`${start}${id(number)}>`));
    for (const client of repeated) rest = rest.replaceAll(client, (found) => keep(prompt(found)));
    // The prompt stands between asterisks, in the small print of a command, or in quotes.
    rest = rest.replace(/\*\*([\s\S]*)\*\*/g, (_, inner) => `**${keep(prompt(inner))}**`);
    rest = rest.replace(/^(\/\w+ )([\s\S]*)$/gm, (_, command, inner) => `${command}${keep(prompt(inner))}`);
    rest = rest.replace(/(`+|")([^`"]+)\1/g, (_, quote, inner) => `${quote}${keep(prompt(inner))}${quote}`);
    rest = rest.replace(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu, (word) => {
      const isKnown = wordsOf(word).every(isMidjourneysWord) || /^\d{1,3}$/.test(word);
      return isKnown ? word : masked(word);
    });
    rest = rest.replace(/[^\p{L}\p{N}\p{P}\p{Sm}\s\uE000-\uF8FF`]/gu, 'x');
    const back = (shown: string): string =>
      shown.replace(/\uE000(.)/gs, (_, at: string) => back(kept[at.charCodeAt(0) - 0xe101] ?? ''));
    return back(rest);
  }

  /** A prompt keeps the names of its parameters. */
  function prompt(given: string): string {
    const parameter = new RegExp(`(--(?:${parameters}))(?![\\w-])`);
    return given
      .split(/(\uE000.)/s)
      .map((part) =>
        part.startsWith('\uE000')
          ? part
          : part
              .split(parameter)
              .map((each) => (each.startsWith('--') && parameter.test(each) ? each : masked(each)))
              .join(''),
      )
      .join('');
  }

  function ownText(given: string): string {
    const isOwn = clients !== undefined && ownTextPattern.test(given);
    return isOwn && !wordsOf(given).some((word) => clientWords.has(word)) && !/\d{4}/.test(given)
      ? given
      : text(given);
  }

  function customId(given: string): string {
    return given
      .split('::')
      .map((part, at) => {
        if (new RegExp(`^${uuid}$`, 'i').test(part)) return jobId(part);
        if (/^\d{1,3}$/.test(part)) return part;
        if (/^\d{15,25}$/.test(part)) return id(part);
        // What kind of button it is comes first. What follows may be anything.
        const isKind = at < 3 && isName(part) && !clientWords.has(part.toLowerCase());
        return isKind || part === 'SOLO' ? part : masked(part);
      })
      .join('::');
  }

  function json(value: unknown, key = ''): unknown {
    if (typeof value === 'string') {
      if (/^\d{15,25}$/.test(value)) return id(value);
      if (key === 'custom_id' || key === 'customId') return customId(value);
      if (/filenames?$/i.test(key)) return fileName(value);
      if (key === 'title' || key === 'label') return ownText(value);
      if (key === 'type') return /^[a-z]{1,12}$/.test(value) ? value : masked(value);
      if (key === 'content_type') return /^[a-z]+\/[a-z0-9.+-]{1,20}$/.test(value) ? value : masked(value);
      return text(value);
    }
    if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 1e8 ? value : 0;
    if (Array.isArray(value)) return value.map((each) => json(each, key));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).filter(([name]) => /^[a-z_]{1,40}$/i.test(name));
    return Object.fromEntries(fields.map(([name, each]) => [name, json(each, name)]));
  }

  return { text, ownText, customId, id, json };
}

/** Letters become `x`, digits `0`; what stands between them stays. */
function masked(text: string): string {
  return text.replace(/\p{N}/gu, '0').replace(/[^\p{P}\p{Z}\s0\uE000-\uF8FF+<>=~^|$`]/gu, 'x');
}

/** As Midjourney names what a button does: words, and versions such as `v7_2x`. */
function isName(part: string): boolean {
  const isWord = /^(?:[a-z]+|[A-Z]{2,8}|(?:[A-Z]?[a-z]{2,})(?:[A-Z][a-z]+)*|v?\d{1,2}(?:r\d{1,2})?x?)$/;
  return part.length <= 40 && part.split('_').every((word) => isWord.test(word));
}

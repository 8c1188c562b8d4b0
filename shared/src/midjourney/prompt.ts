/** A parameter of a prompt, such as `--ar 3:2`. */
export interface Parameter {
  /** As it was written, without its dashes. Midjourney does not distinguish capitals. */
  name: string;
  /** All that stands between it and the next one; empty when nothing does. */
  value: string;
}

/** A prompt in the parts that Midjourney sees in it. White space is collapsed. */
export interface Prompt {
  /** The links that it begins with: pictures to start from. */
  links: string[];
  text: string;
  params: Parameter[];
}

/** Phones turn `--` into one dash, which Midjourney reads all the same. A number or a lone dash belongs to the text. */
const parameter = /^(?:--|[—–])(\p{L}\S*)$/u;
const link = /^<?https?:\/\/\S+$/i;

/**
 * Reads a prompt as Midjourney does: parameters stand at the end, from the first one on, so that words behind one are
 * its value.
 */
export function parsePrompt(written: string): Prompt {
  const words = written.split(/\s+/).filter(Boolean);
  const textAt = firstIndex(words, (word) => !link.test(word));
  const paramsAt = firstIndex(words, (word) => parameter.test(word));
  const params: Parameter[] = [];
  for (const word of words.slice(paramsAt)) {
    const name = parameter.exec(word)?.[1];
    const last = params.at(-1);
    if (name !== undefined) params.push({ name, value: '' });
    else if (last) last.value = last.value === '' ? word : `${last.value} ${word}`;
  }
  return { links: words.slice(0, textAt), text: words.slice(textAt, paramsAt).join(' '), params };
}

/** The prompt in one line; `parsePrompt` reads the same out of it. */
export function printPrompt({ links, text, params }: Prompt): string {
  return [...links, text, ...params.map(printParameter)].filter(Boolean).join(' ');
}

export function printParameter({ name, value }: Parameter): string {
  return value === '' ? `--${name}` : `--${name} ${value}`;
}

function firstIndex(words: string[], isIt: (word: string) => boolean): number {
  const at = words.findIndex(isIt);
  return at === -1 ? words.length : at;
}

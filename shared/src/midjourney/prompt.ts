/** A parameter of a prompt, such as `--ar 3:2`. */
export interface Parameter {
  /** As it was written, without its dashes. Midjourney does not distinguish capitals. */
  name: string;
  /** Everything up to the next parameter; may be empty. */
  value: string;
}

/** A prompt as Midjourney splits it. White space is collapsed. */
export interface Prompt {
  /** The links at its beginning: image prompts. */
  links: string[];
  text: string;
  params: Parameter[];
}

/** Phones turn `--` into one dash, which Midjourney also accepts. A number or a lone dash belongs to the text. */
const parameter = /^(?:--|[—–])(\p{L}\S*)$/u;
const link = /^<?https?:\/\/\S+$/i;

/**
 * Parses a prompt as Midjourney does: from the first parameter on, everything is parameters, and words after one are its
 * value.
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

/** The prompt in one line; the inverse of `parsePrompt`. */
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

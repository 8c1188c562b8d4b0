import sharp from 'sharp';

const hues = ['red', 'orange', 'golden', 'green', 'teal', 'blue', 'violet', 'magenta'];

/** Four prompts for an image, from what can be measured in it. Throws when it is no image. */
export async function describeImage(bytes: Buffer): Promise<string[]> {
  const image = sharp(bytes);
  const { width, height } = await image.metadata();
  const { dominant, entropy, sharpness } = await image.stats();
  const colour = colourName(dominant);
  const mood = brightness(dominant) > 140 ? 'bright daylight' : 'deep shadows';
  const detail = entropy > 5 ? 'intricate detail' : 'calm, flat shapes';
  const focus = sharpness > 2 ? 'crisp focus' : 'soft focus';
  const ratio = `--ar ${commonAspect({ width, height })}`;
  return [
    `a wide scene in ${colour} tones, ${mood}, ${detail} ${ratio}`,
    `${colour} composition, ${detail}, ${focus}, printed poster ${ratio}`,
    `study of light with ${mood} and a ${colour} palette, oil on canvas ${ratio}`,
    `${focus} photograph, ${colour} backdrop, minimal, ${mood} ${ratio}`,
  ];
}

/** Shorter and shorter versions of a prompt, which keep its longest words. */
export function shortenPrompt(prompt: string): { important: string[]; shorter: string[] } {
  const words = prompt.split(/[\s,]+/).filter((word) => word !== '');
  const byWeight = [...new Set(words)].sort((a, b) => b.length - a.length);
  const keep = (share: number) => {
    const kept = new Set(byWeight.slice(0, Math.max(1, Math.ceil(byWeight.length * share))));
    return words.filter((word) => kept.has(word)).join(' ');
  };
  const shorter = [...new Set([0.8, 0.6, 0.45, 0.3, 0.15].map(keep))];
  return { important: byWeight.slice(0, 3), shorter };
}

/** `1️⃣ …`, `2️⃣ …`, with a blank line between. */
export function numberedList(texts: string[]): string {
  return texts.map((text, at) => `${at + 1}️⃣ ${text}`).join('\n\n');
}

function colourName({ r, g, b }: { r: number; g: number; b: number }): string {
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  if (max - min < 24) return max > 200 ? 'white' : max < 60 ? 'black' : 'grey';
  const sixth =
    max === r ? (g - b) / (max - min) : max === g ? 2 + (b - r) / (max - min) : 4 + (r - g) / (max - min);
  return hues[Math.floor((((sixth + 6) % 6) / 6) * hues.length)] ?? 'many-coloured';
}

function brightness({ r, g, b }: { r: number; g: number; b: number }): number {
  return 0.3 * r + 0.59 * g + 0.11 * b;
}

/** The usual ratio that is nearest to a picture's sides. */
export function commonAspect({ width, height }: { width: number; height: number }): string {
  const common: [number, number][] = [
    [1, 1],
    [2, 3],
    [3, 2],
    [4, 5],
    [5, 4],
    [16, 9],
    [9, 16],
    [4, 3],
    [3, 4],
  ];
  const distance = ([w, h]: [number, number]) => Math.abs(Math.log(w / h / (width / height)));
  const [w, h] = common.reduce((best, next) => (distance(next) < distance(best) ? next : best));
  return `${w}:${h}`;
}

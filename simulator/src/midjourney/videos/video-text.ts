/** What the text of a video says behind its words. */
interface VideoParameters {
  raw: boolean;
  motion?: string;
  /** Of how many clips its sheet is. */
  bs?: string;
  /** The link of the picture that it ends in, or `loop`. */
  end?: string;
  /** Of the picture that it begins with, such as `3:2`. */
  aspect: string;
}

/** The text of a video, with its parameters in the bot's order. */
export function videoText(words: string, { raw, motion, bs, end, aspect }: VideoParameters): string {
  const parameters = Object.entries({ motion, bs, end }).flatMap(([name, value]) =>
    value === undefined ? [] : `--${name} ${value}`,
  );
  return [words, ...(raw ? ['--raw'] : []), ...parameters, `--video 1 --aspect ${aspect}`]
    .filter((part) => part !== '')
    .join(' ');
}

/** The text of the video that is made of a picture or video with this text: without what only pictures have. */
export function animatedText(echoed: string, motion: 'low' | 'high'): string {
  const [words = ''] = echoed.split(/(?:^| )--(?=\p{L})/u, 1);
  const value = (name: string) => new RegExp(`(?:^| )--${name} (\\S+)`).exec(echoed)?.[1];
  return videoText(words, {
    raw: /(?:^| )--raw\b/.test(echoed),
    motion,
    bs: value('bs'),
    end: value('end'),
    aspect: value('ar') ?? value('aspect') ?? '1:1',
  });
}

/** What somebody wrote for a video whose picture is known, with what the text of that video says in any case. */
export function completedText(written: string, text: string): string {
  const missing = ['video', 'motion', 'aspect'].flatMap((name) => {
    const said = new RegExp(`(?:^|\\s)--${name === 'aspect' ? '(?:aspect|ar)' : name}(?=\\s|$)`).test(
      written,
    );
    const parameter = new RegExp(`--${name} \\S+`).exec(text)?.[0];
    return said || parameter === undefined ? [] : parameter;
  });
  return [written, ...missing].join(' ');
}

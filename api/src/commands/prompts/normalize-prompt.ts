/**
 * A prompt as it may go to Midjourney: one line, nothing invisible in it, and nothing that could be taken for the marker
 * `<#task id#>` by which a worker recognizes its pictures. Everything else stays as it was written.
 * Applying it twice changes nothing.
 */
export function normalizePrompt(text: string): string {
  return (
    text
      .replace(/\p{Cs}/gu, '')
      .replace(invisible, keepWhereItJoins)
      // NEL is the one line break that \s does not know.
      .replace(/[\s\u0085]+/g, ' ')
      .replace(/[\p{Cc}\uFFF9-\uFFFB]/gu, '')
      // After everything that removes characters, which could bring the two together again.
      .replaceAll('<#', '< #')
      .replace(/ +/g, ' ')
      .trim()
  );
}

/** Zero-width characters, direction overrides, tags: format characters that are not shown. */
const invisible = /(?=\p{Default_Ignorable_Code_Point})\p{Cf}/gu;

/** Emoji such as 👩‍🚀, and Persian and Indic words, are written with invisible joiners. */
const joinsEmoji =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)\u200D(?=\p{Extended_Pictographic})/uy;
const joinsLetters =
  /(?<=[\p{scx=Arab}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Syrc}])[\u200C\u200D](?=[\p{L}\p{M}])/uy;
/**
 * The flags of England, Scotland and Wales are a black flag and six tags. Without an end to how many are
 * looked back at, a long text of tags would take seconds.
 */
const flagTag = /(?<=\u{1F3F4}[\u{E0020}-\u{E007E}]{0,5})[\u{E0020}-\u{E007F}]/uy;

function keepWhereItJoins(character: string, offset: number, text: string): string {
  const keeps = [joinsEmoji, joinsLetters, flagTag].some((pattern) => {
    pattern.lastIndex = offset;
    return pattern.test(text);
  });
  return keeps ? character : '';
}

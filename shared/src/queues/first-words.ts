import { withoutAppKeys } from '../users/app-key.ts';

const mostWords = 8;
const mostCharacters = 60;

/** The beginning of a prompt, so that people recognise its job; without links and keys, which may be secret. */
export function firstWords(prompt: string): string {
  const words = withoutAppKeys(prompt)
    .replaceAll(/https?:\/\/\S+/gi, '[link]')
    .trim()
    .split(/\s+/);
  const begin = words.slice(0, mostWords).join(' ');
  const shown = [...begin].slice(0, mostCharacters).join('');
  return shown === begin && words.length <= mostWords ? shown : `${shown}…`;
}

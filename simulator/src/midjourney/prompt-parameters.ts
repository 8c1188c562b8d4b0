import { aspectOf, conflicts, fits, isParameter, longestInHd, takes } from './models.ts';
import { type Refusal, refusals } from './refusals.ts';

export interface Parameter {
  name: string;
  value: string;
}

const shortNames = new Map([
  ['aspect', 'ar'],
  ['version', 'v'],
  ['stylize', 's'],
  ['chaos', 'c'],
  ['quality', 'q'],
  ['weird', 'w'],
  ['profile', 'p'],
]);

/** Parameters stand at the end, from the first ` --` on. Phones turn `--` into a dash: both count. */
export function splitParameters(raw: string): { body: string; parameters: Parameter[] } {
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

/** Names that are not parameters of pictures, or of videos. */
export function unknownParameter(
  parameters: Parameter[],
  isVideo: boolean,
  allowZoom: boolean,
): Refusal | undefined {
  const unknown = parameters.find(
    ({ name }) => !isParameter(name, isVideo) || (name === 'zoom' && !allowZoom),
  );
  return unknown && refusals.unknownParameter(`--${unknown.name}`);
}

/** A value that a parameter may not have, or a parameter that the model does not take. */
export function badParameter(parameters: Parameter[], version: string): Refusal | undefined {
  const bad = parameters.find(({ name, value }) => !fits(version, name, value));
  if (bad) return refusals.badValue(`--${bad.name}`, bad.value);
  const foreign = parameters.find(({ name }) => !takes(version, name));
  return foreign && refusals.incompatible(`--${foreign.name}`, versionParameter(version));
}

/** Parameters that cannot be combined. */
export function conflictIn(parameters: Parameter[]): Refusal | undefined {
  const has = (wanted: string, value?: string) =>
    parameters.some(
      (parameter) => parameter.name === wanted && (value === undefined || parameter.value === value),
    );
  const conflict = conflicts.find(([one, other, value]) => has(one) && has(other, value));
  if (conflict) {
    const [one, other, value] = conflict;
    return refusals.incompatible(`--${one}`, value === undefined ? `--${other}` : `--${other} ${value}`);
  }
  const ar = parameters.findLast(({ name }) => name === 'ar')?.value ?? '1:1';
  const aspect = aspectOf(ar) ?? 1;
  const tooLong = Math.max(aspect, 1 / aspect) > longestInHd;
  return has('hd') && tooLong ? refusals.incompatible(`--ar ${ar}`, '--hd') : undefined;
}

/** How a refusal names a model. */
export function versionParameter(version: string): string {
  return version.startsWith('niji') ? `--${version}` : `--version ${version}`;
}

/** White space as the bot repeats it. */
export function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

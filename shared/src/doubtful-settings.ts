import { environmentSchema } from './config.ts';
import { nearestName } from './nearest-name.ts';

/** Nothing else on a machine begins like these. Other names are of other programs, unless they are nearly one of ours. */
const ours = /^(?:DISCORD|MIDJOURNEY|RESULT_WEBHOOK)_/;

/** @returns a sentence for each environment variable that looks like a mistyped one: such a setting does nothing. */
export function doubtfulSettings(env: NodeJS.ProcessEnv): string[] {
  const known = Object.keys(environmentSchema.shape);
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value || known.includes(name)) return [];
    const nearest = nearestName(name, known);
    if (nearest) return [`The environment variable ${name} does nothing. Did you mean ${nearest}?`];
    return ours.test(name)
      ? [`The environment variable ${name} does nothing: there is no such setting.`]
      : [];
  });
}

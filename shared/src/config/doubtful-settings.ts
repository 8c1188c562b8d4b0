import { type Config, environmentSchema } from './config.ts';
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

/** @returns a sentence when hooks would be sent links to pictures that only this machine can open. */
export function doubtfulLinks({
  HOST,
  PORT,
  PUBLIC_URL,
  IMAGE_STORE,
}: Pick<Config, 'HOST' | 'PORT' | 'PUBLIC_URL' | 'IMAGE_STORE'>): string[] {
  const onlyHere = HOST === 'localhost' || HOST === '::1' || HOST.startsWith('127.');
  if (PUBLIC_URL || IMAGE_STORE === 'none' || onlyHere) return [];
  return [
    `PUBLIC_URL is not set: links to pictures in notify_hooks begin with http://localhost:${PORT}. Set it to the address that clients reach.`,
  ];
}

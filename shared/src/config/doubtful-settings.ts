import { type Config, environmentSchema } from './config.ts';
import { nearestName } from './nearest-name.ts';

/** Prefixes that only this program uses. Other names belong to other programs, unless they nearly match one of ours. */
const ours = /^(?:DISCORD|MIDJOURNEY|RESULT_WEBHOOK)_/;

/** Settings of earlier versions, and what applies instead. */
const removed: Record<string, string> = {
  BODY_LIMIT_BYTES: 'a JSON body may always have 1 MiB',
  HEADERS_TIMEOUT_MS: 'REQUEST_TIMEOUT_MS limits the headers too',
  JOB_LOCK_MS: 'ACCOUNT_LEASE_MS applies to jobs too',
  MIDJOURNEY_BOT_ID: 'the id is always that of the Midjourney Bot',
  REFUSED_ACCOUNT_TASKS: 'tasks of a refused account always wait',
  UPLOAD_LIMIT_PIXELS: 'an upload may always have 50 million pixels',
};

/** @returns a sentence for each environment variable without effect, because it was removed or looks mistyped. */
export function doubtfulSettings(env: NodeJS.ProcessEnv): string[] {
  const known = Object.keys(environmentSchema.shape);
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value || known.includes(name)) return [];
    if (removed[name]) {
      return [`The environment variable ${name} does nothing: the setting was removed, ${removed[name]}.`];
    }
    const nearest = nearestName(name, known);
    if (nearest) return [`The environment variable ${name} does nothing. Did you mean ${nearest}?`];
    return ours.test(name)
      ? [`The environment variable ${name} does nothing: there is no such setting.`]
      : [];
  });
}

/** @returns a sentence if notices would have links to pictures that only this machine can open. */
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

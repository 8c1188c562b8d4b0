import { uuid } from '@midjourney-api/shared/midjourney/custom-id';

/** The seed of a job, as Midjourney sends it to a user who reacts to the picture with an envelope. */
export interface JobSeed {
  jobId: string;
  seed: number;
}

const jobIdPattern = new RegExp(`\\*\\*Job ID\\*\\*:?\\s*\`?(${uuid})`, 'gi');
const seedPattern = /\*\*seed\*\*:?\s*`?(\d{1,10})\b/gi;

/**
 * Reads `**prompt** … **Job ID**: {uuid} … **seed** 1234567890`. The prompt comes first and may imitate the rest, so
 * the last of each counts.
 */
export function readSeed(content: string): JobSeed | undefined {
  const jobId = [...content.matchAll(jobIdPattern)].at(-1)?.[1]?.toLowerCase();
  const seed = [...content.matchAll(seedPattern)].at(-1)?.[1];
  return jobId === undefined || seed === undefined ? undefined : { jobId, seed: Number(seed) };
}

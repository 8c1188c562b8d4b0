import { buttonsIn } from './components.ts';
import { jobOfCustomId, parseCustomId, uuid } from './custom-id.ts';

const endOfFilename = new RegExp(`(?:^|_)(${uuid})$`, 'i');
const startOfFilename = new RegExp(`^(${uuid})_`);
const jobLink = new RegExp(`midjourney\\.com/(?:app/)?jobs/(${uuid})`);

interface MessageOfJob {
  attachments: readonly { filename: string }[];
  components?: readonly unknown[] | undefined;
}

/**
 * Midjourney's id of the job that a message is about, a UUID. While the job is drawn, it is in the cancel button, and at
 * the start of the name of a preview. Afterwards it is at the end of the name of the picture or, for some upscales, pans
 * and videos, only in the link to Midjourney's website and in the picture's buttons.
 */
export function jobIdOf({ attachments: [picture], components }: MessageOfJob): string | undefined {
  const buttons = buttonsIn(components);
  const customIds = buttons.flatMap(({ custom_id }) => custom_id ?? []);
  const isCancel = (customId: string) => parseCustomId(customId).kind === 'cancel';
  return (
    first(customIds.filter(isCancel), jobOfCustomId) ??
    (picture && jobOfFilename(picture.filename)) ??
    first(buttons, ({ url }) => jobLink.exec(url ?? '')?.[1]) ??
    first(customIds, jobOfCustomId)
  );
}

function jobOfFilename(filename: string): string | undefined {
  const name = filename.replace(/\.[^.]*$/, '');
  return endOfFilename.exec(name)?.[1]?.toLowerCase() ?? startOfFilename.exec(filename)?.[1];
}

function first<T, R>(values: readonly T[], read: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

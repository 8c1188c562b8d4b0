import { hashOfFilename } from './buttons.ts';
import { buttonsIn } from './components.ts';

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const cancelButton = new RegExp(`^MJ::CancelJob::ByJobid::(${uuid})$`);
const startOfFilename = new RegExp(`^(${uuid})_`);
const jobLink = new RegExp(`midjourney\\.com/jobs/(${uuid})`);
const jobButton = new RegExp(`^MJ::\\w+::(?:\\w+::)*(${uuid})(?:::|$)`);

interface MessageOfJob {
  attachments: readonly { filename: string }[];
  components?: readonly unknown[] | undefined;
}

/**
 * Midjourney's id of the job that a message is about, a UUID. It stands in the cancel button while it is drawn, in
 * the name of a preview at its start, in that of a picture at its end; where the name does not have it, as for some
 * upscales, pans and videos, in the link to Midjourney's website and in the picture's buttons.
 */
export function jobIdOf({ attachments: [picture], components }: MessageOfJob): string | undefined {
  const buttons = buttonsIn(components);
  const inButtons = (pattern: RegExp) =>
    first(buttons, ({ custom_id, url }) => pattern.exec(custom_id ?? url ?? '')?.[1]);
  return (
    inButtons(cancelButton) ??
    (picture && (hashOfFilename(picture.filename) ?? startOfFilename.exec(picture.filename)?.[1])) ??
    inButtons(jobLink) ??
    inButtons(jobButton)
  );
}

function first<T, R>(values: readonly T[], read: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

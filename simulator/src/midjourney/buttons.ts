import type { ActionRow, Button } from '../discord/model.ts';
import { pictureSize } from '../pictures/pictures.ts';
import { hashOf, hasParameter, isPickedVideo, type Job, namesJobInFile } from './jobs.ts';
import { isV8, modelNumber } from './models.ts';
import { extendedLength, type Video } from './videos/video.ts';

const grey = 2;
const blue = 1;
const green = 3;
const link = 5;

const button = (customId: string, label: string, emoji?: string, style: 1 | 2 | 3 = grey): Button => ({
  type: 2,
  style,
  custom_id: customId,
  ...(label === '' ? {} : { label }),
  ...(emoji === undefined ? {} : { emoji: { name: emoji } }),
});
const row = (...components: Button[]): ActionRow<Button> => ({ type: 1, components });

/** The same buttons after one of them was pressed: the bot marks it, and keeps it marked. */
export function markPressed(rows: ActionRow[], customId: string): ActionRow[] {
  return styled(rows, customId, blue);
}

/** The same buttons with a favourite marked, or no longer. */
export function markFavourite(rows: ActionRow[], hash: string, favourite: boolean): ActionRow[] {
  return styled(rows, `MJ::BOOKMARK::${hash}`, favourite ? green : grey);
}

function styled(rows: ActionRow[], customId: string, style: Button['style']): ActionRow[] {
  return rows.map((row) => ({
    ...row,
    components: row.components.map((component) =>
      component.type === 2 && component.custom_id === customId ? { ...component, style } : component,
    ),
  }));
}

/** The buttons under a finished job. */
export function resultButtons(job: Job): ActionRow[] {
  if (job.video) return [...videoButtons(job, job.video), keepingRow(job)];
  if (job.picture?.op !== 'grid') return singleButtons(job);
  return namesJobInFile(job) ? gridButtons(job.id) : [...gridButtons(job.id), row(webLink(job))];
}

export function cancelButton(hash: string): ActionRow[] {
  return [row(button(`MJ::CancelJob::ByJobid::${hash}`, 'Cancel Job', '✖️'))];
}

export function describeButtons(): ActionRow[] {
  return [
    row(...numberButtons('MJ::Job::PicReader', 4)),
    row(button('MJ::Picread::Retry', '', '🔄', blue), button('MJ::Job::PicReader::all', 'Imagine all', '🎉')),
  ];
}

export function shortenButtons(count: number): ActionRow[] {
  return [row(...numberButtons('MJ::Job::PromptAnalyzer', count))];
}

export function appealButton(token: string): ActionRow[] {
  return [row(button(`MJ::Prompts::Appeal::${token}`, 'Appeal'))];
}

export function moderationButtons(token: string): ActionRow[] {
  return [
    row(
      button(`MJ::Moderation::Acknowledge::${token}`, 'Acknowledge', undefined, green),
      button(`MJ::Moderation::Resubmit::${token}`, 'Resubmit'),
    ),
  ];
}

export function humanCheckButtons(): ActionRow[] {
  return [row(button('MJ::Verify::a', 'a cat'), button('MJ::Verify::b', 'a dog'))];
}

function gridButtons(hash: string): ActionRow[] {
  const numbers = [1, 2, 3, 4];
  return [
    row(
      ...numbers.map((index) => button(`MJ::JOB::upsample::${index}::${hash}`, `U${index}`)),
      button(`MJ::JOB::reroll::0::${hash}::SOLO`, '', '🔄'),
    ),
    row(...numbers.map((index) => button(`MJ::JOB::variation::${index}::${hash}`, `V${index}`))),
  ];
}

function singleButtons(job: Job): ActionRow[] {
  const { id: hash, version } = job;
  const solo = (name: string, label: string, emoji: string) =>
    button(`MJ::${name}::1::${hash}::SOLO`, label, emoji);
  if (modelNumber(version) < 5) {
    return [
      row(solo('JOB::upsample_max', 'Upscale (Max)', '⏫'), solo('JOB::variation', 'Make Variations', '🪄')),
      keepingRow(job),
    ];
  }
  const upscales = upscaleFamily(version).map(([name, label]) => solo(`JOB::${name}`, label, '⏫'));
  const variations = [
    solo('JOB::low_variation', 'Vary (Subtle)', '🪄'),
    solo('JOB::high_variation', 'Vary (Strong)', '🪄'),
    ...(hasRegion(job) ? [solo('Inpaint', 'Vary (Region)', '🖌️')] : []),
  ];
  const zooms = [
    solo('Outpaint::50', 'Zoom Out 2x', '🔍'),
    solo('Outpaint::75', 'Zoom Out 1.5x', '🔍'),
    ...(isV8(version)
      ? []
      : [button(`MJ::CustomZoom::${version === '6.1' ? '1::' : ''}${hash}`, 'Custom Zoom', '🔍')]),
    ...(isV8(version) || isSquare(job) ? [] : [solo('Outpaint::100', 'Make Square', '↔️')]),
  ];
  const pans = [
    solo('JOB::pan_left', '', '⬅️'),
    solo('JOB::pan_right', '', '➡️'),
    solo('JOB::pan_up', '', '⬆️'),
    solo('JOB::pan_down', '', '⬇️'),
  ];
  const others = [
    solo('JOB::animate_high', 'Animate (High motion)', '🎞️'),
    solo('JOB::animate_low', 'Animate (Low motion)', '🎞️'),
    ...keepingRow(job).components,
  ];
  const widening = hasParameter(job, 'oref') ? [] : [zooms, pans];
  return [upscales, variations, ...widening, others]
    .filter((buttons) => buttons.length > 0)
    .map((buttons) => row(...buttons));
}

/** V8.1 has no Vary (Region), V8.2 has it for the smaller of its two sizes. */
function hasRegion(job: Job): boolean {
  if (isV8(job.version)) return job.version === '8.2' && !hasParameter(job, 'hd');
  return !hasParameter(job, 'oref');
}

function isSquare({ picture }: Job): boolean {
  if (!picture) return true;
  const { width, height } = pictureSize(picture);
  return width === height;
}

function videoButtons(job: Job, video: Video): ActionRow[] {
  const hash = hashOf(job);
  if (!isPickedVideo(job)) {
    const picks = Array.from({ length: video.clips }, (_, at) =>
      button(`MJ::JOB::video_virtual_upscale::${at + 1}::${hash}`, `U${at + 1}`),
    );
    return [row(...picks, button(`MJ::JOB::reroll::0::${hash}::SOLO`, '', '🔄'))];
  }
  if (extendedLength(video) === undefined) return [];
  // Both were seen.
  const ending = job.seed % 2 === 0 ? '' : '::SOLO';
  const extend = (motion: 'high' | 'low', label: string) =>
    button(`MJ::JOB::animate_${motion}_extend::${job.index}::${hash}${ending}`, label, '🎞️');
  return [row(extend('high', 'Extend (High motion)'), extend('low', 'Extend (Low motion)'))];
}

function keepingRow(job: Job): ActionRow<Button> {
  const favourite = button(`MJ::BOOKMARK::${hashOf(job)}`, 'Favorite', '❤️', job.bookmarked ? green : grey);
  return row(favourite, webLink(job));
}

function webLink(job: Job): Button {
  return { type: 2, style: link, label: 'Web', url: `https://www.midjourney.com/jobs/${hashOf(job)}` };
}

/** Which upscalers a model version has. niji shares those of the Midjourney version of its number. */
function upscaleFamily(version: string): [name: string, label: string][] {
  if (isV8(version)) return [];
  if (modelNumber(version) < 6) {
    return [
      ['upsample_v5_2x', 'Upscale (2x)'],
      ['upsample_v5_4x', 'Upscale (4x)'],
    ];
  }
  const family = version === '6.1' ? 'v6r1' : modelNumber(version) < 7 ? 'v6' : 'v7';
  return [
    [`upsample_${family}_2x_subtle`, 'Upscale (Subtle)'],
    [`upsample_${family}_2x_creative`, 'Upscale (Creative)'],
  ];
}

function numberButtons(prefix: string, count: number): Button[] {
  return Array.from({ length: count }, (_, at) => button(`${prefix}::${at + 1}`, '', `${at + 1}️⃣`));
}

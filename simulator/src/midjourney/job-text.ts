import { hashOf, isPickedVideo, type Job, namesJobInFile } from './jobs.ts';
import { isV8, modelNumber } from './models.ts';

// Frames as captured from the bot over the years. Where it has used several for the same thing, the seed
// chooses, so that a listener meets all of them and `--seed` repeats each.

/** The first message: accepted, not begun. */
export function waitingText(job: Job): string {
  const author = `<@${job.accountUserId}>`;
  const older = job.seed % 2 === 0;
  const prompt = `**${job.echoedPrompt}**`;
  if (job.kind === 'pick')
    return `Upscaling image #${job.index} with ${prompt} - ${author} (Waiting to start)`;
  if (job.kind === 'variation' && older && !job.remixed) {
    return `Making variations for image #${job.index} with prompt ${prompt} - ${author} (Waiting to start)`;
  }
  if (job.video && job.kind !== 'extend')
    return `Creating video with prompt ${prompt} - ${author} (Waiting to start)`;
  if (job.kind === 'reroll' && older) return `Rerolling ${prompt} - ${author} (Waiting to start)`;
  return `${prompt} - ${progressPhrase(job)}${author} (Waiting to start)`;
}

export function progressText(job: Job, percent: number): string {
  return `**${job.echoedPrompt}** - ${progressPhrase(job)}<@${job.accountUserId}> (${percent}%) (${mode(job)})`;
}

export function stoppedText(job: Job): string {
  return `**${job.echoedPrompt}** - ${progressPhrase(job)}<@${job.accountUserId}> (Stopped)`;
}

export function finalText(job: Job): string {
  const prompt = `**${job.echoedPrompt}**`;
  if (job.kind === 'pick') return `${prompt} - Image #${job.index} <@${job.accountUserId}>`;
  if (isPickedVideo(job)) return pickedVideoText(job);
  const head = `${prompt} - ${finalPhrase(job)}<@${job.accountUserId}>`;
  return `${head}${websiteNote(job)} (${mode(job)})${footnote(job)}`;
}

/** A picked video came with no text, with one that names nobody, and with a usual one. */
function pickedVideoText(job: Job): string {
  const prompt = `**${job.echoedPrompt}**`;
  if (job.seed % 3 === 0) return '';
  const author = job.seed % 3 === 1 ? '' : ` - <@${job.accountUserId}>`;
  return `${prompt}${author} (${mode(job)})`;
}

/** The name of the result's file: the user, the prompt, and often the job's hash. */
export function fileName(job: Job, userName: string, extension: string): string {
  if (isPickedVideo(job)) return `${hashOf(job)}_${job.index}_720_N.${extension}`;
  const words = job.echoedPrompt
    .replace(/<https:\/\/s\.mj\.run\/(\w+)>/g, '$1')
    .replace(/ --.*$/, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
    .replace(/_+$/, '');
  const parts = [userName, words, namesJobInFile(job) ? job.id : ''];
  return `${parts.filter((part) => part !== '').join('_')}.${extension}`;
}

function mode(job: Job): string {
  return job.stealth ? `${job.speed}, stealth` : job.speed;
}

function progressPhrase(job: Job): string {
  if (job.kind === 'animate') return '';
  return job.kind === 'upscale' ? 'Upscaling by ' : finalPhrase(job);
}

function finalPhrase(job: Job): string {
  const action = job.remixed ? 'Remix' : 'Variations';
  switch (job.kind) {
    case 'variation':
      if (modelNumber(job.version) < 6) return `${action} by `;
      return job.detail === 'subtle' ? `${action} (Subtle) by ` : `${action} (Strong) by `;
    case 'solo_variation':
      return job.detail === 'plain' ? `${action} by ` : `${action} (${capitalised(job.detail)}) by `;
    case 'pan':
      return `Pan ${capitalised(job.detail)} by `;
    case 'animate':
      return job.seed % 4 === 3 ? `Animate (${capitalised(job.detail)} motion) by ` : '';
    case 'zoom':
      return 'Zoom Out by ';
    case 'upscale':
      return job.detail === 'max' ? 'Upscaled by ' : `Upscaled (${capitalised(job.detail)}) by `;
    default:
      return '';
  }
}

/** Grids of the newest models and videos link to the website; large pictures say that they are larger there. */
function websiteNote(job: Job): string {
  const address = `<https://midjourney.com/jobs/${job.id}>`;
  const quality = job.video && job.seed % 3 === 2 ? ' for full quality' : '';
  if (job.video || isV8(job.version)) return ` [(Open on website${quality})](${address})`;
  if (!isDrawnGrid(job) || job.seed % 3 !== 1) return '';
  return job.seed % 2 === 0
    ? ' (Open on website for full quality)'
    : ` [(Open on website for full quality)](${address})`;
}

/** The small print under what version 7 drew. */
function footnote(job: Job): string {
  return modelNumber(job.version) === 7 && isDrawnGrid(job)
    ? '\n-# Create, explore, and organize on [midjourney.com](<https://midjourney.com/imagine?from_discord=1>)'
    : '';
}

function isDrawnGrid({ kind }: Job): boolean {
  return kind === 'imagine' || kind === 'blend' || kind === 'reroll' || kind === 'variation';
}

function capitalised(word = ''): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

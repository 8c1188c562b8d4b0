/** What Midjourney and Discord are known to say, as far as it is no client's: the words that samples keep. */
const sentences = `
  Waiting to start fast relaxed relax turbo stealth paused Stopped Image with prompt by Making variations for image
  Upscaling Rerolling Creating video Variations Remix Pan Left Right Up Down Zoom Out Upscaled Animate High Low motion
  Strong Subtle Region Creative Open on website full quality Create explore and organize on midjourney.com
  Displaying Animating Processing Analyzing Generating Done Preparing Loading
  Invalid parameter prompt link Unrecognized Unsupported Missing value is not compatible with supported isn't for jobs
  mode Could not fetch image Received status code Prompt is empty Duplicate images detected Image denied Request
  cancelled due to output filters Our AI moderator moderators is unsure about this request feel your might be against our
  community standards guidelines If you think this is a mistake please press the Appeal button below and we will send it
  to a more sophisticated to double-check the result Banned prompt detected The word is banned Circumventing filter
  violate rules may result in your access being revoked Job action restricted This can no longer be performed on job
  Job queued has been added to the queue Queue full Your job queue is full Please wait for a job to finish first then
  resubmit this one Slow down You can request another upscale for this image Failed to process your command request
  Sorry something went wrong The job encountered an error Our team has been notified try again later
  Credits exhausted Subscription required paused Plan Cancelled You have run out of hours in the current subscription
  To create more images use subscribe renew upgrade Tos not accepted terms of service accept
  Pending mod message You have a pending moderation message acknowledge it before using further After reviewing your
  gallery you have been temporarily permanently blocked suspended from accessing Midjourney for minute minutes hour hours
  day days week weeks automatic time happens repeated serious violations generating content that violates
  Action needed required to continue verify human choosing what picture shows
  Cancel Job Vary Upscale Make Square Custom Favorite Web Redo Retry imagine describe blend shorten show info settings
  U1 U2 U3 U4 V1 V2 V3 V4 2x 4x niji portrait square landscape midjourney button default version model no longer available new
`;

const midjourneyWords = new Set(wordsOf(sentences));

export function isMidjourneysWord(word: string): boolean {
  return midjourneyWords.has(word.toLowerCase());
}

/** In lower case, without what stands between them. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

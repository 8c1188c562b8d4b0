import type { SignedUrls } from './discord/cdn.ts';
import type { MessageStore } from './discord/message-store.ts';
import type { AttachmentSource } from './discord/model.ts';
import type { File, Uploads } from './discord/uploads.ts';
import type { Job, Jobs } from './midjourney/jobs.ts';
import { pictureElsewhere, type Renderings } from './midjourney/renderings.ts';

export interface AttachmentsOptions {
  messages: MessageStore;
  jobs: Jobs;
  uploads: Uploads;
  renderings: Renderings;
  urls: SignedUrls;
}

/** What is behind attachments and links: uploads, what jobs draw, and stand-ins for pictures elsewhere. */
export class Attachments {
  readonly #options: AttachmentsOptions;

  constructor(options: AttachmentsOptions) {
    this.#options = options;
  }

  /** undefined when they are gone. */
  async bytesOf(source: AttachmentSource): Promise<Buffer | undefined> {
    const { uploads, renderings, jobs } = this.#options;
    if (source.kind === 'upload') return uploads.bytes(source.sha256);
    if (source.kind === 'elsewhere') return renderings.elsewhere(source.url);
    const job = jobs.get(source.jobId);
    if (!job) return undefined;
    return source.kind === 'result' ? renderings.result(job) : renderings.preview(job, source.progress);
  }

  /** The file that a link in a prompt leads to; undefined when it leads to none. */
  fileBehind(url: string): File | undefined {
    if (!this.linkWorks(url)) return undefined;
    const { messages, urls } = this.#options;
    const { hostname, pathname } = new URL(url);
    if (urls.owns(url) || /\.discordapp\.(com|net)$/.test(hostname)) {
      return messages.attachment(pathname.split('/').at(-2) ?? '')?.attachment;
    }
    return pictureElsewhere(url);
  }

  /** Midjourney fetches the images in a prompt. Nothing is fetched here: the link must look like one. */
  linkWorks(url: string): boolean {
    const { urls } = this.#options;
    if (!URL.canParse(url)) return false;
    const { hostname, pathname, searchParams } = new URL(url);
    if (urls.owns(url)) return urls.isGood(pathname, searchParams);
    return hostname === 's.mj.run' || /\.(png|jpe?g|webp|gif)$/i.test(pathname);
  }

  /** A link to the result of a job. */
  linkTo(job: Job): string | undefined {
    const { messages, urls } = this.#options;
    const message = messages.get(job.channelId, job.finalMessageId ?? '');
    const [attachment] = message?.attachments ?? [];
    return attachment && urls.sign(job.channelId, attachment, message?.onlyFor !== undefined).url;
  }
}

import { DiscordAPIError } from 'discord.js';
import { fetch } from 'undici';
import { z } from 'zod';
import type { DiscordAccount } from '../discord-account.ts';
import type { RestClients } from './rest-clients.ts';

export interface UploadRequests {
  /** @throws {AccountRefused} */
  upload(file: { filename: string; contentType: string; bytes: Buffer }): Promise<UploadSlot>;
  /** Posts an uploaded picture into the channel. @returns its link. @throws {AccountRefused} */
  postPicture(file: { filename: string; uploadFilename: string }, nonce: string): Promise<string>;
  /** Links that work again, by those that have expired; at most 50. */
  refreshLinks(links: string[]): Promise<Map<string, string>>;
}

const uploadSlotSchema = z.object({
  attachments: z.array(z.object({ upload_url: z.url(), upload_filename: z.string() })).min(1),
});
interface UploadSlot {
  uploadUrl: string;
  uploadFilename: string;
}

const postedSchema = z.object({ attachments: z.array(z.object({ url: z.url() })).min(1) });

const refreshedSchema = z.object({
  refreshed_urls: z.array(z.object({ original: z.string(), refreshed: z.url() })),
});

export function createUploadRequests(
  { channelId }: DiscordAccount,
  { asking, sending, reading, asUser, asReader, dispatcher, failureOf }: RestClients,
): UploadRequests {
  /** 403 may be about the picture, which is the client's: it does not stop the account. */
  function fail(error: unknown): never {
    throw error instanceof DiscordAPIError && error.status === 403 ? error : failureOf(error);
  }

  return {
    async upload({ filename, contentType, bytes }) {
      const body = { files: [{ filename, file_size: bytes.length, id: '0' }] };
      const answer = await asking.post(`/channels/${channelId}/attachments`, { ...asUser, body }).catch(fail);
      const [slot] = uploadSlotSchema.parse(answer).attachments;
      if (!slot) throw new Error('Discord handed out no address for the upload.');
      const put = await fetch(slot.upload_url, {
        ...(dispatcher && { dispatcher }),
        method: 'PUT',
        headers: { 'Content-Type': contentType },
        body: new Uint8Array(bytes),
        signal: AbortSignal.timeout(30_000),
      });
      if (!put.ok) throw new Error(`Discord's store answered ${put.status} to the upload.`);
      return { uploadUrl: slot.upload_url, uploadFilename: slot.upload_filename };
    },

    async postPicture({ filename, uploadFilename }, nonce) {
      const body = {
        content: '',
        nonce,
        channel_id: channelId,
        type: 0,
        sticker_ids: [],
        attachments: [{ id: '0', filename, uploaded_filename: uploadFilename }],
      };
      const answer = await sending.post(`/channels/${channelId}/messages`, { ...asUser, body }).catch(fail);
      const [posted] = postedSchema.parse(answer).attachments;
      if (!posted) throw new Error('Discord posted the message without the picture.');
      return posted.url;
    },

    async refreshLinks(links) {
      const body = { attachment_urls: links };
      const answer = await reading.post('/attachments/refresh-urls', { ...asReader, body });
      const { refreshed_urls } = refreshedSchema.parse(answer);
      return new Map(refreshed_urls.map(({ original, refreshed }) => [original, refreshed]));
    },
  };
}

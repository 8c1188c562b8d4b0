import type { Speed } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import { refusalOfWords } from '../../commands/prompts/allowed-prompt.ts';
import { invalidField } from '../../commands/refusal.ts';
import { type NamedPicture, pictureLink } from '../../commands/requests/picture-link.ts';
import type { MjContext } from './mj-route.ts';
import { readSentPicture } from './sent-picture.ts';

interface Client {
  user: User;
  requestId: string;
  /** Of the task that the picture is for: chooses an account that is set to it. */
  speed?: Speed | undefined;
}

/** More than any command needs. */
const mostPictures = 10;

/**
 * Refuses before its pictures are uploaded what would be refused after that anyway.
 * @throws {Refusal} `banned_prompt`, `no_account`
 */
export async function checkBeforeUpload(
  { bannedWords, outlook }: Pick<MjContext, 'bannedWords' | 'outlook'>,
  { speed = null }: { speed?: Speed | undefined | null },
  prompt = '',
): Promise<void> {
  const refusal = refusalOfWords(bannedWords, prompt);
  if (refusal) throw refusal;
  await outlook.requireAccount({ account: null, speed });
}

/**
 * Uploads a picture that came with a request; one that has a link already needs no upload.
 * @param field that it came in
 * @throws {Refusal} as `readSentPicture` and `commands.upload`.
 */
export async function uploadSent(
  { config, commands }: Pick<MjContext, 'config' | 'commands'>,
  { user, requestId, speed }: Client,
  field: string,
  text: string,
): Promise<NamedPicture> {
  const sent = readSentPicture(field, text, config.UPLOAD_LIMIT_BYTES);
  if ('url' in sent) return { url: sent.url.href };
  const { upload } = await commands.upload({ user, requestId, bytes: sent.bytes, speed });
  return { uploadFilename: upload.uploadFilename };
}

/**
 * The links, for prompts, of pictures that came with a request, in their order.
 * @throws {Refusal} as `uploadSent`, `invalid_request` for too many.
 */
export async function linksOfSent(
  context: MjContext,
  client: Client,
  field: string,
  pictures: string[],
): Promise<string[]> {
  if (pictures.length > mostPictures) throw invalidField(field, `may have ${mostPictures} pictures`);
  return Promise.all(
    pictures.map(async (text, at) =>
      pictureLink(context, client.user, await uploadSent(context, client, `${field}.${at}`, text)),
    ),
  );
}

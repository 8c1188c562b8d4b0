import type { Speed } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import { type NamedPicture, pictureLink } from '../../commands/requests/picture-link.ts';
import type { RouteContext } from '../app-env.ts';
import { readSentPicture } from './sent-picture.ts';

interface Client {
  user: User;
  requestId: string;
}

/**
 * Uploads a picture that came with a request; one that has a link already needs no upload.
 * @param speed of the task that it is for: chooses an account that is set to it
 * @throws {Refusal} as `readSentPicture` and `commands.upload`.
 * @public
 */
export async function uploadSent(
  { config, commands }: Pick<RouteContext, 'config' | 'commands'>,
  client: Client,
  { field, text, speed }: { field: string; text: string; speed?: Speed | null | undefined },
): Promise<NamedPicture> {
  const sent = readSentPicture(field, text, config.UPLOAD_LIMIT_BYTES);
  if ('url' in sent) return { url: sent.url.href };
  const { upload } = await commands.upload({ ...client, bytes: sent.bytes, speed });
  return { uploadFilename: upload.uploadFilename };
}

/** The links, for prompts, of pictures that came with a request, in their order. @throws {Refusal} as `uploadSent`. */
export async function linksOfSent(
  context: Pick<RouteContext, 'config' | 'commands' | 'db' | 'queues' | 'uploadEvents'>,
  client: Client,
  field: string,
  pictures: string[],
): Promise<string[]> {
  return Promise.all(
    pictures.map(async (text, at) =>
      pictureLink(context, client.user, await uploadSent(context, client, { field: `${field}.${at}`, text })),
    ),
  );
}

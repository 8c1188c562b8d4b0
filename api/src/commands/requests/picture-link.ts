import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { postMessage } from '../upload/post-message.ts';

/** A picture that a prompt starts from: anywhere on the web, or uploaded before. */
export type NamedPicture = { url: string } | { uploadFilename: string };

export type PictureLinkDependencies = Pick<Dependencies, 'db' | 'queues' | 'uploadEvents'>;

/**
 * The link by which Midjourney gets a picture.
 * @throws {Refusal} as `postMessage`, which gives an uploaded picture its link.
 */
export async function pictureLink(
  deps: PictureLinkDependencies,
  user: Pick<User, 'id'>,
  picture: NamedPicture,
): Promise<string> {
  return 'url' in picture ? picture.url : postMessage(deps, user, picture.uploadFilename);
}

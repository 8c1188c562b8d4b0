import { randomBytes } from 'node:crypto';
import { isTaskId, type TaskId, taskIdTime } from '@midjourney-api/shared/tasks/task-id';
import { isPictureExtension, type PictureExtension } from './picture-format.ts';

/** The name of a stored picture, in its address and in MySQL: whose it is, and 128 bits that nobody can guess. */
export interface ImageFile {
  name: string;
  taskId: TaskId;
  extension: PictureExtension;
  /** Where it and all that was made of it is in the store, by the day of its task. Ends in a slash. */
  folder: string;
}

export function newImageFile(taskId: TaskId, extension: PictureExtension): ImageFile {
  return imageFile(taskId, randomBytes(16).toString('hex'), extension);
}

/** @returns undefined for what cannot be the name of a stored picture. */
export function parseImageFile(name: string): ImageFile | undefined {
  const [, taskId = '', key = '', extension = ''] =
    /^(\d{10,19})-([0-9a-f]{32})\.([a-z0-9]{3,4})$/.exec(name) ?? [];
  if (!isTaskId(taskId) || !isPictureExtension(extension)) return undefined;
  return imageFile(taskId, key, extension);
}

/** Path of the picture as it came. */
export function originalPath({ folder, extension }: ImageFile): string {
  return `${folder}picture.${extension}`;
}

function imageFile(taskId: TaskId, key: string, extension: PictureExtension): ImageFile {
  const day = taskIdTime(taskId).toISOString().slice(0, 10);
  return { name: `${taskId}-${key}.${extension}`, taskId, extension, folder: `${day}/${taskId}-${key}/` };
}

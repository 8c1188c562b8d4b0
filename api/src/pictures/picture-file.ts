import { randomBytes } from 'node:crypto';
import { isTaskId, type TaskId, taskIdTime } from '@midjourney-api/shared/tasks/task-id';
import { isPictureExtension, type PictureExtension } from './picture-format.ts';

/** The name of a stored picture, in its address and in MySQL: whose it is, and 128 bits that nobody can guess. */
export interface PictureFile {
  name: string;
  taskId: TaskId;
  extension: PictureExtension;
  /** Where it and all that was made of it is in the store, by the day of its task. Ends in a slash. */
  folder: string;
}

export function newPictureFile(taskId: TaskId, extension: PictureExtension): PictureFile {
  return pictureFile(taskId, randomBytes(16).toString('hex'), extension);
}

/** @returns undefined for what cannot be the name of a stored picture. */
export function parsePictureFile(name: string): PictureFile | undefined {
  const [, taskId = '', key = '', extension = ''] =
    /^(\d{10,19})-([0-9a-f]{32})\.([a-z0-9]{3,4})$/.exec(name) ?? [];
  if (!isTaskId(taskId) || !isPictureExtension(extension)) return undefined;
  return pictureFile(taskId, key, extension);
}

/** Path of the original picture in the store. */
export function originalPath({ folder, extension }: PictureFile): string {
  return `${folder}picture.${extension}`;
}

function pictureFile(taskId: TaskId, key: string, extension: PictureExtension): PictureFile {
  const day = taskIdTime(taskId).toISOString().slice(0, 10);
  return { name: `${taskId}-${key}.${extension}`, taskId, extension, folder: `${day}/${taskId}-${key}/` };
}

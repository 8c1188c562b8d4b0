import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { jobIdOf } from '@midjourney-api/shared/midjourney/job-id';
import { firstTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, eq, gt, like, lt, or, type SQL } from 'drizzle-orm';
import { parsePictureFile } from '../pictures/picture-file.ts';
import { picturesPath } from '../pictures/pictures-at.ts';

/** What may identify a picture. */
export type PictureClue =
  | { by: 'message'; messageId: string }
  | { by: 'job'; hash: string }
  /** The name of this service's own copy. */
  | { by: 'file'; name: string; taskId: TaskId }
  /** Where Discord has it: the path of its link, whose query changes when it is renewed. */
  | { by: 'attachment'; path: string; at: Date };

/** @returns what a link or the name of a file says of its picture; undefined for what is neither ours nor Discord's. */
export function clueInLink(link: string): PictureClue | undefined {
  const path = URL.canParse(link) ? new URL(link).pathname : link;
  const filename = path.split('/').at(-1) ?? '';
  const own = parsePictureFile(filename);
  if (own && (path === filename || path === `${picturesPath}/${filename}`))
    return { by: 'file', name: own.name, taskId: own.taskId };
  const hash = jobIdOf({ attachments: [{ filename }] });
  if (hash) return { by: 'job', hash };
  const attachmentId = /^\/(?:ephemeral-)?attachments\/\d{1,20}\/(\d{15,20})\/[^/]+$/.exec(path)?.[1];
  return attachmentId === undefined ? undefined : { by: 'attachment', path, at: timeOf(attachmentId) };
}

/** The ids of the tasks, of all users, with that picture. One that came late is not shown before it is claimed. */
export async function findTasksOfPicture(db: Database, clue: PictureClue): Promise<TaskId[]> {
  const found = await db.select({ id: tasks.id }).from(tasks).where(conditionOf(clue));
  return found.map(({ id }) => id);
}

function conditionOf(clue: PictureClue): SQL | undefined {
  switch (clue.by) {
    case 'message':
      return eq(tasks.messageId, clue.messageId);
    case 'job': {
      const hash = clue.hash.toLowerCase();
      return or(eq(tasks.messageHash, hash), eq(tasks.jobId, hash));
    }
    case 'file':
      return and(eq(tasks.id, clue.taskId), eq(tasks.imageFile, clue.name));
    case 'attachment': {
      // No index has links: the picture came at most a day after its task was accepted, which the ids say.
      const [before, after] = [clue.at.getTime() - longestTaskMs, clue.at.getTime() + clocksDifferByMs];
      return and(
        gt(tasks.id, firstTaskId(new Date(before))),
        lt(tasks.id, firstTaskId(new Date(after))),
        like(tasks.imageUrl, `%${clue.path.replaceAll(/[\\%_]/g, '\\$&')}%`),
      );
    }
  }
}

const longestTaskMs = 24 * 60 * 60 * 1_000;
const clocksDifferByMs = 60_000;

/** Discord's ids hold the time: https://discord.com/developers/docs/reference#snowflakes */
function timeOf(snowflake: string): Date {
  const discordEpochMs = 1_420_070_400_000;
  return new Date(Number(BigInt(snowflake) >> 22n) + discordEpochMs);
}

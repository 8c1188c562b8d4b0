import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { familyOf, type MessageFamily } from '@midjourney-api/shared/midjourney/press-facts';
import type { TaskAction } from '@midjourney-api/shared/tasks/task';

/**
 * Tasks with the same key could not be distinguished if both were drawn at once, so they run one after the other.
 * null for a drawing with a marker of its own.
 */
export function exclusiveKey(action: TaskAction): string | null {
  switch (action.kind) {
    case 'imagine':
      return null;
    case 'describe':
      // Midjourney's messages do not show the link.
      return 'link' in action ? 'describe link' : `describe ${action.uploadFilename}`;
    // Their messages hold neither a marker nor a link that shows whose they are.
    case 'blend':
    case 'shorten':
      return action.kind;
    case 'show':
      return `show ${action.jobId}`;
    case 'button':
      return `${action.messageId} ${likeDrawing(familyOf(parseCustomId(action.customId)))}`;
  }
}

/** Videos of either motion and what is drawn again may read alike. */
function likeDrawing(family: MessageFamily): MessageFamily {
  return family.startsWith('animate ') ? 'drawing' : family;
}

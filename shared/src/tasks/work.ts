import { parseCustomId } from '../midjourney/custom-id.ts';
import { familyOf } from '../midjourney/press-facts.ts';
import type { TaskAction } from './task.ts';

/** What Midjourney draws for a task. Picks, texts and jobs shown again draw nothing new. */
export type Work = 'picture' | 'video' | 'nothing';

export function workOf(action: TaskAction): Work {
  switch (action.kind) {
    case 'imagine':
      return /(?:^|\s)--video\b/.test(action.prompt) ? 'video' : 'picture';
    case 'blend':
      return 'picture';
    case 'describe':
    case 'shorten':
    case 'show':
      return 'nothing';
    case 'button': {
      const family = familyOf(parseCustomId(action.customId));
      if (/^(?:pick |video |description$)/.test(family)) return 'nothing';
      return family.startsWith('animate ') ? 'video' : 'picture';
    }
  }
}

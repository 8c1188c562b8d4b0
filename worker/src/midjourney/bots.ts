import type { Bot } from '@midjourney-api/shared/tasks/task';

export type BotIds = Readonly<Record<Bot, string>>;

/** The ids of Midjourney's bots, as Discord shows them: of each its application's, and its user's, which are the same. */
export const botIds: BotIds = { midjourney: '936929561302675456', niji: '1022952195194359889' };

/** Whether this is the id of one of Midjourney's bots. */
export function isMidjourneyBot(id: string): boolean {
  return Object.values(botIds).includes(id);
}

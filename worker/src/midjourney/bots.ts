import type { Bot } from '@midjourney-api/shared/tasks/task';

/** The ids of Midjourney's bots: of each its application's, and its user's, which are the same. */
export type BotIds = Readonly<Record<Bot, string>>;

/** niji・journey's, as Discord shows it. */
const nijiBotId = '1022952195194359889';

export function botIds(midjourneyBotId: string): BotIds {
  return { midjourney: midjourneyBotId, niji: nijiBotId };
}

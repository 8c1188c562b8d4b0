import type { User } from '../discord/model.ts';
import { makeUser } from '../discord/users.ts';

export const midjourneyBotId = '936929561302675456';
export const nijiBotId = '1022952195194359889';

const midjourney = makeUser(midjourneyBotId, 'Midjourney Bot', {
  bot: true,
  discriminator: '9282',
  avatar: 'f6ce562a6b4979c4b1cbc5b436d3be76',
  public_flags: 589824,
});

const niji = makeUser(nijiBotId, 'niji・journey Bot', {
  bot: true,
  discriminator: '6306',
  public_flags: 65536,
});

/** Both bots; the id of each is that of its application too. */
export const midjourneyBots: readonly User[] = [midjourney, niji];

export function midjourneyBot(applicationId: string): User {
  return applicationId === nijiBotId ? niji : midjourney;
}

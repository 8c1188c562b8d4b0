import type { User } from '../discord/model.ts';
import { makeUser } from '../discord/users.ts';

export const MIDJOURNEY_ID = '936929561302675456';
export const NIJI_ID = '1022952195194359889';

const midjourney = makeUser(MIDJOURNEY_ID, 'Midjourney Bot', {
  bot: true,
  discriminator: '9282',
  avatar: 'f6ce562a6b4979c4b1cbc5b436d3be76',
  public_flags: 589824,
});

const niji = makeUser(NIJI_ID, 'niji・journey Bot', {
  bot: true,
  discriminator: '6306',
  public_flags: 65536,
});

/** Both bots; the id of each is that of its application too. */
export const midjourneyBots: readonly User[] = [midjourney, niji];

export function midjourneyBot(applicationId: string): User {
  return applicationId === NIJI_ID ? niji : midjourney;
}

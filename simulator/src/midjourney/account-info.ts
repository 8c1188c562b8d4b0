import type { Account } from '../accounts.ts';
import type { Embed } from '../discord/model.ts';
import type { Jobs } from './jobs.ts';
import type { Studio } from './studio.ts';

const fastHours = 15;
const imagesPerHour = 60;

/** The embed of `/info`. */
export function accountInfo(account: Account, jobs: Jobs, studio: Studio): Embed {
  const user = account.user.user;
  const drawn = [...jobs.all()].filter((job) => job.accountUserId === user.id && job.state === 'done').length;
  const left = Math.max(0, fastHours - drawn / imagesPerHour);
  const { drawing, waiting } = studio.load(account);
  const modes = { fast: 'Fast', relaxed: 'Relaxed', turbo: 'Turbo' };
  const queued = (speed: 'fast' | 'relaxed') => (account.speed === speed ? waiting : 0);
  return {
    title: `Your info - ${user.username}`,
    color: 65280,
    description: [
      `**User ID**: ${user.id}`,
      '**Subscription**: Standard (Active monthly)',
      `**Job Mode**: ${modes[account.speed]}`,
      `**Visibility Mode**: ${account.stealth ? 'Stealth' : 'Public'}`,
      `**Fast Time Remaining**: ${left.toFixed(2)}/${fastHours.toFixed(1)} hours (${((100 * left) / fastHours).toFixed(2)}%)`,
      `**Lifetime Usage**: ${drawn} images (${(drawn / imagesPerHour).toFixed(2)} hours)`,
      '**Relaxed Usage**: 0 images (0.00 hours)',
      '',
      `**Queued Jobs (fast)**: ${queued('fast')}`,
      `**Queued Jobs (relax)**: ${queued('relaxed')}`,
      `**Running Jobs**: ${drawing === 0 ? 'None' : drawing}`,
    ].join('\n'),
  };
}

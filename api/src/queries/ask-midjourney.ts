import type { AccountRow } from '@midjourney-api/shared/accounts/accounts';
import { askAccount as askWorker } from '@midjourney-api/shared/queues/ask-account';
import type { Answers, QuestionJob } from '@midjourney-api/shared/queues/catalogue';
import { Refusal } from '../commands/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { withTimeLimit } from '../time-limit.ts';

const answerWithinMs = 15_000;

interface Asked<Question extends keyof Answers> {
  question: Question;
  about?: QuestionJob;
  /** What Midjourney answers, in words, such as "the answer to /info". */
  answer: string;
  withinMs?: number;
}

/**
 * Asks Midjourney something that it answers to the account's user only, through the worker that has the account.
 * @throws {Refusal} action_unavailable where a bot listens, which does not see it; unavailable while the account does
 * not work, or when there is no answer in time.
 */
export async function askMidjourney<Question extends keyof Answers>(
  { redis, queues, config }: Pick<Dependencies, 'redis' | 'queues' | 'config'>,
  account: Pick<AccountRow, 'name' | 'session' | 'enabled' | 'state'>,
  { question, about, answer, withinMs = answerWithinMs }: Asked<Question>,
): Promise<Answers[Question]> {
  checkAnswers(account, answer);
  const connections = { redis, queues, prefix: config.REDIS_PREFIX };
  const asking = askWorker(connections, account.name, question, withinMs, about);
  return withTimeLimit(asking, withinMs).catch((cause) => {
    const why = `The account "${account.name}" did not get ${answer}. Try again later.`;
    throw new Refusal('unavailable', why, { cause });
  });
}

function checkAnswers(
  { name, session, enabled, state }: Pick<AccountRow, 'name' | 'session' | 'enabled' | 'state'>,
  answer: string,
): void {
  if (session !== 'user') {
    throw new Refusal(
      'action_unavailable',
      `The account "${name}" listens with the session of a bot, which does not see ${answer}. Let it listen with a session of its user.`,
      { available: [] },
    );
  }
  if (enabled && state === 'ready') return;
  const present = enabled ? state : 'disabled';
  throw new Refusal('unavailable', `The account "${name}" is ${present}, so it cannot ask Midjourney.`);
}

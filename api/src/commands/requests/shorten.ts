import type { Bot, Speed } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { PreparePrompt } from '../prompts/prepare-prompt.ts';
import { ofBot, type TaskRequest } from './task-request.ts';

interface Shorten {
  prompt: string;
  /** Chooses an account that draws at it. */
  speed?: Speed | null | undefined;
  bot?: Bot | null | undefined;
}

/** @throws {Refusal} as `PreparePrompt`. */
export async function shortenRequest(
  { preparePrompt }: { preparePrompt: PreparePrompt },
  user: Pick<User, 'userName'>,
  { prompt: text, speed = null, bot }: Shorten,
): Promise<TaskRequest> {
  const kind = 'shorten';
  const { shown, sent, warnings } = await preparePrompt({ text, bot, user, kind, use: 'shorten' });
  const action = { kind, prompt: sent, ...ofBot(bot) } as const;
  return { triggerType: kind, action, prompt: shown, speed, warnings };
}

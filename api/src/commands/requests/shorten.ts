import type { Bot, Speed } from '@midjourney-api/shared/tasks/task';
import type { Dependencies } from '../../dependencies.ts';
import { checkPrompt, refuseTooLong } from '../prompts/check-prompt.ts';
import { ofBot, type TaskRequest } from './task-request.ts';

interface Shorten {
  prompt: string;
  /** Chooses an account that draws at it. */
  speed?: Speed | null | undefined;
  bot?: Bot | null | undefined;
}

/** @throws {Refusal} `banned_prompt`, and `invalid_request` for a prompt that Discord would not take. */
export function shortenRequest(
  { bannedWords }: Pick<Dependencies, 'bannedWords'>,
  { prompt: text, speed = null, bot }: Shorten,
): TaskRequest {
  const prompt = checkPrompt(bannedWords, text);
  refuseTooLong(prompt, { marked: false });
  return { triggerType: 'shorten', action: { kind: 'shorten', prompt, ...ofBot(bot) }, prompt, speed };
}

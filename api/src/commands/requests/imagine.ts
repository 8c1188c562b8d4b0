import type { Bot, Speed } from '@midjourney-api/shared/tasks/task';
import type { Dependencies } from '../../dependencies.ts';
import { checkPrompt, refuseTooLong } from '../prompts/check-prompt.ts';
import { withSpeed } from '../prompts/speed.ts';
import { ofBot, type TaskRequest } from './task-request.ts';

interface Imagine {
  prompt: string;
  /** A picture to start from; it goes before the prompt. */
  pictureUrl?: URL | undefined;
  speed?: Speed | null | undefined;
  bot?: Bot | null | undefined;
}

/** @throws {Refusal} `banned_prompt`, and `invalid_request` for a prompt that Discord would not take. */
export function imagineRequest(
  { bannedWords }: Pick<Dependencies, 'bannedWords'>,
  { prompt: text, pictureUrl, speed: wanted, bot }: Imagine,
): TaskRequest {
  const shown = checkPrompt(bannedWords, text);
  const { prompt, speed } = withSpeed(shown, wanted ?? undefined);
  const sent = pictureUrl ? `${pictureUrl.href} ${prompt}` : prompt;
  refuseTooLong(sent, { marked: true });
  return {
    triggerType: 'generate',
    action: { kind: 'imagine', prompt: sent, ...ofBot(bot) },
    prompt: shown,
    speed,
  };
}

import type { User } from '@midjourney-api/shared/users/users';
import type { PreparePrompt, WrittenPrompt } from '../prompts/prepare-prompt.ts';
import { ofBot, type TaskRequest } from './task-request.ts';

/** @throws {Refusal} as `PreparePrompt`. */
export async function imagineRequest(
  { preparePrompt }: { preparePrompt: PreparePrompt },
  user: Pick<User, 'userName'>,
  written: WrittenPrompt,
): Promise<TaskRequest> {
  const kind = 'generate';
  const { shown, sent, speed, warnings } = await preparePrompt({ ...written, user, kind, use: 'imagine' });
  return {
    triggerType: kind,
    action: { kind: 'imagine', prompt: sent, ...ofBot(written.bot) },
    prompt: shown,
    speed,
    warnings,
  };
}

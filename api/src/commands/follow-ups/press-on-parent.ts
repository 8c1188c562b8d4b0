import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import { formOf } from '@midjourney-api/shared/midjourney/press-facts';
import type { Button, TriggerType } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import type { PreparePrompt } from '../prompts/prepare-prompt.ts';
import type { PromptFields } from '../prompts/prompt-fields.ts';
import { type FinishedParent, notPressable, ownSpeed } from './parent.ts';
import { formNeedsRemix, formNeedsUserSession, seesForms } from './pressable.ts';

export interface PressDependencies extends Pick<Dependencies, 'db'> {
  preparePrompt: PreparePrompt;
}

/** What to write into the form that a button opens. */
export interface FormText {
  text: string;
  params?: PromptFields | null | undefined;
}

interface FormPress {
  user: Pick<User, 'userName'>;
  kind: TriggerType;
  parent: FinishedParent;
  button: Button;
  form: FormText | undefined;
}

/**
 * The press of a button with what is written into its form.
 * @throws {Refusal} as `PreparePrompt`; `action_unavailable` where the form would not be shown to this service.
 */
export async function pressWithForm(
  { preparePrompt }: Pick<PressDependencies, 'preparePrompt'>,
  { user, kind, parent, button, form }: FormPress,
) {
  const { action, ...request } = pressOnParent(parent, button);
  if (!form) return { ...request, action };
  const press = parseCustomId(button.custom_id);
  if (!seesForms(parent.account)) throw notPressable(parent, button, { why: formNeedsUserSession });
  // Midjourney would draw at once, without the prompt.
  if (formOf(press) === 'in remix mode' && parent.account?.remix === false)
    throw notPressable(parent, button, { why: formNeedsRemix });
  const drawsVideo = press.kind === 'animate' || press.kind === 'extend_video';
  const { shown, sent, warnings } = await preparePrompt({
    ...form,
    bot: parent.task.action.bot,
    user,
    kind,
    use: 'form',
    modelOfPicture: drawsVideo ? 'video' : parent.task.drawn?.model,
  });
  return { ...request, action: { ...action, prompt: sent }, prompt: shown, warnings };
}

/** The press of a button, without what is written into its form. */
export function pressOnParent({ task, messageId }: FinishedParent, { custom_id }: Button) {
  const action = {
    kind: 'button' as const,
    messageId,
    messageFlags: task.messageFlags ?? 0,
    customId: custom_id,
    ...(task.action.bot && { bot: task.action.bot }),
  };
  const { id: parentId, account, prompt } = task;
  return { parentId, account, prompt, speed: ownSpeed(task), action };
}

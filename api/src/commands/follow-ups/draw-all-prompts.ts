import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import type { Commands } from '../commands.ts';
import { Refusal } from '../refusal.ts';
import type { Order } from '../submit.ts';
import { findFinishedParent, unavailable } from './parent.ts';
import { pressRequest } from './press-request.ts';

interface DrawAllPrompts extends Omit<Order, 'request'> {
  /** The describe or shorten task that has the prompts. */
  taskId: string;
}

interface DrawnPrompts {
  /** The ids of the new tasks, in the order of the prompts. */
  taskIds: string[];
  /** Why the prompts after these were not submitted. */
  refusal: Refusal | undefined;
}

/**
 * Draws all prompts that a describe or shorten has found, each as a separate task for one token.
 * Repeated with the same key, it submits what is missing.
 * @throws {Refusal} as `pressRequest`, when not even the first was submitted.
 */
export async function drawAllPrompts(
  deps: Pick<Dependencies, 'db'> & Pick<Commands, 'preparePrompt' | 'submit'>,
  { taskId, ...order }: DrawAllPrompts,
): Promise<DrawnPrompts> {
  const taskIds: string[] = [];
  for (const customId of await numbersUnder(deps, order.user, taskId)) {
    const { once } = order;
    try {
      const { task } = await deps.submit({
        ...order,
        once: once && { ...once, key: `${once.key} ${customId}` },
        request: () => pressRequest(deps, order.user, { parent: { taskId }, button: { customId } }),
      });
      taskIds.push(task.id);
    } catch (error) {
      if (!(error instanceof Refusal) || taskIds.length === 0) throw error;
      return { taskIds, refusal: error };
    }
  }
  return { taskIds, refusal: undefined };
}

async function numbersUnder(
  { db }: Pick<Dependencies, 'db'>,
  user: Pick<User, 'id'>,
  taskId: string,
): Promise<string[]> {
  const parent = await findFinishedParent(db, user.id, { taskId });
  if (!parent) throw new Refusal('not_found', `You have no task ${taskId}: describe its picture here first.`);
  const numbers = parent.buttons.filter(({ custom_id }) => 'number' in parseCustomId(custom_id));
  if (numbers.length === 0) throw unavailable(parent, 'has no prompts to draw, as a describe or shorten has');
  return numbers.map(({ custom_id }) => custom_id);
}

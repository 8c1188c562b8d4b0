import type { Context } from 'hono';
import { isOfPrompt } from '../../../commands/results/drawn.ts';
import type { Order, Submit, Submitted } from '../../../commands/submit.ts';
import { type AppEnv, apiPrefix } from '../../app-env.ts';
import { readOnce } from '../idempotency-key.ts';
import { hookOf, type SubmitBody } from './submit-fields.ts';

/** Submits what a validated body asks for, and answers with the task. */
export async function submitAndAnswer(
  c: Context<AppEnv>,
  submit: Submit,
  sent: SentBody,
  request: Order['request'],
) {
  const task = await submitBody(c, submit, sent, request);
  const warnings = (task.warnings ?? []).filter(isOfPrompt);
  c.header('Location', `${apiPrefix}/task/${task.id}`);
  return c.json(
    {
      message: 'success' as const,
      trigger_id: task.id,
      trigger_type: task.triggerType,
      status: 'queued' as const,
      ...(task.parentId && { parent_trigger_id: task.parentId }),
      ...(warnings.length > 0 && { warnings }),
    },
    200,
  );
}

interface SentBody {
  path: string;
  body: SubmitBody;
}

/** Submits what a validated body asks for, in whatever dialect it is answered. */
export async function submitBody(
  c: Context<AppEnv>,
  submit: Submit,
  { path, body }: SentBody,
  request: Order['request'],
): Promise<Submitted['task']> {
  const once = readOnce(c, path);
  const { task, replayed } = await submit({
    user: c.get('user'),
    requestId: c.get('requestId'),
    request,
    state: body.state,
    hook: hookOf(body),
    once: once && { ...once, body },
  });
  if (replayed) c.header('Idempotency-Replayed', 'true');
  return task;
}

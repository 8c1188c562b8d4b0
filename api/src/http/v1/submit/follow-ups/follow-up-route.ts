import { z } from '@hono/zod-openapi';
import type { FollowUp } from '../../../../commands/follow-ups/follow-up.ts';
import { followUpRequest } from '../../../../commands/follow-ups/follow-up-request.ts';
import type { NamedParent } from '../../../../commands/follow-ups/parent.ts';
import type { FormText } from '../../../../commands/follow-ups/press-on-parent.ts';
import type { AddRoute } from '../../../app-env.ts';
import type { ProblemCode } from '../../../problems/problem.ts';
import { exampleHash, exampleTaskId, speedField, taskIdField } from '../../fields.ts';
import { submitFields } from '../submit-fields.ts';
import { costsOneToken, submitRoute } from '../submit-route.ts';

/** How a body names the task whose picture it continues. */
export const parentFields = {
  trigger_id: taskIdField.describe('the task whose picture is continued'),
  msg_id: z
    .string()
    .regex(/^\d{10,20}$/, "must be the id of Discord's message")
    .nullish()
    .openapi({ example: '1279000000000000000' })
    .describe("Discord's id of the picture's message; looked up when left out"),
  msg_hash: z
    .string()
    // It becomes a part of the button's custom_id, whose parts are separated by "::".
    .regex(/^[0-9A-Za-z-]{1,64}$/, "must be the picture's hash")
    .nullish()
    .openapi({ example: exampleHash })
    .describe("the picture's hash; looked up when left out"),
  speed: speedField.describe(
    'must be the speed that the button draws at: that of its picture, or else that of its account',
  ),
};

export function namedParent({
  trigger_id: taskId,
  msg_id: messageId,
  msg_hash: messageHash,
  speed,
}: z.output<z.ZodObject<typeof parentFields>>): NamedParent {
  return { taskId, messageId, messageHash, speed };
}

export const indexOfFour = z
  .int()
  .min(1)
  .max(4)
  .describe('which of the four: 1 and 2 are the upper ones, 3 and 4 the lower ones');
export const ignoredIndex = z.unknown().optional().describe('ignored, as there is only one picture');

/** The problems of every route that presses a button, besides those of every submit. */
export const followUpProblems: ProblemCode[] = ['not_found', 'action_unavailable'];

/** The body of a follow-up that needs nothing but its parent. */
export const followUpBody = z.strictObject({ ...parentFields, ...submitFields });

interface FollowUpRoute<Schema extends z.ZodType<z.output<typeof followUpBody>>> {
  /** Its path, too. */
  type: FollowUp['type'];
  operationId: string;
  summary: string;
  schema: Schema;
  /** The example's fields besides the parent. */
  example?: Record<string, unknown>;
  followUp: (body: z.output<Schema>) => FollowUp;
  /** What to write into the form that the button opens in remix mode. */
  form?: (body: z.output<Schema>) => FormText | undefined;
  /** Besides those of every follow-up. */
  problems?: ProblemCode[];
}

/** A route that presses a button under the picture of an earlier task. */
export function followUpRoute<Schema extends z.ZodType<z.output<typeof followUpBody>>>({
  type,
  example,
  followUp,
  form,
  problems = [],
  ...described
}: FollowUpRoute<Schema>): AddRoute {
  return submitRoute({
    ...described,
    path: `/${type}`,
    triggerType: type,
    description: `${costsOneToken} The parent must have succeeded and have this button.`,
    hasParent: true,
    example: { trigger_id: exampleTaskId, ...example },
    problems: [...followUpProblems, ...problems],
    request: (body, user, { db, commands: { preparePrompt } }) =>
      followUpRequest({ db, preparePrompt }, user, {
        parent: namedParent(body),
        followUp: followUp(body),
        form: form?.(body),
      }),
  });
}

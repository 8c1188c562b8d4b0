import { z } from '@hono/zod-openapi';
import { pressRequest } from '../../../commands/follow-ups/press-request.ts';
import { promptField, taskIdField } from '../../v1/fields.ts';
import { namedButton } from '../../v1/submit/follow-ups/action.ts';
import { drawingTool, waitField } from '../drawing-tool.ts';

export const addPress = drawingTool({
  name: 'press',
  title: 'Press a button',
  description:
    'Continues a finished task by pressing one of its buttons: picks one of four, varies it, enlarges it, pans, zooms, animates, draws one of the prompts of a description.',
  schema: z.strictObject({
    trigger_id: taskIdField.describe('the task that has the button'),
    custom_id: z.string().min(1).max(100).optional().describe('the custom_id of one of its buttons'),
    label: z
      .string()
      .min(1)
      .max(80)
      .optional()
      .describe('instead of the custom_id: the label of the button, such as U2'),
    prompt: promptField.optional().describe('for a button whose form asks for one'),
    wait: waitField,
  }),
  request: (args, user, { mcp: { db, commands } }) =>
    pressRequest({ db, preparePrompt: commands.preparePrompt }, user, {
      parent: { taskId: args.trigger_id },
      button: namedButton(args),
      form: args.prompt === undefined ? undefined : { text: args.prompt },
    }),
});

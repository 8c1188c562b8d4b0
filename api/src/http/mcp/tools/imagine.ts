import { z } from '@hono/zod-openapi';
import { bots, speeds } from '@midjourney-api/shared/tasks/task';
import { imagineRequest } from '../../../commands/requests/imagine.ts';
import { promptField } from '../../v1/fields.ts';
import { drawingTool, waitField } from '../drawing-tool.ts';

export const addImagine = drawingTool({
  name: 'imagine',
  title: 'Draw pictures',
  description: 'Draws four pictures from a prompt.',
  schema: z.strictObject({
    prompt: promptField.describe(
      'what to draw, with Midjourney’s parameters such as --ar 3:2 at its end; links of pictures to start from go before the words',
    ),
    speed: z.enum(speeds).optional(),
    bot: z.enum(bots).optional().describe('niji draws anime; midjourney when left out'),
    wait: waitField,
  }),
  request: ({ prompt: text, speed, bot }, user, { mcp }) =>
    imagineRequest(mcp.commands, user, { text, speed, bot }),
});

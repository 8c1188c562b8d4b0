import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import type { ContentBlock } from '@modelcontextprotocol/server';
import { Refusal } from '../../commands/refusal.ts';
import { viewTasksFor } from '../v1/tasks/task-views.ts';
import { mcpOperations } from './operations.ts';
import { type CallRequest, textBlock } from './tool.ts';

/** Enough to see what is there; a model that reads it pays for each pixel. */
const pictureWidth = 512;

/** A task as an assistant reads it: a sentence, the fields that `/v1` shows, and a small picture. */
export async function taskContent(request: CallRequest, shown: ShownTask): Promise<ContentBlock[]> {
  const { c, mcp } = request;
  const [task = shown] = await mcp.freshLinks([shown]);
  const [view] = await viewTasksFor(c, mcp, [task], mcpOperations);
  if (!view) throw new Error('A task has a view.');
  const queue = (await mcp.findPosition(task)) ?? view.queue;
  return [
    textBlock(sentenceAbout(view)),
    textBlock(JSON.stringify({ ...view, queue })),
    ...(await smallPicture(request, task)),
  ];
}

function sentenceAbout(view: TaskView): string {
  const { trigger_id: id, status, image_url: link, fail_reason: reason } = view;
  if (isOpen(view))
    return `Task ${id} is ${status}, and continues by itself: get_task waits for its end. Do not submit it again.`;
  if (status === 'failed') return `Task ${id} failed, and its token was returned. ${reason ?? ''}`.trim();
  return link === undefined ? `Task ${id} succeeded.` : `Task ${id} succeeded: ${link}`;
}

/** Of a video, how it begins. Nothing where no picture is kept: then there is the link. */
async function smallPicture(
  { mcp: { keptPictures } }: CallRequest,
  { imageFile, imageUrl, durationMs }: ShownTask,
): Promise<ContentBlock[]> {
  if (!keptPictures || imageFile === null || imageUrl === null) return [];
  const found = await keptPictures.find(imageFile);
  if (!found) return [];
  try {
    const still = durationMs !== null;
    const { picture, part } = still
      ? await keptPictures.posterOf(found)
      : { picture: found, part: undefined };
    const variant = keptPictures.variantOf(picture, { part, width: pictureWidth, still });
    const stored = await keptPictures.open(picture, variant);
    if (!stored) return [];
    const bytes = Buffer.from(await new Response(await stored.read()).arrayBuffer());
    return [{ type: 'image', data: bytes.toString('base64'), mimeType: 'image/webp' }];
  } catch (error) {
    // The task itself is there: its client gets that, whatever is wrong with the picture.
    if (error instanceof Refusal) return [textBlock(error.message)];
    throw error;
  }
}

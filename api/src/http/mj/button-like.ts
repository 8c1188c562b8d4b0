import { isDeepStrictEqual } from 'node:util';
import { type Press, parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { Button } from '@midjourney-api/shared/tasks/task';

/**
 * The button of a picture that a client means, which may have built its `custom_id` itself: out of any uuid, with a
 * number or an end where the bot has another. What the button does has to be the same, and which of several pictures,
 * prompts or sizes it is about.
 */
export function buttonLike(buttons: readonly Button[], customId: string): Button | undefined {
  const exact = buttons.find(({ custom_id }) => custom_id === customId);
  if (exact) return exact;
  const wanted = meaning(parseCustomId(customId));
  const like = (meant: object) =>
    buttons.find(({ custom_id }) => isDeepStrictEqual(meaning(parseCustomId(custom_id)), meant));
  return like(wanted) ?? likeVariation(customId, like);
}

/** Without what clients cannot know. */
function meaning(press: Press): object {
  switch (press.kind) {
    case 'extend_video':
      return { kind: press.kind, motion: press.motion };
    case 'unknown':
      return { kind: press.kind, name: nameIn(press.customId) };
    default:
      return press;
  }
}

/** Only its end distinguishes the variation of a single picture from a grid's, so a wrong end names the other one. */
function likeVariation(customId: string, like: (meant: object) => Button | undefined): Button | undefined {
  const index = /^MJ::JOB::variation::([1-4])::/.exec(customId)?.[1];
  if (index === undefined) return undefined;
  return like({ kind: 'variation', index: Number(index) }) ?? like({ kind: 'plain_variation' });
}

/** `MJ::JOB::name` of a button that this program does not know. */
function nameIn(customId: string): string {
  const parts = customId.split('::');
  return parts.slice(0, /^job$/i.test(parts[1] ?? '') ? 3 : 2).join('::');
}

import { unknownEmoji } from '../errors.ts';
import type { InteractionListener } from '../interaction.ts';
import { type Ctx, caller, emojiObject, placeIn, type RestApp } from './context.ts';
import { type MessageRoutesOptions, messageIn } from './messages.ts';

interface ReactionRoutesOptions
  extends Pick<MessageRoutesOptions, 'accounts' | 'directChannels' | 'store' | 'feed'> {
  listener: InteractionListener;
  /** How long after a reaction the bot acts, in milliseconds. */
  botDelayMs: number;
  after: (ms: number, action: () => void) => void;
}

/** Reactions to messages: one's own added and removed, and the users who reacted with an emoji. */
export function addReactionRoutes(app: RestApp, options: ReactionRoutesOptions): void {
  const path = '/channels/:channel/messages/:message/reactions/:emoji';

  // The path's `@` comes encoded or not.
  const ownPath = `${path}/:me{@me|%40me}` as const;

  app.get(path, (c) => {
    const { reactions = [] } = messageIn(c, options);
    const userIds = reactions.find(({ emoji }) => emoji === emojiIn(c))?.userIds ?? [];
    return c.json(userIds.flatMap((id) => options.accounts.userOf(id) ?? []));
  });

  app.put(ownPath, (c) => {
    react(c, true);
    return c.body(null, 204);
  });

  app.delete(ownPath, (c) => {
    react(c, false);
    return c.body(null, 204);
  });

  function react(c: Ctx, added: boolean): void {
    placeIn(c, options);
    const emoji = emojiIn(c);
    const message = messageIn(c, options);
    const userId = caller(c).user.id;
    options.feed.react(message, { userId, emoji, shown: emojiObject(emoji), added });
    const account = options.accounts.ofUser(userId);
    if (!added || !account) return;
    options.after(options.botDelayMs, () => options.listener.reacted(message, emoji, account));
  }
}

function emojiIn(c: Ctx): string {
  const emoji = c.req.param('emoji') ?? '';
  if (!/\p{Extended_Pictographic}|\p{Emoji_Presentation}|\u20e3/u.test(emoji) && !/^\w+:\d+$/.test(emoji)) {
    throw unknownEmoji();
  }
  return emoji;
}

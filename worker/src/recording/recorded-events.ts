import { GatewayDispatchEvents, type GatewayDispatchPayload } from 'discord-api-types/v10';
import { isMidjourneyBot } from '../midjourney/bots.ts';

/**
 * Chooses what of a gateway session is recorded: what Midjourney's bots write in the account's channel and to its user,
 * what becomes of that, and of the user's interactions. What other people write, and who is there, is not.
 */
export class RecordedEvents {
  readonly #channelId: string;
  readonly #known = new Set<string>();

  constructor(channelId: string) {
    this.#channelId = channelId;
  }

  /** A message that was there before. */
  know(messageId: string): void {
    this.#known.add(messageId);
  }

  includes(dispatch: GatewayDispatchPayload): boolean {
    switch (dispatch.t) {
      case GatewayDispatchEvents.MessageCreate:
      case GatewayDispatchEvents.MessageUpdate: {
        const { id, author, channel_id, guild_id } = dispatch.d;
        const isHere = channel_id === this.#channelId || guild_id === undefined;
        // An update that adds the preview of a link has no author.
        const isBots = author ? isMidjourneyBot(author.id) : this.#known.has(id);
        if (isHere && isBots) this.#known.add(id);
        return isHere && isBots;
      }
      case GatewayDispatchEvents.MessageDelete:
        return this.#known.has(dispatch.d.id);
      case GatewayDispatchEvents.MessageDeleteBulk:
        return dispatch.d.ids.some((id) => this.#known.has(id));
      default:
        return dispatch.t.startsWith('INTERACTION_');
    }
  }
}

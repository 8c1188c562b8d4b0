import { intentBits } from './gateway-protocol.ts';
import type { Dispatch, Session } from './session.ts';

/** An event in a guild or in direct messages, for everybody there or for one user only. */
export interface GuildEvent {
  type: string;
  /** None in direct messages. */
  guildId?: string;
  /** The ids of the two users of direct messages. */
  between?: readonly string[];
  data: Record<string, unknown>;
  /** What bots without the Message Content intent get instead. */
  dataWithoutContent?: () => Record<string, unknown>;
  /** Visible to this user only, in the session that the answered interaction named. */
  onlyFor?: string;
  /** The interaction that a private event answers. */
  interactionId?: string;
  /** Only this session sees it. */
  onlySession?: string;
  /** Visible only to the sessions of the user who sent it. */
  nonce?: { userId: string; nonce: string };
  /** What fault rules are matched against. */
  about: { accountUserId?: string; prompt?: string; content?: string; jobKind?: string };
}

/** The forms of one event for different sessions, each serialised once. */
export class EventVariants {
  readonly #event: GuildEvent;
  #full: string | undefined;
  #blank: string | undefined;

  constructor(event: GuildEvent) {
    this.#event = event;
  }

  for({ principal, intents }: Session): Dispatch {
    const { type, nonce, dataWithoutContent, data } = this.#event;
    const blind =
      principal.kind === 'bot' && intents !== undefined && (intents & intentBits.messageContent) === 0;
    if (blind && dataWithoutContent) {
      this.#blank ??= JSON.stringify(dataWithoutContent());
      return { type, json: this.#blank };
    }
    this.#full ??= JSON.stringify(data);
    const sender = principal.kind === 'user' && nonce?.userId === principal.user.id;
    if (!nonce || !sender) return { type, json: this.#full };
    return { type, json: `{"nonce":${JSON.stringify(nonce.nonce)},${this.#full.slice(1)}` };
  }
}

/** The intent without which a bot does not get an event of a channel. */
export function intentOf(type: string, direct: boolean): number {
  if (type.startsWith('MESSAGE_REACTION'))
    return direct ? intentBits.directReactions : intentBits.guildReactions;
  return direct ? intentBits.directMessages : intentBits.guildMessages;
}

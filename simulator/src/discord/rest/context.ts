import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { Accounts, Principal } from '../../accounts.ts';
import type { DirectChannels } from '../direct-channels.ts';
import { missingAccess, notJson, unauthorized, unknownChannel, unknownGuild } from '../errors.ts';
import { Form } from '../form.ts';
import { type MessageView, messageObject, withoutContent } from '../message-object.ts';
import type { Message } from '../model.ts';

export interface Env {
  Bindings: HttpBindings;
  Variables: {
    principal: Principal | undefined;
    /** Why the caller gets no answer. */
    lost?: 'reset' | 'no answer';
    /** The bot acts before the request is answered. */
    botFirst?: boolean;
  };
}

export type Ctx = Context<Env>;
export type RestApp = Hono<Env>;

/** A channel that the caller may see: of a guild, or of direct messages. */
export interface Place {
  channelId: string;
  guildId?: string;
  between?: readonly [string, string];
}

/** The sender of the request. Throws 401 for an unknown token. */
export function caller(c: Ctx): Principal {
  const { principal } = c.var;
  if (!principal) throw unauthorized();
  return principal;
}

/** The guild that the path names, if the caller is in it. */
export function guildIn(c: Ctx, accounts: Accounts): string {
  const guildId = c.req.param('guild') ?? '';
  if (accounts.inGuild(guildId).length === 0) throw unknownGuild();
  if (!caller(c).guildIds.has(guildId)) throw missingAccess();
  return guildId;
}

/** The channel that the path names, if the caller may see it. */
export function placeIn(
  c: Ctx,
  { accounts, directChannels }: { accounts: Accounts; directChannels: DirectChannels },
): Place {
  const channelId = c.req.param('channel') ?? '';
  const { user, guildIds } = caller(c);
  const direct = directChannels.get(channelId);
  if (direct?.between.includes(user.id)) return { channelId, between: direct.between };
  const guildId = accounts.guildOf(channelId);
  if (guildId === undefined) throw unknownChannel();
  if (!guildIds.has(guildId)) throw missingAccess();
  return { channelId, guildId };
}

/** A message as this viewer sees it, with its reactions. */
export function shownTo(viewer: Principal, message: Message, view: MessageView) {
  const object = messageObject(message, view);
  if (message.reactions?.length) {
    object.reactions = message.reactions.map(({ emoji, userIds }) => ({
      emoji: emojiObject(emoji),
      count: userIds.length,
      count_details: { burst: 0, normal: userIds.length },
      burst_colors: [],
      me: userIds.includes(viewer.user.id),
      me_burst: false,
    }));
  }
  const blind = viewer.kind === 'bot' && !viewer.contentIntent && message.author.id !== viewer.user.id;
  return blind ? withoutContent(object) : object;
}

/** An emoji of a path: the character itself, or `name:id`. */
export function emojiObject(emoji: string) {
  const [name = emoji, id = null] = emoji.split(':');
  return { id, name };
}

/** The request's JSON. Throws 400 if it is invalid. */
export async function bodyOf(c: Ctx): Promise<Form> {
  const type = c.req.header('content-type') ?? '';
  // Browsers send some requests as a form with the JSON as its only part.
  const text = type.startsWith('multipart/form-data')
    ? String((await c.req.parseBody()).payload_json ?? '')
    : await c.req.text();
  try {
    return new Form(JSON.parse(text));
  } catch {
    throw notJson();
  }
}

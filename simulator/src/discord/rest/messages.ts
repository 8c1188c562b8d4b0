import type { Accounts } from '../../accounts.ts';
import type { ChannelFeed } from '../channel-feed.ts';
import type { DirectChannels } from '../direct-channels.ts';
import {
  botsOnly,
  cannotEditOthers,
  emptyMessage,
  missingPermissions,
  slowedDown,
  unknownMessage,
} from '../errors.ts';
import { Form } from '../form.ts';
import type { Interactions } from '../interactions.ts';
import type { MessageView } from '../message-object.ts';
import { isPrivate, type MessageStore } from '../message-store.ts';
import { type Embed, type Message, messageTypes } from '../model.ts';
import { readAttachments } from '../read-interaction.ts';
import type { SlowMode } from '../slow-mode.ts';
import type { NewSnowflake } from '../snowflake.ts';
import type { Uploads } from '../uploads.ts';
import { bodyOf, type Ctx, caller, placeIn, type RestApp, shownTo } from './context.ts';

export interface MessageRoutesOptions {
  accounts: Accounts;
  directChannels: DirectChannels;
  interactions: Interactions;
  slowMode: SlowMode;
  store: MessageStore;
  feed: ChannelFeed;
  uploads: Uploads;
  view: MessageView;
  newId: NewSnowflake;
}

/** The history of channels, and what users and bots write, change and delete there. */
export function addMessageRoutes(app: RestApp, options: MessageRoutesOptions): void {
  const { feed, slowMode, store, uploads, view } = options;

  app.get('/channels/:channel/messages', (c) => {
    const { channelId } = placeIn(c, options);
    const query = new Form(c.req.query());
    const limit = query.field('limit').missing ? 50 : query.field('limit').integer();
    if (limit < 1 || limit > 100) {
      throw query.field('limit').error('NUMBER_TYPE_MIN_MAX', 'int value should be between 1 and 100.');
    }
    const edge = (name: 'before' | 'after' | 'around') =>
      query.field(name).missing ? {} : { [name]: query.field(name).snowflake() };
    const page = store.page(channelId, { limit, ...edge('before'), ...edge('after'), ...edge('around') });
    return c.json(page.map((message) => shownTo(caller(c), message, view)));
  });

  app.get('/channels/:channel/messages/:message', (c) => {
    if (caller(c).kind !== 'bot') throw botsOnly();
    return c.json(shownTo(caller(c), messageIn(c, options), view));
  });

  app.post('/channels/:channel/messages', async (c) => {
    const where = placeIn(c, options);
    const { kind, user } = caller(c);
    const form = await bodyOf(c);
    const content = form.field('content').optionalText({ max: 2000 }) ?? '';
    const nonce = nonceIn(form.field('nonce'));
    const files = readAttachments(form.field('attachments'), where.channelId, uploads);
    const embeds = kind === 'bot' ? embedsIn(form.field('embeds')) : [];
    if (content.trim() === '' && files.size === 0 && embeds.length === 0) throw emptyMessage();
    // Bots have the permission to bypass it here.
    const wait = kind === 'user' ? slowMode.act(where.channelId, user.id) : 0;
    if (wait > 0) throw slowedDown(wait);
    const attachments = [...files.values()].map(({ filename, size, contentType, width, height, sha256 }) => ({
      id: options.newId(),
      filename,
      size,
      contentType,
      width,
      height,
      source: { kind: 'upload' as const, sha256 },
    }));
    const reference = form.field('message_reference');
    const replyTo = reference.missing ? undefined : reference.field('message_id').snowflake();
    const message = feed.post(
      {
        ...where,
        author: user,
        type: replyTo === undefined ? messageTypes.default : messageTypes.reply,
        content,
        embeds,
        attachments,
        replyTo,
      },
      { about: {}, nonce: nonce === undefined ? undefined : { userId: user.id, nonce } },
    );
    return c.json({ ...shownTo(caller(c), message, view), nonce });
  });

  app.patch('/channels/:channel/messages/:message', async (c) => {
    const message = messageIn(c, options);
    if (message.author.id !== caller(c).user.id) throw cannotEditOthers();
    const form = await bodyOf(c);
    const content = form.field('content').optionalText({ max: 2000 }) ?? message.content;
    return c.json(shownTo(caller(c), feed.edit(message, { content }, { about: {} }), view));
  });

  app.delete('/channels/:channel/messages/:message', (c) => {
    const message = messageIn(c, options);
    if (message.author.id !== caller(c).user.id) throw missingPermissions();
    feed.remove(message, { about: {} });
    return c.body(null, 204);
  });

  app.post('/channels/:channel/typing', (c) => {
    placeIn(c, options);
    return c.body(null, 204);
  });
}

/** The message that the path names, if the caller may see it. Ephemeral ones are not found by REST. */
export function messageIn(
  c: Ctx,
  options: Pick<MessageRoutesOptions, 'accounts' | 'directChannels' | 'store'>,
): Message {
  const { channelId } = placeIn(c, options);
  const message = options.store.get(channelId, c.req.param('message') ?? '');
  if (!message || isPrivate(message)) throw unknownMessage();
  return message;
}

/** A nonce is any text of up to 25 characters, or a number. */
function nonceIn(field: Form): string | undefined {
  return field.missing ? undefined : field.textOrNumber({ max: 25 });
}

function embedsIn(field: Form): Embed[] {
  return field.list({ max: 10 }).map((embed) => ({
    title: embed.field('title').optionalText({ max: 256 }),
    description: embed.field('description').optionalText({ max: 4096 }),
  }));
}

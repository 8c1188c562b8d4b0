import type { Accounts } from '../../accounts.ts';
import { Form } from '../form.ts';
import type { MessageView } from '../message-object.ts';
import { isPrivate, type MessageStore } from '../message-store.ts';
import type { Message } from '../model.ts';
import { compareSnowflakes } from '../snowflake.ts';
import { caller, guildIn, type RestApp, shownTo } from './context.ts';

export interface SearchRouteOptions {
  accounts: Accounts;
  store: MessageStore;
  view: MessageView;
}

/**
 * `GET /guilds/{guild}/messages/search`, which bots may use too since 2026-03: all words of `content` in any
 * order, `author_id`, `channel_id`, `min_id`, `max_id`, newest first unless `sort_order=asc`.
 */
export function addSearchRoute(app: RestApp, { accounts, store, view }: SearchRouteOptions): void {
  app.get('/guilds/:guild/messages/search', (c) => {
    const guildId = guildIn(c, accounts);
    const query = new Form(c.req.query());
    const whole = (name: string, fallback: number, min: number, max: number) => {
      const field = query.field(name);
      const number = field.missing ? fallback : field.integer();
      if (number >= min && number <= max) return number;
      throw field.error('NUMBER_TYPE_MIN_MAX', `int value should be between ${min} and ${max}.`);
    };
    const limit = whole('limit', 25, 1, 25);
    const offset = whole('offset', 0, 0, 9975);
    const words = (query.field('content').optionalText({ max: 1024 }) ?? '').toLowerCase().split(/\s+/);
    const authors = c.req.queries('author_id');
    const channels = c.req.queries('channel_id');
    const { min_id, max_id, sort_order } = c.req.query();
    const fits = (message: Message) =>
      message.guildId === guildId &&
      !isPrivate(message) &&
      words.every((word) => message.content.toLowerCase().includes(word)) &&
      (authors?.includes(message.author.id) ?? true) &&
      (channels?.includes(message.channelId) ?? true) &&
      (min_id === undefined || compareSnowflakes(message.id, min_id) > 0) &&
      (max_id === undefined || compareSnowflakes(message.id, max_id) < 0);
    const found = [...store.all()].filter(fits).sort((a, b) => compareSnowflakes(b.id, a.id));
    if (sort_order === 'asc') found.reverse();
    return c.json({
      doing_deep_historical_index: false,
      total_results: found.length,
      messages: found
        .slice(offset, offset + limit)
        .map((message) => [{ ...shownTo(caller(c), message, view), hit: true }]),
    });
  });
}

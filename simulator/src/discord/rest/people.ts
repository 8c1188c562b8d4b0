import type { Accounts, Principal } from '../../accounts.ts';
import { type DirectChannels, directChannelObject } from '../direct-channels.ts';
import { invalidRecipients, unauthorized, unknownMember, unknownUser } from '../errors.ts';
import type { Form } from '../form.ts';
import { guildObject, membersOf } from '../guilds.ts';
import type { MessageStore } from '../message-store.ts';
import type { User } from '../model.ts';
import { bodyOf, type Ctx, caller, guildIn, type RestApp } from './context.ts';

export interface PeopleRoutesOptions {
  accounts: Accounts;
  directChannels: DirectChannels;
  store: MessageStore;
}

/** Users, members and bots' applications, and the way to somebody's direct messages. */
export function addPeopleRoutes(app: RestApp, options: PeopleRoutesOptions): void {
  const { accounts, directChannels, store } = options;

  app.get('/users/@me', (c) => {
    const { user } = caller(c);
    return c.json({ ...user, mfa_enabled: false, locale: 'en-US', verified: true, email: null });
  });

  app.get('/users/@me/guilds', (c) => {
    const guilds = [...caller(c).guildIds].map((id) => guildObject(id));
    return c.json(guilds.map(({ id, name, icon, features }) => ({ id, name, icon, features, owner: false })));
  });

  app.post('/users/@me/channels', async (c) => {
    const me = caller(c);
    const recipient = recipientOf(await bodyOf(c), me);
    const channel = directChannels.open(me.user.id, recipient.id);
    return c.json(directChannelObject(channel, recipient, store.lastId(channel.id)));
  });

  app.get('/users/:user', (c) => {
    const user = accounts.userOf(c.req.param('user'));
    if (!user) throw unknownUser();
    return c.json(user);
  });

  app.get('/guilds/:guild/members', (c) => c.json(membersOf(guildIn(c, accounts), accounts, caller(c))));

  app.get('/guilds/:guild/members/:user', (c) => {
    const members = membersOf(guildIn(c, accounts), accounts, caller(c));
    const member = members.find(({ user }) => user.id === c.req.param('user'));
    if (!member) throw unknownMember();
    return c.json(member);
  });

  for (const path of ['/applications/@me', '/oauth2/applications/@me']) {
    app.get(path, (c) => c.json(applicationOf(c)));
  }

  /** Somebody to write to: whoever shares a guild with the caller. */
  function recipientOf(form: Form, me: Principal): User {
    const list = form.field('recipients').list({ max: 1 });
    const id = (list[0] ?? form.field('recipient_id')).snowflake();
    const near = [...me.guildIds].flatMap((guildId) => membersOf(guildId, accounts, me));
    const found = near.find(({ user }) => user.id === id && id !== me.user.id);
    if (!found) throw invalidRecipients();
    return found.user;
  }

  /** https://docs.discord.com/developers/resources/application#application-object */
  function applicationOf(c: Ctx) {
    const { kind, user, guildIds, contentIntent } = caller(c);
    if (kind !== 'bot') throw unauthorized();
    const [owner] = accounts.ofPrincipal(caller(c));
    return {
      id: user.id,
      name: user.username,
      icon: null,
      description: '',
      summary: '',
      bot: user,
      bot_public: false,
      bot_require_code_grant: false,
      owner: owner?.user.user,
      team: null,
      verify_key: '0'.repeat(64),
      // GATEWAY_MESSAGE_CONTENT_LIMITED
      flags: contentIntent ? 1 << 19 : 0,
      approximate_guild_count: guildIds.size,
      redirect_uris: [],
      interactions_endpoint_url: null,
      integration_types_config: { '0': {} },
    };
  }
}

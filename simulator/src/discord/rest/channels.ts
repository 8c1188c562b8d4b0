import { directChannelObject } from '../direct-channels.ts';
import { unknownChannel } from '../errors.ts';
import { channelObject, guildObject } from '../guilds.ts';
import { type Ctx, caller, guildIn, placeIn, type RestApp } from './context.ts';
import type { MessageRoutesOptions } from './messages.ts';

type ChannelRoutesOptions = Pick<MessageRoutesOptions, 'accounts' | 'directChannels' | 'slowMode' | 'store'>;

/** Guilds and channels. */
export function addChannelRoutes(app: RestApp, options: ChannelRoutesOptions): void {
  const { accounts, directChannels, slowMode, store } = options;

  app.get('/guilds/:guild', (c) => {
    const guildId = guildIn(c, accounts);
    return c.json(guildObject(guildId));
  });

  app.get('/guilds/:guild/channels', (c) => {
    const channelIds = new Set(accounts.inGuild(guildIn(c, accounts)).map(({ channelId }) => channelId));
    return c.json([...channelIds].map((channelId) => guildChannel(channelId)));
  });

  app.get('/channels/:channel', (c) => {
    const { channelId } = placeIn(c, options);
    return c.json(directChannel(c, channelId) ?? guildChannel(channelId));
  });

  function directChannel(c: Ctx, channelId: string) {
    const channel = directChannels.get(channelId);
    const other = channel?.between.find((userId) => userId !== caller(c).user.id);
    const recipient = other === undefined ? undefined : accounts.userOf(other);
    return channel && recipient && directChannelObject(channel, recipient, store.lastId(channelId));
  }

  function guildChannel(channelId: string) {
    const guildId = accounts.guildOf(channelId);
    const account = accounts.inGuild(guildId ?? '').find((candidate) => candidate.channelId === channelId);
    if (!account) throw unknownChannel();
    return channelObject(account, store.lastId(channelId), slowMode.of(channelId));
  }
}

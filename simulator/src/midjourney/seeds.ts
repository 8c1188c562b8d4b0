import type { Account } from '../accounts.ts';
import type { ChannelFeed } from '../discord/channel-feed.ts';
import type { DirectChannels } from '../discord/direct-channels.ts';
import type { Gateway } from '../discord/gateway.ts';
import { type Message, messageTypes } from '../discord/model.ts';
import { isDrawn } from './derivations.ts';
import { midjourneyBot } from './identity.ts';
import type { Jobs } from './jobs.ts';

const envelope = '✉️';

interface SeedsOptions {
  jobs: Jobs;
  feed: ChannelFeed;
  gateway: Gateway;
  directChannels: DirectChannels;
}

/** Writes a picture's seed to the user who reacts to it with an envelope, in their direct messages. */
export class Seeds {
  readonly #options: SeedsOptions;

  constructor(options: SeedsOptions) {
    this.#options = options;
  }

  reacted(message: Message, emoji: string, account: Account): void {
    const { jobs, feed, gateway, directChannels } = this.#options;
    const job = jobs.get(message.jobId ?? '');
    if (emoji !== envelope || !isDrawn(job)) return;
    const user = account.user.user;
    const bot = midjourneyBot(message.author.id);
    const about = { accountUserId: user.id };
    const channel = directChannels.open(user.id, bot.id);
    gateway.publish({
      type: 'CHANNEL_CREATE',
      data: { id: channel.id, type: 1, flags: 0, last_message_id: null, recipients: [bot] },
      onlyFor: user.id,
      about,
    });
    feed.post(
      {
        channelId: channel.id,
        author: bot,
        type: messageTypes.default,
        content: `**${job.echoedPrompt}**\n**Job ID**: ${job.id}\n**seed** ${job.seed}`,
      },
      { about },
    );
  }
}

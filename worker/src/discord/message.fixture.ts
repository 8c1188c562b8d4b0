import type { DiscordMessage } from './message.ts';

/** A message of the Midjourney Bot that says nothing, with what a test wants different. */
export function aMessage(different: Partial<DiscordMessage> = {}): DiscordMessage {
  return {
    id: '2000',
    channelId: '1',
    authorId: '936929561302675456',
    content: '',
    flags: 0,
    attachments: [],
    embeds: [],
    components: [],
    nonce: null,
    referencedMessageId: null,
    interaction: null,
    ...different,
  };
}

import type { APIEmbed } from 'discord-api-types/v10';
import type { DiscordMessage } from '../discord/message.ts';

/** Numbered prompts with the picture that they describe. */
export function isDescription({ embeds }: Pick<DiscordMessage, 'embeds'>): boolean {
  return embeds.some(
    ({ description, image }) => image && description && /^\s*1\uFE0F?\u20E3/u.test(description),
  );
}

/** Numbered prompts without a picture: a shortened one. */
export function isShortening({ embeds }: Pick<DiscordMessage, 'embeds'>): boolean {
  return embeds.some(isShortened);
}

/** A refusal may repeat a prompt with numbers in it, and its footer repeats the command. */
function isShortened({ description, image, footer }: APIEmbed): boolean {
  return !image && !footer?.text.startsWith('/') && /^\s*1\uFE0F?\u20E3/mu.test(description ?? '');
}

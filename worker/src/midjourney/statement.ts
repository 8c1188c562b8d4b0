import type { APIEmbed } from 'discord-api-types/v10';
import type { DiscordMessage } from '../discord/message.ts';
import { isDescription, isShortening } from './numbered-texts.ts';
import { parseContent } from './parse-content.ts';

/** What Midjourney says to its user in words of its own, instead of showing a job. */
export interface Statement {
  title: string;
  text: string;
  footer: string;
  isWarning: boolean;
  form: 'titled embed' | 'untitled embed' | 'plain text';
}

/** https://discord.com/developers/docs/resources/message#embed-object, colours as seen at public clients. */
const errorColors = [16_711_680, 15_548_997, 15_844_367];
const warningColors = [16_776_960, 16_239_475];
const fineColors = [65_280];

/** What refusals without an embed begin with. Texts such as "Displaying..." only say that it works. */
const plainRefusal = new RegExp(
  `^(?:${[
    'invalid|failed|sorry|oops|unrecogni[sz]ed|unsupported|banned|blocked|slow down|queue full|too many|pending mod',
    '(?:an |unknown |there was an )?error|something went wrong|unable to',
    "could ?n['’o]t|can(?:not|['’]t)|not allowed|(?:access|permission) denied",
    '(?:request|job) (?:cancelled|denied|failed|not found)',
    "you (?:cannot|can['’]t|do not|don['’]t|are not|must|need to|(?:are|have been) (?:\\w+ly )?blocked)",
    "your (?:account|job queue)|this [^.\\n]{0,60}\\b(?:already|can(?:not|['’]t)|failed|no longer|not|only)",
    '(?:please )?(?:verify|confirm) (?:that )?you|action (?:needed|required)',
  ].join('|')})\\b`,
  'i',
);

/** @returns undefined for a message that shows a job, an answer in numbered texts, or good news. */
export function statementOf({
  content,
  embeds,
  attachments,
}: Pick<DiscordMessage, 'content' | 'embeds' | 'attachments'>): Statement | undefined {
  const isJob = parseContent(content) !== null || attachments.length > 0;
  const own = embeds.filter((each) => !isPreview(each));
  const embed = own.find((each) => isStatement(each, isJob));
  if (embed) {
    return {
      title: embed.title?.trim() ?? '',
      text: embed.description?.trim() ?? '',
      footer: embed.footer?.text ?? '',
      isWarning: hasColor(embed, warningColors),
      form: embed.title ? 'titled embed' : 'untitled embed',
    };
  }
  if (isJob || own.length > 0 || !plainRefusal.test(content)) return undefined;
  return { title: '', text: content.trim(), footer: '', isWarning: false, form: 'plain text' };
}

/** Discord adds previews of the links in a text, with what their pages say: that of a prompt's link is its client's. */
function isPreview({ type, provider, url }: APIEmbed): boolean {
  return (type !== undefined && type !== 'rich') || provider !== undefined || url !== undefined;
}

function isStatement(embed: APIEmbed, isJob: boolean): boolean {
  if (hasColor(embed, fineColors)) return false;
  const isColored = hasColor(embed, [...errorColors, ...warningColors]);
  if (isJob) return isColored && Boolean(embed.title);
  if (isColored) return Boolean(embed.title ?? embed.description);
  // Colours are not to be relied on: what is none of Midjourney's answers is a refusal.
  if (isDescription({ embeds: [embed] }) || isShortening({ embeds: [embed] })) return false;
  if (/^your info\b/i.test(embed.title ?? '')) return false;
  return Boolean(embed.title) || Boolean(embed.description && !embed.image);
}

function hasColor({ color }: APIEmbed, colors: readonly number[]): boolean {
  return color !== undefined && colors.includes(color);
}

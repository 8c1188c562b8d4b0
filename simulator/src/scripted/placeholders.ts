import type { Interaction } from '../discord/interaction.ts';
import type { NewSnowflake } from '../discord/snowflake.ts';
import type { RawEvent } from './raw-event.ts';
import { textsOf } from './replies.ts';

/**
 * Fills what only the interaction knows into the events of a reply: `{nonce}`, `{interaction}`, `{session}`,
 * `{user}`, `{channel}`, `{guild}`; `{prompt}` and the `{marker}` in it; of a button `{message}`, the message
 * under which it was, and the `{hash}` in its custom id; of a form the `{opener}`, the interaction that opened it.
 * `{new:NAME}` is a fresh id, the same one for each NAME within a reply.
 */
export function fillIn(events: RawEvent[], interaction: Interaction, newId: NewSnowflake): RawEvent[] {
  const values = valuesOf(interaction);
  const fresh = new Map<string, string>();
  const fill = (whole: string, name: string, label: string | undefined) => {
    if (name !== 'new') return values[name] === undefined ? whole : inJson(values[name]);
    const id = fresh.get(label ?? '') ?? newId();
    fresh.set(label ?? '', id);
    return id;
  };
  return JSON.parse(JSON.stringify(events).replace(/\{([a-z]+)(?::([\w-]+))?\}/g, fill));
}

function valuesOf(interaction: Interaction): Record<string, string | undefined> {
  const { id, nonce, sessionId, account, channelId, guildId } = interaction;
  const isButton = interaction.type === 'button';
  const prompt = isButton
    ? (/\*\*([\s\S]*)\*\*/.exec(interaction.message.content)?.[1] ?? '')
    : (textsOf(interaction)[0] ?? '');
  return {
    nonce: nonce ?? '',
    interaction: id,
    session: sessionId,
    user: account.user.user.id,
    channel: channelId,
    guild: guildId,
    prompt,
    marker: /<#\d+#>/.exec(prompt)?.[0] ?? '',
    message: isButton ? interaction.message.id : undefined,
    opener: interaction.type === 'modal' ? interaction.openedBy : undefined,
    hash: isButton ? /[0-9a-f-]{36}/.exec(interaction.customId)?.[0] : undefined,
  };
}

/** A text as it stands between the quotes of a JSON string. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

import { randomInt, randomUUID } from 'node:crypto';
import type { Interaction } from '../discord/interaction.ts';
import type { InteractionMetadata } from '../discord/model.ts';
import type { Job } from './jobs.ts';
import type { Prompt } from './prompt.ts';
import { isRefusal, type Refusal } from './refusals.ts';

/** The requested part of a job; `openJob` fills in the rest. */
export type JobPlan = Pick<Job, 'kind' | 'prompt' | 'echoedPrompt' | 'version'> & Partial<Job>;

/** A new job for an interaction, not yet begun, with a hash of its own. */
export function openJob(interaction: Interaction, plan: JobPlan): Job {
  const { account, applicationId, guildId, channelId, nonce } = interaction;
  return {
    id: randomUUID(),
    accountUserId: account.user.user.id,
    applicationId,
    guildId,
    channelId,
    nonce,
    interaction: metadataOf(interaction),
    parentMessageId: interaction.type === 'button' ? interaction.message.id : undefined,
    messageIds: [],
    requestedAt: Date.now(),
    state: 'queued',
    fate: 'finish',
    seed: newSeed(),
    speed: account.speed,
    stealth: account.stealth,
    ...plan,
  };
}

/** What the prompt itself says about a job, valid or not. */
export function planFor(kind: Job['kind'], raw: string, prompt: Prompt | Refusal): JobPlan {
  if (isRefusal(prompt)) {
    return { kind, prompt: raw, echoedPrompt: raw.replace(/\s+/g, ' ').trim(), version: '' };
  }
  const { echo, version, stealth, speed } = prompt;
  return {
    kind,
    prompt: raw,
    echoedPrompt: echo,
    version,
    ...(stealth === undefined ? {} : { stealth }),
    ...(speed === undefined ? {} : { speed }),
  };
}

/** What a message says about the interaction that it answers. */
export function metadataOf(interaction: Interaction, triggeredBy?: InteractionMetadata): InteractionMetadata {
  const { id, account } = interaction;
  const user = account.user.user;
  switch (interaction.type) {
    case 'command':
      return { id, type: 2, user, name: interaction.name };
    case 'button':
      return { id, type: 3, user, interactedMessageId: interaction.message.id };
    case 'modal':
      return { id, type: 5, user, triggeredBy };
  }
}

/** What is drawn: the text without markers, or the links when there is no text. */
export function subjectOf({ text, links }: Prompt): string {
  return text.replace(/<#\d+#>/g, '').trim() || links.join(' ');
}

/** The text of a prompt as the bot repeats it, without links, marker and parameters. */
export function textOf(echoed: string): string {
  return echoed
    .replace(/(^| )--\p{L}.*$/u, '')
    .replace(/<\S+>/g, '')
    .trim();
}

export function newSeed(): number {
  return randomInt(2 ** 32);
}

/** A region that is drawn again is a variation of one picture. */
export function regionOf({ id }: Pick<Job, 'id'>) {
  return { kind: 'solo_variation', detail: 'region', index: 1, parentJobId: id } as const;
}

import { SnowflakeUtil } from 'discord.js';
import type { DiscordMessage } from '../../discord/message.ts';
import { AccountRefused } from '../../discord/rest/account-refused.ts';
import { buildPrivatePress, buildQuestion, type InteractionContext } from '../../midjourney/interactions.ts';
import { readSignal } from '../../midjourney/signal.ts';
import { withResolvers } from '../../with-resolvers.ts';
import type { AccountUser } from '../session/account-user.ts';

interface Question {
  nonce: string;
  messageId: string | undefined;
  answer(message: DiscordMessage): void;
  refuse(reason: Error): void;
}

type QuestionContext = Omit<InteractionContext, 'command'>;

/** Midjourney answers at once, or not at all. */
const answerWithinMs = 10_000;

/**
 * Commands that are no tasks: Midjourney answers them to the account's user alone. Only a session of that user
 * sees the answer, whose nonce names the question.
 */
export class Questions {
  readonly #open = new Set<Question>();

  /**
   * @throws {AccountRefused} when Midjourney refuses the account instead.
   * @throws when Discord does not take the command, Midjourney refuses it, or no answer comes.
   */
  async ask(command: 'info' | 'settings', user: AccountUser, signal: AbortSignal): Promise<DiscordMessage> {
    const found = await user.commands.find(command, user.bots.midjourney);
    const build = (context: QuestionContext) => buildQuestion({ ...context, command: found });
    return this.#send(`/${command}`, undefined, build, user, signal);
  }

  /** Presses something in an earlier answer. @returns the answer as it is then. @throws as `ask` does. */
  async press(
    { id: messageId, flags: messageFlags }: DiscordMessage,
    pressed: { customId: string; values?: string[] },
    user: AccountUser,
    signal: AbortSignal,
  ): Promise<DiscordMessage> {
    const build = (context: QuestionContext) =>
      buildPrivatePress({ messageId, messageFlags, ...pressed }, context);
    return this.#send(pressed.customId, messageId, build, user, signal);
  }

  async #send(
    what: string,
    messageId: string | undefined,
    build: (context: QuestionContext) => Record<string, unknown>,
    user: AccountUser,
    signal: AbortSignal,
  ): Promise<DiscordMessage> {
    const nonce = SnowflakeUtil.generate().toString();
    const { promise, resolve, reject } = withResolvers<DiscordMessage>();
    // It may be rejected before anything awaits it.
    promise.catch(() => {});
    const question: Question = { nonce, messageId, answer: resolve, refuse: reject };
    const giveUp = () => reject(new Error(`Midjourney did not answer ${what}.`));
    const timer = setTimeout(giveUp, answerWithinMs);
    signal.addEventListener('abort', giveUp, { once: true });
    this.#open.add(question);
    try {
      const sessionId = await user.sessionId();
      const outcome = await user.rest.interact(build({ ...user, sessionId, nonce }));
      if (outcome.type === 'account refused') throw new AccountRefused(outcome.refusal);
      if (outcome.type === 'refused' || outcome.type === 'unreachable')
        throw new Error(`Discord did not take ${what}: ${outcome.message}`);
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      this.#open.delete(question);
    }
  }

  /** @returns whether the message answers a question; then it is no task's. */
  hear(message: DiscordMessage): boolean {
    for (const question of this.#open) {
      if (question.messageId !== message.id && question.nonce !== message.nonce) continue;
      // The first message may say only that there will be an answer, which it is then edited into.
      question.messageId = message.id;
      const refusal = refusalIn(message);
      if (refusal) question.refuse(refusal);
      else if (message.embeds.length > 0 || (message.components ?? []).length > 0) question.answer(message);
      return true;
    }
    return false;
  }
}

/** An embed in words that are not known may be the answer. */
function refusalIn(message: DiscordMessage): Error | undefined {
  const signal = readSignal(message);
  if (signal.type !== 'refused' || signal.unknown?.endsWith('embed')) return undefined;
  return signal.account
    ? new AccountRefused(signal.account)
    : new Error(`Midjourney refused it: ${signal.reason}`);
}

import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import { z } from 'zod';
import type { DiscordAccount } from '../discord/discord-account.ts';
import type { DiscordRest } from '../discord/rest/discord-rest.ts';
import { openSession } from '../discord/session.ts';
import { userIdOfToken } from '../discord/user-id-of-token.ts';
import { isMidjourneyBot } from '../midjourney/bots.ts';
import { withResolvers } from '../with-resolvers.ts';
import { RecordedEvents } from './recorded-events.ts';
import { type Received, redactRecording } from './redact-recording.ts';

export interface RecordOptions {
  account: DiscordAccount;
  rest: Pick<DiscordRest, 'gatewayUrl' | 'loggingIn' | 'look'>;
  /** Ends the recording. */
  signal: AbortSignal;
  /** Called when it has begun. */
  onListening(): void;
  log: Logger;
}

const history = z.array(z.looseObject({ id: z.string(), author: z.object({ id: z.string() }) }));

/**
 * Records what an account receives, in a gateway session beside the worker's. Sends nothing, and keeps what is not yet
 * redacted in memory only.
 * @returns the redacted recording, when the signal is aborted.
 * @throws when Discord does not let the session in.
 */
export async function recordAccount(options: RecordOptions): Promise<Received[]> {
  const { account, rest, signal, log } = options;
  const { guildId, channelId, userToken } = account;
  const received: Received[] = [];
  const events = new RecordedEvents(channelId);
  const beganAt = performance.now();
  const afterMs = () => Math.round(performance.now() - beganAt);

  const look = async (path: string, keep: (body: unknown) => unknown) => {
    const { status, body } = await rest.look(account.session, path);
    received.push({ afterMs: afterMs(), get: path, status, body: status === 200 ? keep(body) : body });
  };
  const readHistory = () =>
    look(`/channels/${channelId}/messages`, (body) => {
      const messages = history.parse(body).filter(({ author }) => isMidjourneyBot(author.id));
      for (const { id } of messages) events.know(id);
      return messages;
    });
  const readCommands = () =>
    look(`/guilds/${guildId}/application-command-index`, (body) =>
      z
        .object({ application_commands: z.array(z.looseObject({ application_id: z.string() })) })
        .parse(body)
        .application_commands.filter(({ application_id }) => isMidjourneyBot(application_id)),
    );

  const { promise: listened, resolve, reject } = withResolvers<void>();
  let isListening = false;
  const session = openSession(
    rest,
    account,
    {
      dispatch: (dispatch: GatewayDispatchPayload) => {
        if (events.includes(dispatch)) received.push({ afterMs: afterMs(), t: dispatch.t, d: dispatch.d });
      },
      event: () => {},
      ready: () => {
        if (isListening) return;
        isListening = true;
        // A bot may not look up commands.
        const reading = account.session === 'user' ? [readHistory(), readCommands()] : [readHistory()];
        Promise.all(reading).then(options.onListening, reject);
      },
      away: () => log.info('the session is away, and is being opened again'),
      refused: (reason) => reject(new Error(reason)),
    },
    log,
  );
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  try {
    await listened;
  } finally {
    await session.close();
  }
  return redactRecording(received, { guildId, channelId, userId: userIdOfToken(userToken) });
}

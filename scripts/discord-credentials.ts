import { Complaint } from './complaint.ts';

export interface DiscordCredentials {
  /** Discord's REST API, without a version. */
  apiUrl: string;
  userToken: string;
  /** undefined: the user itself listens. */
  botToken: string | undefined;
}

/**
 * Asks Discord for the owners of the tokens, so that a wrong one is found at the start. If Discord cannot be reached, the
 * worker keeps trying.
 * @throws Complaint that names the variable whose token Discord does not know
 */
export async function checkDiscordCredentials(
  credentials: DiscordCredentials,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([
    check('DISCORD_USER_TOKEN', `${credentials.apiUrl}/v9`, credentials.userToken, signal),
    credentials.botToken &&
      check('DISCORD_BOT_TOKEN', `${credentials.apiUrl}/v10`, `Bot ${credentials.botToken}`, signal),
  ]);
}

async function check(
  variable: string,
  api: string,
  authorization: string,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(`${api}/users/@me`, {
    headers: { authorization },
    signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
  }).catch(() => undefined);
  signal.throwIfAborted();
  if (response?.status === 401) throw new Complaint(`${variable}: Discord does not know this token`);
}

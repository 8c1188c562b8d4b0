import type { Accounts, Principal } from '../accounts.ts';
import { isRecord } from './form.ts';
import { intentBits } from './gateway-protocol.ts';
import type { GatewaySessions } from './gateway-sessions.ts';
import type { Session } from './session.ts';

export interface LoginContext {
  accounts: Accounts;
  sessions: GatewaySessions;
  isDown(principal: Principal): boolean;
}

/** Why a connection is closed. https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway */
export interface LoginRefused {
  code: number;
  reason: string;
}

export interface Login {
  principal: Principal;
  /** undefined: it sees everything, as a user's sessions do, whatever intents their client names. */
  intents: number | undefined;
  shard: unknown[];
}

/** What an IDENTIFY asks for. */
export function readIdentify(data: unknown, context: LoginContext): Login | LoginRefused {
  if (!isRecord(data)) return undecodable;
  const principal = ownerOf(data.token, context);
  if ('code' in principal) return principal;
  const intents = typeof data.intents === 'number' ? data.intents : undefined;
  if (principal.kind === 'bot') {
    if (intents === undefined || intents < 0 || intents >= 2 ** 26)
      return { code: 4013, reason: 'Invalid intent(s).' };
    if ((intents & intentBits.messageContent) !== 0 && !principal.contentIntent)
      return { code: 4014, reason: 'Disallowed intent(s).' };
  }
  const shard = Array.isArray(data.shard) ? data.shard : [0, 1];
  if (!(shard[0] < shard[1])) return { code: 4010, reason: 'Invalid shard.' };
  return { principal, intents: principal.kind === 'bot' ? intents : undefined, shard };
}

export interface Resumption {
  session: Session;
  /** The last event that the client has received. */
  after: number;
}

/** What a RESUME asks for; `invalid session`: the client has to identify again. */
export function readResume(
  data: unknown,
  context: LoginContext,
): Resumption | LoginRefused | 'invalid session' {
  if (!isRecord(data) || typeof data.seq !== 'number') return undecodable;
  const principal = ownerOf(data.token, context);
  if ('code' in principal) return principal;
  const session = context.sessions.get(String(data.session_id));
  if (session?.principal !== principal) return 'invalid session';
  if (data.seq > session.lastSequence) return { code: 4007, reason: 'Invalid seq.' };
  if (session.canReplayAfter(data.seq)) return { session, after: data.seq };
  context.sessions.forget(session);
  return 'invalid session';
}

const undecodable: LoginRefused = { code: 4002, reason: 'Error while decoding payload.' };

function ownerOf(token: unknown, { accounts, isDown }: LoginContext): Principal | LoginRefused {
  if (typeof token !== 'string') return undecodable;
  const principal = accounts.ofToken(token.replace(/^Bot /, ''));
  if (!principal) return { code: 4004, reason: 'Authentication failed.' };
  return isDown(principal) ? { code: 4000, reason: 'Unknown error.' } : principal;
}

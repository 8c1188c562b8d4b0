import type { RawData } from 'ws';
import { isRecord } from './form.ts';
import type { GatewaySocket } from './gateway-socket.ts';
import type { Dispatch } from './session.ts';

export const opcodes = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voice: 4,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

export const intentBits = {
  guilds: 1 << 0,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

export function toDispatch(type: string, data: Record<string, unknown>): Dispatch {
  return { type, json: JSON.stringify(data) };
}

export function sendControl(socket: GatewaySocket, op: number, d: unknown): void {
  socket.send(JSON.stringify({ t: null, s: null, op, d }));
}

export function parsePayload(data: RawData): { op: number; d: unknown } | undefined {
  try {
    const payload: unknown = JSON.parse(String(data));
    return isRecord(payload) && typeof payload.op === 'number' ? { op: payload.op, d: payload.d } : undefined;
  } catch {
    return undefined;
  }
}

import { isRecord } from '../discord/form.ts';
import type { Interaction } from '../discord/interaction.ts';
import { parseRawEvent, type RawEvent } from './raw-event.ts';

/** Which interactions a reply is for. Every given part must match. */
interface ReplyMatch {
  /** The command's name, e.g. `imagine` or `prefer remix`. */
  command?: string;
  /** A pattern for the custom id of a button or menu. */
  customId?: RegExp;
  /** A pattern for the custom id of a form that is sent. */
  modal?: RegExp;
  /** A part of the text of the command or form. */
  promptContains?: string;
  /** The account's user id. */
  account?: string;
}

/** A scripted answer to interactions, in place of the bot's. */
export interface Reply {
  id: string;
  match: ReplyMatch;
  /** The number of interactions. */
  times: number;
  struck: number;
  /** The answer of `POST /interactions`; after an error the interaction did not happen. */
  status: number;
  body: unknown;
  headers: Record<string, string>;
  /** Played one after another once the request is answered. */
  events: RawEvent[];
  /** Whether the bot also does what it always does. */
  botActs: boolean;
}

/** The scripted replies; the first that matches an interaction is used. */
export class Replies {
  #replies: Reply[] = [];
  #nextId = 1;

  /** Throws with a sentence if the reply is invalid. */
  add(body: unknown): Reply {
    const reply = { ...parseReply(body), id: String(this.#nextId), struck: 0 };
    this.#nextId += 1;
    this.#replies.push(reply);
    return reply;
  }

  all(): readonly Reply[] {
    return this.#replies;
  }

  clear(): void {
    this.#replies = [];
  }

  /** The reply for this interaction, if any; counts it. */
  take(interaction: Interaction): Reply | undefined {
    const found = this.#replies.find(
      ({ match, struck, times }) => struck < times && matches(match, interaction),
    );
    if (found) found.struck += 1;
    return found;
  }
}

/** The texts that came with an interaction. */
export function textsOf(interaction: Interaction): string[] {
  if (interaction.type === 'button') return [];
  const given = interaction.type === 'command' ? interaction.options : interaction.fields;
  return [...given.values()].filter((value) => typeof value === 'string');
}

function matches(match: ReplyMatch, interaction: Interaction): boolean {
  const { command, customId, modal, promptContains, account } = match;
  if (command !== undefined && !(interaction.type === 'command' && interaction.name === command))
    return false;
  if (customId && !(interaction.type === 'button' && customId.test(interaction.customId))) return false;
  if (modal && !(interaction.type === 'modal' && modal.test(interaction.customId))) return false;
  if (promptContains !== undefined && !textsOf(interaction).some((text) => text.includes(promptContains))) {
    return false;
  }
  return account === undefined || account === interaction.account.user.user.id;
}

function parseReply(body: unknown): Omit<Reply, 'id' | 'struck'> {
  if (!isRecord(body)) throw new Error('a reply is a JSON object');
  const { match = {}, times = 1, status = 204, headers = {}, events = [], botActs = false } = body;
  if (!isRecord(match) || !isRecord(headers)) throw new Error('match and headers must be objects');
  if (typeof times !== 'number' || times < 1) throw new Error('times must be a number of 1 or more');
  if (typeof status !== 'number' || status < 200 || status > 599) {
    throw new Error('status must be a number between 200 and 599');
  }
  if (!Array.isArray(events)) throw new Error('events must be a list');
  return {
    match: parseMatch(match),
    times,
    status,
    body: body.body,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    events: events.map(parseRawEvent),
    botActs: botActs === true,
  };
}

function parseMatch(match: Record<string, unknown>): ReplyMatch {
  const text = (key: string) => {
    const value = match[key];
    if (value !== undefined && typeof value !== 'string') throw new Error(`match.${key} must be a text`);
    return value;
  };
  const pattern = (key: string) => {
    const source = text(key);
    return source === undefined ? undefined : new RegExp(source);
  };
  return {
    command: text('command'),
    customId: pattern('customId'),
    modal: pattern('modal'),
    promptContains: text('promptContains'),
    account: text('account'),
  };
}

import { isRecord } from './discord/form.ts';
import type { Privacy } from './midjourney/jobs.ts';
import { readVersion } from './midjourney/models.ts';
import { type Refusal, type RefusalChange, readRefusal, readRefusalChange } from './midjourney/refusals.ts';

/** Which requests, events or jobs a fault affects. Every given part must match. */
interface FaultMatch {
  method?: string;
  /** A part of the request's path behind `/api/v9`, e.g. `/interactions`. */
  path?: string;
  /** A gateway event's name, e.g. `MESSAGE_CREATE`. */
  event?: string;
  /** A part of the job's prompt. */
  promptContains?: string;
  /** A part of the text of the message that an event is about. */
  contentContains?: string;
  /** The kind of the job: `imagine`, `pick`, `variation`... */
  kind?: string;
  /** The account's user id. */
  account?: string;
  /** Events of these sessions only. */
  session?: 'bot' | 'user';
}

export type RestFault =
  | { kind: 'status'; status: number; code?: number; message?: string }
  | { kind: 'rate_limit'; retryAfter: number; global: boolean }
  /** Discord demands a captcha. */
  | { kind: 'captcha' }
  | { kind: 'no_answer'; afterEffect: boolean }
  /** The bot acts first, and the request is answered this much later. */
  | { kind: 'bot_first'; delayMs: number }
  | { kind: 'reset_before' }
  | { kind: 'reset_after' };

export type JobFault =
  | { kind: 'never_start' }
  | { kind: 'refuse'; refusal: Refusal }
  | { kind: 'stop_midway' }
  | { kind: 'delete_midway' }
  | { kind: 'stall_midway' }
  | { kind: 'filter_midway' }
  | { kind: 'break_midway' }
  | { kind: 'private'; from: Privacy }
  | { kind: 'final_edit' }
  | { kind: 'slow'; drawMs: number };

export type EventFault =
  | { kind: 'miss' }
  | { kind: 'delay'; ms: number }
  | { kind: 'duplicate' }
  | { kind: 'reorder' };

/** Another form of what Midjourney refuses anyway. */
export type RefusalFault = { kind: 'refuse_as'; change: RefusalChange };

/** Drawn with another model than the prompt says, without saying so, as V7 drew `--oref` for V8. */
export type PromptFault = { kind: 'silent_downgrade'; version: string };

export type Fault = PromptFault | RefusalFault | RestFault | JobFault | EventFault;

interface Rule {
  id: string;
  match: FaultMatch;
  times?: number;
  struck: number;
}

export type FaultRule = Fault & Rule;

/** What fault rules are matched against; an unknown part matches no rule about it. */
export interface Occasion {
  method?: string;
  path?: string;
  event?: string;
  prompt?: string;
  content?: string;
  jobKind?: string;
  /** The kinds of sessions that an event goes to. */
  sessions?: ('bot' | 'user')[];
  accounts: string[];
}

const restKinds = [
  'status',
  'rate_limit',
  'captcha',
  'no_answer',
  'reset_before',
  'reset_after',
  'bot_first',
] as const;
const jobKinds = [
  'never_start',
  'refuse',
  'stop_midway',
  'delete_midway',
  'stall_midway',
  'filter_midway',
  'break_midway',
  'private',
  'final_edit',
  'slow',
] as const;
const refusalKinds = ['refuse_as'] as const;
const promptKinds = ['silent_downgrade'] as const;
const eventKinds = ['miss', 'delay', 'duplicate', 'reorder'] as const;

/** The faults requested by tests. A rule with `times` is used up after that many. */
export class Faults {
  #rules: FaultRule[] = [];
  #nextId = 1;

  /** Throws with a sentence if the rule is invalid. */
  add(body: unknown): FaultRule {
    const rule = { ...parseFault(body), id: String(this.#nextId), struck: 0 };
    this.#nextId += 1;
    this.#rules.push(rule);
    return rule;
  }

  all(): readonly FaultRule[] {
    return this.#rules;
  }

  remove(id: string): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((rule) => rule.id !== id);
    return this.#rules.length < before;
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault for this request, if any; counts it. */
  strikeRequest(occasion: Occasion): RestFault | undefined {
    return this.#strike(occasion, restKinds);
  }

  strikeJob(occasion: Occasion): JobFault | undefined {
    return this.#strike(occasion, jobKinds);
  }

  strikeRefusal(occasion: Occasion): RefusalFault | undefined {
    return this.#strike(occasion, refusalKinds);
  }

  strikePrompt(occasion: Occasion): PromptFault | undefined {
    return this.#strike(occasion, promptKinds);
  }

  strikeEvent(occasion: Occasion): Extract<FaultRule, EventFault> | undefined {
    return this.#strike(occasion, eventKinds);
  }

  #strike<K extends Fault['kind']>(
    occasion: Occasion,
    kinds: readonly K[],
  ): Extract<FaultRule, { kind: K }> | undefined {
    for (const rule of this.#rules) {
      if (!isOfKind(rule, kinds) || !fits(rule.match, occasion)) continue;
      if (rule.times !== undefined && rule.struck >= rule.times) continue;
      rule.struck += 1;
      return rule;
    }
    return undefined;
  }
}

function isOfKind<K extends Fault['kind']>(
  rule: FaultRule,
  kinds: readonly K[],
): rule is Extract<FaultRule, { kind: K }> {
  return kinds.some((kind) => kind === rule.kind);
}

function fits(match: FaultMatch, occasion: Occasion): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== occasion.method) return false;
  if (match.path !== undefined && !occasion.path?.includes(match.path)) return false;
  if (match.event !== undefined && match.event !== occasion.event) return false;
  if (match.kind !== undefined && match.kind !== occasion.jobKind) return false;
  if (match.session !== undefined && !occasion.sessions?.includes(match.session)) return false;
  if (match.promptContains !== undefined && !occasion.prompt?.includes(match.promptContains)) return false;
  if (match.contentContains !== undefined && !occasion.content?.includes(match.contentContains)) {
    return false;
  }
  return match.account === undefined || occasion.accounts.includes(match.account);
}

function parseFault(body: unknown): Fault & { match: FaultMatch; times?: number } {
  if (!isRecord(body)) throw new Error('a fault is a JSON object with a kind');
  return { ...parseKind(body), match: parseMatch(body.match), times: optionalNumber(body, 'times') };
}

function parseKind(body: Record<string, unknown>): Fault {
  switch (body.kind) {
    case 'status': {
      const status = number(body, 'status');
      if (status < 400 || status > 599) throw new Error('status must be between 400 and 599');
      return {
        kind: 'status',
        status,
        code: optionalNumber(body, 'code'),
        message: body.message === undefined ? undefined : text(body, 'message'),
      };
    }
    case 'rate_limit':
      return { kind: 'rate_limit', retryAfter: number(body, 'retryAfter'), global: body.global === true };
    case 'no_answer':
      return { kind: 'no_answer', afterEffect: body.afterEffect === true };
    case 'refuse':
      return { kind: 'refuse', refusal: readRefusal(body) };
    case 'refuse_as':
      return { kind: 'refuse_as', change: readRefusalChange(body) };
    case 'silent_downgrade':
      return { kind: 'silent_downgrade', version: readVersion(body.version ?? '7') };
    case 'private':
      return { kind: 'private', from: body.from === 'picture' ? 'picture' : 'start' };
    case 'delay':
      return { kind: 'delay', ms: number(body, 'ms') };
    case 'bot_first':
      return { kind: 'bot_first', delayMs: optionalNumber(body, 'delayMs') ?? 50 };
    case 'slow':
      return { kind: 'slow', drawMs: number(body, 'drawMs') };
    case 'captcha':
    case 'reset_before':
    case 'reset_after':
    case 'never_start':
    case 'stop_midway':
    case 'delete_midway':
    case 'stall_midway':
    case 'filter_midway':
    case 'break_midway':
    case 'final_edit':
    case 'miss':
    case 'duplicate':
    case 'reorder':
      return { kind: body.kind };
    default: {
      const kinds = [...restKinds, ...jobKinds, ...refusalKinds, ...promptKinds, ...eventKinds].join(', ');
      throw new Error(`unknown kind of fault ${JSON.stringify(body.kind)}; there are ${kinds}`);
    }
  }
}

function parseMatch(value: unknown): FaultMatch {
  if (value === undefined) return {};
  if (!isRecord(value)) throw new Error('match must be an object');
  const match: FaultMatch = {};
  for (const key of [
    'method',
    'path',
    'event',
    'promptContains',
    'contentContains',
    'kind',
    'account',
  ] as const) {
    if (value[key] !== undefined) match[key] = text(value, key);
  }
  if (value.session === 'bot' || value.session === 'user') match.session = value.session;
  return match;
}

function number(body: Record<string, unknown>, key: string): number {
  const value = body[key];
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new Error(`${key} must be a number of 0 or more`);
  }
  return value;
}

function optionalNumber(body: Record<string, unknown>, key: string): number | undefined {
  return body[key] === undefined ? undefined : number(body, key);
}

function text(body: Record<string, unknown>, key: string): string {
  const value = body[key];
  if (typeof value !== 'string') throw new Error(`${key} must be a text`);
  return value;
}

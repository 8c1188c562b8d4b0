import { randomBytes } from 'node:crypto';
import type { Account } from '../../accounts.ts';
import type { ButtonInteraction } from '../../discord/interaction.ts';
import type { DrawnJob } from '../derivations.ts';

/** The editor that was opened to vary a region: by which press, and of which picture. */
export interface RegionFrame {
  interaction: ButtonInteraction;
  parent: DrawnJob;
}

interface Challenge {
  account: Account;
  token: string;
}

const capacity = 1_000;

/** The web pages that the bot opened in frames within Discord, by the tokens that only the user's session saw. */
export class Frames {
  readonly #regions = new Map<string, RegionFrame & { until: number }>();
  readonly #checks = new Map<string, Account>();
  readonly #challenges = new Map<string, Challenge>();
  readonly #lifetimeMs: number;

  /** @param lifetimeMs how long after its frame was opened the editor takes a region */
  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** @returns the token in the frame's custom id */
  openEditor(frame: RegionFrame): string {
    return remember(this.#regions, { ...frame, until: Date.now() + this.#lifetimeMs });
  }

  /** The editor of a token, while it takes a region. */
  editor(token: string): RegionFrame | undefined {
    const frame = this.#regions.get(token);
    return frame && frame.until > Date.now() ? frame : undefined;
  }

  /** A token is valid for one region. */
  closeEditor(token: string): void {
    this.#regions.delete(token);
  }

  /** @returns the hash in the frame's custom id */
  openHumanCheck(account: Account): string {
    return remember(this.#checks, account);
  }

  /** What the check's own page is opened with; undefined when there is no such check, or it was passed. */
  acknowledge(hash: string): { hash: string; token: string } | undefined {
    const account = this.#checks.get(hash);
    if (!account || !isChecked(account)) return undefined;
    const token = newToken();
    return { hash: remember(this.#challenges, { account, token }), token };
  }

  isChallenge(hash: string, token: string): boolean {
    const challenge = this.#challenges.get(hash);
    return challenge?.token === token && isChecked(challenge.account);
  }

  /** A person pressed the button: the account works again. */
  pass(hash: string, token: string): boolean {
    const challenge = this.#challenges.get(hash);
    if (!challenge || !this.isChallenge(hash, token)) return false;
    challenge.account.condition = { kind: 'ready' };
    return true;
  }
}

function isChecked({ condition }: Account): boolean {
  return condition.kind === 'human_check';
}

function remember<T>(map: Map<string, T>, value: T): string {
  const token = newToken();
  map.set(token, value);
  for (const oldest of map.keys()) {
    if (map.size <= capacity) break;
    map.delete(oldest);
  }
  return token;
}

/** As long as those in Midjourney's custom ids. */
function newToken(): string {
  return randomBytes(60).toString('base64url');
}

import { refusedStanding, type Standing, standingIn } from '@midjourney-api/shared/accounts/standing';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { describe, expect, it } from 'vitest';
import {
  AccountStanding,
  initialStanding,
  type SessionStanding,
  type StandingEvent,
  step,
} from './standing.ts';

const upToDate: StandingEvent = { type: 'up to date' };
const away: StandingEvent = { type: 'away' };
const opened: StandingEvent = { type: 'opened' };
const closed: StandingEvent = { type: 'closed' };
const ban = { cause: 'blocked', reason: 'a ban', until: new Date('2026-12-01') } as const;
const check = { cause: 'human_check', reason: 'a check', until: null } as const;
const refused: StandingEvent = { type: 'refused', refusal: ban };
const humanCheck: StandingEvent = { type: 'refused', refusal: check };
const linked: StandingEvent = { type: 'check link', link: 'https://check.example' };

/** `+` open, `-` closed. */
const shown = ({ state, reason, checkLink, isOpen }: SessionStanding) =>
  [isOpen ? '+' : '-', state, reason, checkLink].filter((word) => word !== null).join(' ');

describe('step', () => {
  it.each<[string, StandingEvent[], string]>([
    ['begins connecting', [], '+ connecting'],
    ['is ready once it is up to date', [upToDate], '+ ready'],
    ['connects again while the session is away', [upToDate, away], '+ connecting'],
    ['is ready again after that', [upToDate, away, upToDate], '+ ready'],
    ['is refused while it is ready', [upToDate, refused], '+ refused a ban'],
    ['is refused while it connects', [refused], '+ refused a ban'],
    ['waits for a person where one is asked for', [upToDate, humanCheck], '+ verification_required a check'],
    [
      'knows where a person can answer',
      [upToDate, humanCheck, linked],
      '+ verification_required a check https://check.example',
    ],
    ['is not mended by a reconnection', [refused, away, upToDate], '+ refused a ban'],
    ['keeps the first reason', [humanCheck, refused], '+ verification_required a check'],
    ['keeps the first reason when refused again', [refused, humanCheck], '+ refused a ban'],
    ['is closed whatever else it is', [upToDate, closed], '- ready'],
    ['goes on listening while it is closed', [closed, upToDate], '- ready'],
    ['loses and finds its session while it is closed', [upToDate, closed, away], '- connecting'],
    ['is refused while it is closed', [closed, refused], '- refused a ban'],
    ['is open again', [upToDate, closed, opened], '+ ready'],
    ['is still refused when it is open again', [refused, closed, opened], '+ refused a ban'],
  ])('%s', (_name, events, expected) => {
    const first = initialStanding(standingIn('connecting'));
    expect(shown(events.reduce(step, first))).toBe(expected);
  });

  it.each<[StandingEvent, StandingEvent[]]>([
    [upToDate, [upToDate]],
    [away, []],
    [away, [refused]],
    [refused, [humanCheck]],
    [opened, []],
    [closed, [closed]],
    [linked, []],
    [linked, [refused]],
  ])('%o changes nothing after %o', (event, before) => {
    const standing = before.reduce(step, initialStanding(standingIn('connecting')));
    expect(step(standing, event)).toBe(standing);
  });
});

describe('initialStanding', () => {
  it.each<[Standing, string]>([
    [standingIn('connecting'), '+ connecting'],
    [standingIn('ready'), '+ connecting'],
    [standingIn('locked', 'no key'), '+ connecting'],
    [refusedStanding(ban), '+ refused a ban'],
    [refusedStanding(check), '+ verification_required a check'],
  ])('of an account that was %o', (recorded, expected) => {
    expect(shown(initialStanding(recorded))).toBe(expected);
  });
});

describe('AccountStanding', () => {
  function stands() {
    const states: string[] = [];
    const standing = new AccountStanding(standingIn('connecting'), createLogger('test', 'silent'));
    standing.onChange((now) => states.push(shown(now)));
    return { standing, states };
  }

  it('makes each change known once', () => {
    const { standing, states } = stands();
    for (const event of [upToDate, upToDate, closed, closed, refused, humanCheck, opened])
      standing.enter(event);
    expect(states).toEqual(['+ ready', '- ready', '- refused a ban', '+ refused a ban']);
  });

  it('says why it may send nothing, until when', () => {
    const { standing } = stands();
    expect(standing.refusal).toBeUndefined();
    standing.refuse(ban);
    standing.refuse(check);
    expect(standing.refusal).toEqual(ban);
  });

  it('sends back what waits for it when it closes, and lets in what comes once it is open again', () => {
    const { standing } = stands();
    standing.enter(upToDate);
    const waiting = standing.closed;
    standing.enter(closed);
    expect([waiting.aborted, standing.isReady]).toEqual([true, false]);
    standing.enter(opened);
    expect([standing.closed.aborted, standing.isReady]).toEqual([false, true]);
  });
});

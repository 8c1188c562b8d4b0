import { adviceFor } from '../accounts/refusal-causes.ts';
import { type AccountFinding, accountChecks } from './account-checks.ts';
import type { AccountRecord } from './account-record.ts';
import type { DiscordFacts } from './discord-facts.ts';
import { botFindings, channelFindings, commandsFinding, userTokenFinding } from './discord-findings.ts';
import { findingsAbout } from './finding.ts';
import { infoFinding, settingsFinding } from './midjourney-findings.ts';

/** Why Discord was not asked, as a sentence. */
export interface NotAsked {
  notAsked: string;
}

/** Finds an account's present and coming problems, from what is recorded and what Discord answered. Pure. */
export function accountFindings(record: AccountRecord, discord: DiscordFacts | NotAsked): AccountFinding[] {
  const found = [stateFinding(record), workerFinding(record), sessionFinding(record)];
  if ('notAsked' in discord) {
    const known = new Set(found.map(({ check }) => check));
    const left = accountChecks.filter((check) => !known.has(check));
    found.push(...left.map((check) => findingsAbout(check).skipped(discord.notAsked)));
  } else {
    found.push(
      userTokenFinding(discord),
      ...botFindings(record, discord),
      ...channelFindings(record, discord),
      commandsFinding(discord),
      infoFinding(record, discord),
      settingsFinding(record, discord),
      clockFinding(discord),
    );
  }
  return found.sort((a, b) => accountChecks.indexOf(a.check) - accountChecks.indexOf(b.check));
}

function stateFinding({ name, state, reason, cause, until }: AccountRecord): AccountFinding {
  const { ok, warning, problem } = findingsAbout('state');
  const because = reason ? `: ${reason}` : '.';
  switch (state) {
    case 'ready':
      return ok('The account is ready to draw.');
    case 'disabled':
      return warning(
        'The account is disabled and draws nothing.',
        `To use it, run "npm run accounts -- enable ${name}".`,
      );
    case 'connecting':
      return warning(
        'The account is connecting to Discord.',
        'Wait a few seconds and check again; the findings below say what may keep it.',
      );
    case 'locked':
      return problem(
        `No worker can open the tokens of the account${because}`,
        'Give the workers the SECRETS_KEY that sealed them, or add the account again with its tokens.',
      );
    case 'refused':
    case 'verification_required':
      return problem(
        `The account is refused and sends nothing${until === null ? '' : ` until ${until}`}${because}`,
        `${adviceFor(cause ?? 'unknown')} To resume it, run "npm run accounts -- resume ${name}".`,
      );
  }
}

function workerFinding({ worker, state }: AccountRecord): AccountFinding {
  const { ok, skipped, problem } = findingsAbout('worker');
  if (worker !== null) return ok(`The worker ${worker} has the account.`);
  if (state === 'disabled') return skipped('A disabled account needs no worker.');
  return problem(
    'No worker has the account.',
    'Start a worker; its log says what keeps it from the account.',
  );
}

/** From this number on, failures without any answer from Midjourney are no coincidence. */
const manyNotStarted = 5;

function sessionFinding({ name, session, recent: { notStarted, forms } }: AccountRecord): AccountFinding {
  const { ok, warning } = findingsAbout('session');
  if (session === 'user')
    return ok('The user itself listens: every action works, and private refusals are seen at once.');
  const useUser = `Let the user listen ("npm run accounts -- set ${name} --session user", or DISCORD_SESSION=user); docs/real-accounts.md says what that risks.`;
  if (forms > 0) {
    return warning(
      `${forms} of the tasks of the last seven days filled in a form, which Midjourney shows to a session of the user only; now a bot listens.`,
      useUser,
    );
  }
  if (notStarted >= manyNotStarted) {
    return warning(
      `${notStarted} tasks of the last seven days got no answer. A bot does not see what Midjourney shows to the user alone, such as many refusals.`,
      `Look into the channel as the account's user. ${useUser}`,
    );
  }
  return ok(
    'A bot listens. Forms (prompts for buttons, custom zoom), Vary (Region), seeds, /info and /settings need a session of the user.',
  );
}

/** Discord's header has whole seconds, and its answer takes time to arrive. */
const clockToleranceMs = 5_000;
/** Webhook signatures are valid for five minutes. */
const clockLimitMs = 60_000;

function clockFinding({ clockAheadMs }: DiscordFacts): AccountFinding {
  const { ok, skipped, warning, problem } = findingsAbout('clock');
  if (clockAheadMs === null) return skipped('Discord did not say what time it is.');
  const off = Math.abs(clockAheadMs);
  if (off <= clockToleranceMs) return ok("The worker's clock agrees with Discord's.");
  const seconds = Math.round(off / 1_000);
  const message = `The worker's clock is ${seconds} seconds ${clockAheadMs > 0 ? 'ahead of' : 'behind'} Discord's.`;
  const todo = "Synchronise the machine's clock by NTP: webhook signatures are valid for five minutes only.";
  return off > clockLimitMs ? problem(message, todo) : warning(message, todo);
}

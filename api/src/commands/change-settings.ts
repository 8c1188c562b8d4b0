import { findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { ChangedSettings, WantedSettings } from '@midjourney-api/shared/accounts/midjourney-settings';
import { recordWrite } from '@midjourney-api/shared/audit/audit';
import type { Dependencies } from '../dependencies.ts';
import { askMidjourney } from '../queries/ask-midjourney.ts';
import { noSuchAccount } from '../queries/no-such-account.ts';

interface SettingsOrder {
  account: string;
  wanted: WantedSettings;
  /** The operator's name, for the audit. */
  actor: string;
  requestId: string;
}

/** Each press is answered within about a second, and a setting that has not changed is pressed again. */
const withinMs = 60_000;

/**
 * Changes Midjourney's settings of an account, and reads them back. When none are wanted, it only reads them.
 * @throws {Refusal} not_found; action_unavailable where a bot listens; unavailable when Midjourney does not answer.
 */
export async function changeSettings(
  deps: Pick<Dependencies, 'db' | 'redis' | 'queues' | 'config'>,
  { account: name, wanted, actor, requestId }: SettingsOrder,
): Promise<ChangedSettings> {
  const account = await findAccount(deps.db, name);
  if (!account) throw await noSuchAccount(deps.db, name);
  const changes = Object.keys(wanted).length > 0;
  // Recorded first: a press counts even if its answer is lost.
  if (changes && account.session === 'user')
    await recordWrite(deps.db, {
      actor,
      action: 'accounts.settings',
      target: name,
      requestId,
      detail: wanted,
    });
  return askMidjourney(deps, account, {
    question: 'settings',
    about: { settings: wanted },
    answer: 'the answer to /settings',
    withinMs,
  });
}

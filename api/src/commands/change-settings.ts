import { findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { ChangedSettings, WantedSettings } from '@midjourney-api/shared/accounts/midjourney-settings';
import { recordWrite } from '@midjourney-api/shared/audit/audit';
import type { Dependencies } from '../dependencies.ts';
import { askMidjourney } from '../queries/ask-midjourney.ts';
import { noSuchAccount } from '../queries/no-such-account.ts';

interface SettingsOrder {
  account: string;
  wanted: WantedSettings;
  /** The operator, and the request of theirs. */
  actor: string;
  requestId: string;
}

/** Each press is answered within a second or so, and what Midjourney leaves as it is is pressed again. */
const withinMs = 60_000;

/**
 * Changes how Midjourney is set for an account, and reads it back; with nothing wanted it only reads.
 * @throws {Refusal} not_found; action_unavailable where a bot listens; unavailable when Midjourney does not answer.
 */
export async function changeSettings(
  deps: Pick<Dependencies, 'db' | 'redis' | 'queues' | 'config'>,
  { account: name, wanted, actor, requestId }: SettingsOrder,
): Promise<ChangedSettings> {
  const account = await findAccount(deps.db, name);
  if (!account) throw await noSuchAccount(deps.db, name);
  const changes = Object.keys(wanted).length > 0;
  // Noted before: what is pressed stays pressed, whatever becomes of the answer.
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

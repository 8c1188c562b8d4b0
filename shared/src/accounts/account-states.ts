/**
 * - `connecting`: no session yet, or it broke and is being opened again
 * - `ready`: draws
 * - `refused`, `verification_required`: Discord or Midjourney refuses it until a person has fixed the reason and
 *   resumed the account
 * - `locked`: no worker can open its tokens; it continues by itself once one can
 */
export const accountStates = ['connecting', 'ready', 'refused', 'verification_required', 'locked'] as const;
export type AccountState = (typeof accountStates)[number];

/** In these states the account draws nothing until it is resumed. */
export const refusedStates = ['refused', 'verification_required'] as const satisfies AccountState[];

export function isRefused(state: AccountState): state is (typeof refusedStates)[number] {
  return refusedStates.some((refused) => refused === state);
}

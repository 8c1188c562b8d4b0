import { findAccount } from '@midjourney-api/shared/accounts/accounts';
import { printPrompt } from '@midjourney-api/shared/midjourney/prompt';
import type { Dependencies } from '../../dependencies.ts';
import { lastDefaultModel } from '../../queries/last-default-model.ts';
import { invalidField } from '../refusal.ts';
import { refusalOfLength, refusalOfWords } from './allowed-prompt.ts';
import { type CheckedParameters, checkParameters } from './models/check-parameters.ts';
import { defaultModel } from './models/models.ts';
import { finishPrompt, modelOf, type WrittenPrompt, writePrompt } from './prepare-prompt.ts';

interface PromptToCheck extends Omit<WrittenPrompt, 'pictureUrl'> {
  /** The account that is to draw it, by its name. */
  account?: string | null | undefined;
}

interface CheckedPrompt extends CheckedParameters {
  /** The model that it is drawn with; a guess when the prompt names none. */
  model: string;
}

/**
 * Says what a submit and Midjourney would object to in a prompt. The PROMPT_HOOK is not asked.
 * @throws {Refusal} `invalid_request` for fields that contradict the prompt, and for an unknown account.
 */
export type CheckPrompt = (written: PromptToCheck) => Promise<CheckedPrompt>;

export function createCheckPrompt({
  config,
  db,
  bannedWords,
  models,
  clock,
}: Pick<Dependencies, 'config' | 'db' | 'bannedWords' | 'models' | 'clock'>): CheckPrompt {
  return async function checkPrompt({ account: name, ...asked }) {
    const file = models();
    const account = name ? await findAccount(db, name) : undefined;
    if (name && !account)
      throw invalidField('account', 'is not the name of a Midjourney account; ask the operator for it');
    const { written } = writePrompt(file, asked);
    const { prompt, speed } = finishPrompt(written, asked, config.DEFAULT_MODEL);
    const known = account && (await lastDefaultModel(db, file, account.name, clock()));
    const model = modelOf(file, prompt, known ?? defaultModel(file, asked.bot ?? 'midjourney', clock()));
    const ownSpeed = speed ? null : account?.speed;
    const params = ownSpeed ? [...prompt.params, { name: ownSpeed, value: '' }] : prompt.params;
    const { errors, warnings } = checkParameters(file, { ...prompt, params }, model);
    const banned = refusalOfWords(bannedWords, written);
    const tooLong = refusalOfLength(printPrompt(prompt), 'imagine');
    return {
      errors: [
        ...(banned ? [{ code: 'banned_prompt' as const, message: banned.message }] : []),
        ...(tooLong ? [{ code: 'too_long' as const, message: tooLong.message }] : []),
        ...errors,
      ],
      warnings,
      model: model.name,
    };
  };
}

import { type Prompt, parsePrompt, printPrompt } from '@midjourney-api/shared/midjourney/prompt';
import type { Bot, PromptIssue, Speed, TriggerType } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { Refusal } from '../refusal.ts';
import { cleanPrompt, type PromptUse, refusalOfLength, refusalOfWords } from './allowed-prompt.ts';
import { type CheckedParameters, checkParameters, type ModelOfPrompt } from './models/check-parameters.ts';
import {
  defaultModel,
  findModel,
  isOfBot,
  namedModel,
  namesModel,
  parameterOfModel,
} from './models/models.ts';
import type { ModelsFile } from './models/models-file.ts';
import { type PromptFields, withFields } from './prompt-fields.ts';
import { createPromptHook } from './prompt-hook.ts';
import { withSpeed } from './speed.ts';

/** A prompt as a client sends it. */
export interface WrittenPrompt {
  text: string;
  params?: PromptFields | null | undefined;
  /** A picture to start from; it goes before the text. */
  pictureUrl?: URL | undefined;
  speed?: Speed | null | undefined;
  /** Whether `speed` replaces a different one in the text; otherwise the two must be the same. */
  speedOverrides?: boolean | undefined;
  bot?: Bot | null | undefined;
}

interface PromptOrder extends WrittenPrompt {
  user: Pick<User, 'userName'>;
  kind: TriggerType;
  /**
   * - `imagine`: drawn as it is
   * - `form`: written into the form of a button
   * - `shorten`: read and not drawn
   */
  use: PromptUse;
  /** With `form`: the model of the picture above the button, where it is known. */
  modelOfPicture?: string | undefined;
  /** A parameter that the order depends on: it is refused where the model is known not to take this parameter. */
  needs?: string | undefined;
}

export interface PreparedPrompt {
  /** As the client wrote it. */
  shown: string;
  /** What goes to Midjourney. */
  sent: string;
  /** The speed that it asks for. */
  speed: Speed | null;
  /** null: none. */
  warnings: PromptIssue[] | null;
}

/**
 * Turns what a client wrote into what is sent to Midjourney, as the settings want it, and warns of what may come out
 * differently than expected.
 * @throws {Refusal} `banned_prompt`, by the list of words or the PROMPT_HOOK; `invalid_request` for what Discord would
 * not take, fields that contradict the text and, by PROMPT_CHECK, what Midjourney refuses; `unavailable` when the
 * PROMPT_HOOK does not answer.
 */
export type PreparePrompt = (order: PromptOrder) => Promise<PreparedPrompt>;

export function createPreparePrompt(
  deps: Pick<Dependencies, 'config' | 'bannedWords' | 'models' | 'metrics' | 'log' | 'clock'>,
): PreparePrompt {
  const { config, bannedWords, models, clock } = deps;
  const askHook = createPromptHook(deps);

  return async function preparePrompt(order) {
    const { user, kind, use, pictureUrl, needs } = order;
    const file = models();
    const { shown, written } = writePrompt(file, order);
    refuse(refusalOfWords(bannedWords, written));
    const hooked = await askHook?.({ prompt: written, user: user.userName, kind });
    const wanted = hooked ? cleanPrompt(hooked.prompt) : written;
    if (wanted !== written) refuse(refusalOfWords(bannedWords, wanted));

    const { prompt, speed } = finishPrompt(
      wanted,
      order,
      use === 'imagine' ? config.DEFAULT_MODEL : undefined,
    );
    const otherwise = order.modelOfPicture ?? defaultModel(file, order.bot ?? 'midjourney', clock());
    const model = modelOf(file, prompt, otherwise);
    const checks = config.PROMPT_CHECK !== 'off' && use !== 'shorten';
    const found = checks ? checkParameters(file, prompt, model) : noIssues;
    const refuses = config.PROMPT_CHECK === 'refuse';
    refuse(
      refusalOfErrors(found.errors.filter(({ parameter }) => refuses || (needs && parameter === needs))),
    );

    const sent = [pictureUrl?.href, printPrompt(prompt)].filter(Boolean).join(' ');
    refuse(refusalOfLength(sent, use));
    const warnings = [...(hooked?.warnings ?? []), ...found.errors, ...found.warnings];
    return { shown, sent, speed, warnings: warnings.length > 0 ? warnings : null };
  };
}

const noIssues: CheckedParameters = { errors: [], warnings: [] };

/** The text with the parameters that came as fields. */
export function writePrompt(file: ModelsFile, { text, params }: Pick<WrittenPrompt, 'text' | 'params'>) {
  const shown = cleanPrompt(text);
  return { shown, written: printPrompt(withFields(file, parsePrompt(shown), params ?? {})) };
}

/** Adds the speed that the request asks for, and the pinned model where the prompt names none. */
export function finishPrompt(
  written: string,
  { speed: wanted, speedOverrides, bot }: Pick<WrittenPrompt, 'speed' | 'speedOverrides' | 'bot'>,
  pinned: string | undefined,
): { prompt: Prompt; speed: Speed | null } {
  const prompt = parsePrompt(written);
  const { params, speed } = withSpeed(prompt.params, wanted ?? undefined, {
    overrides: speedOverrides,
  });
  const pins =
    pinned !== undefined &&
    isOfBot(pinned, bot ?? 'midjourney') &&
    !params.some(({ name }) => namesModel(name));
  return { prompt: { ...prompt, params: pins ? [...params, parameterOfModel(pinned)] : params }, speed };
}

/** @param otherwise the model that it is probably drawn with when it names none */
export function modelOf(file: ModelsFile, { params }: Prompt, otherwise: string): ModelOfPrompt {
  const named = namedModel(file, params);
  return { name: named ?? findModel(file, otherwise)?.name ?? otherwise, isGuess: named === undefined };
}

function refuse(refusal: Refusal | undefined): void {
  if (refusal) throw refusal;
}

function refusalOfErrors(errors: PromptIssue[]): Refusal | undefined {
  if (errors.length === 0) return undefined;
  const sentences = errors.map(({ message }) => message).join(' ');
  return new Refusal('invalid_request', `${sentences} Nothing was charged.`, {
    errors: errors.map((issue) => ({ path: 'prompt', ...issue })),
  });
}

import { createOutbound, type Outbound } from '@midjourney-api/shared/outbound/outbound';
import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import type { PromptIssue, TriggerType } from '@midjourney-api/shared/tasks/task';
import { z } from 'zod';
import type { Dependencies } from '../../dependencies.ts';
import { Refusal } from '../refusal.ts';
import { longestOption } from './allowed-prompt.ts';

interface PromptQuestion {
  prompt: string;
  /** The customer's name. */
  user: string;
  /** The type of the task. */
  kind: TriggerType;
}

interface HookedPrompt {
  prompt: string;
  warnings: PromptIssue[];
}

/**
 * Asks the operator's own service about a prompt: a translator, a language model, a moderation service.
 * @throws {Refusal} `banned_prompt` with the hook's words when it refuses; `unavailable` when it cannot be asked, unless
 * PROMPT_HOOK_FAILS lets prompts through then.
 */
export type AskPromptHook = (question: PromptQuestion) => Promise<HookedPrompt>;

const hookAnswer = z.union([
  z.object({ refuse: z.string().max(500) }),
  z.object({ prompt: z.string().min(1).max(longestOption) }),
]);

const largestAnswer = 65_536;

/** @returns undefined when the operator has no such service. */
export function createPromptHook({
  config,
  metrics,
  log,
}: Pick<Dependencies, 'config' | 'metrics' | 'log'>): AskPromptHook | undefined {
  const { PROMPT_HOOK: url, PROMPT_HOOK_SECRET: secrets = [], PROMPT_HOOK_TIMEOUT_MS: timeoutMs } = config;
  if (!url) return undefined;
  // The operator has set the address, which may be in their own network.
  const outbound = createOutbound({ allowPrivate: true });

  return async function askPromptHook(question) {
    const count = (outcome: string) => metrics.promptHook.inc({ outcome });
    const answer = await ask({ outbound, url, secrets, timeoutMs }, question).catch((error) => {
      log.warn({ reason: reasonOf(error) }, 'the PROMPT_HOOK did not answer as it should');
      return undefined;
    });
    if (!answer) {
      count('failed');
      return withoutAnswer(question, config.PROMPT_HOOK_FAILS);
    }
    if ('refuse' in answer) {
      count('refused');
      throw new Refusal(
        'banned_prompt',
        `The prompt was refused: ${sentence(answer.refuse)} Nothing was charged.`,
      );
    }
    count(answer.prompt === question.prompt ? 'accepted' : 'changed');
    return { prompt: answer.prompt, warnings: [] };
  };
}

interface Hook {
  outbound: Outbound;
  url: string;
  secrets: string[];
  timeoutMs: number;
}

async function ask(
  { outbound, url, secrets, timeoutMs }: Hook,
  question: PromptQuestion,
): Promise<z.output<typeof hookAnswer>> {
  const body = JSON.stringify(question);
  const { statusCode, body: answer } = await outbound(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signatureHeaders(secrets, body) },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  });
  let bytes = 0;
  const chunks: Buffer[] = [];
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > largestAnswer) throw new Error(`it answered with more than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
  return hookAnswer.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
}

function withoutAnswer({ prompt }: PromptQuestion, fails: 'accept' | 'refuse'): HookedPrompt {
  if (fails === 'refuse') {
    throw new Refusal(
      'unavailable',
      "The operator's service that looks at prompts did not answer. Nothing was charged; try again soon.",
      { retryAfter: 10 },
    );
  }
  const message =
    "The operator's service that looks at prompts did not answer, so this one was sent as it is.";
  return { prompt, warnings: [{ code: 'hook_failed', message }] };
}

/** Names neither the address nor the answer, which may repeat the prompt. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return 'it answered neither {"prompt": "…"} nor {"refuse": "why"} in JSON';
  if (error instanceof Error && error.name === 'TimeoutError') return 'it took too long';
  if (error instanceof Error && 'code' in error) return `the connection failed (${error.code})`;
  return error instanceof Error ? error.message : 'unknown';
}

function sentence(text: string): string {
  const clean = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return /[.!?。]$/.test(clean) ? clean : `${clean}.`;
}

import { type Parameter, parsePrompt } from '@midjourney-api/shared/midjourney/prompt';
import type { ResultEvent } from '@midjourney-api/shared/results/result-event';
import {
  type Drawn,
  isSpeed,
  type PromptIssue,
  type Speed,
  type Task,
} from '@midjourney-api/shared/tasks/task';
import { namedModel } from '../prompts/models/models.ts';
import type { ModelsFile } from '../prompts/models/models-file.ts';

/** What was drawn, by the prompt that Midjourney repeats. */
export function readDrawn(
  file: ModelsFile,
  { prompt, speed: mode }: NonNullable<ResultEvent['drawn']>,
): Drawn {
  const { params } = parsePrompt(prompt);
  const model = namedModel(file, params);
  const speed = mode ?? speedIn(params);
  return { prompt, ...(model !== undefined && { model }), ...(speed && { speed }) };
}

/** Where a picture differs from what its prompt asked for. What Midjourney does not mention is no evidence. */
export function downgradesOf(
  file: ModelsFile,
  { action }: Pick<Task, 'action'>,
  drawn: Drawn,
): PromptIssue[] {
  if (action.kind !== 'imagine') return [];
  const { params } = parsePrompt(action.prompt);
  const model = namedModel(file, params);
  const speed = speedIn(params);
  const issues: PromptIssue[] = [];
  if (model && drawn.model && drawn.model !== model) {
    const message = `Midjourney drew this with model ${drawn.model}, although model ${model} was asked for.`;
    issues.push({ code: 'other_model', message });
  }
  if (speed && drawn.speed && drawn.speed !== speed) {
    const message = `Midjourney drew this at the speed ${drawn.speed}, although ${speed} was asked for.`;
    issues.push({ code: 'other_speed', message });
  }
  return issues;
}

/** The kinds of downgrades among the warnings of a task. */
export function kindsOfDowngrades(warnings: readonly PromptIssue[]): ('model' | 'speed')[] {
  return warnings.flatMap(({ code }) => kindOf(code) ?? []);
}

/** Whether the warning is about the prompt, and so was known before the task was sent. */
export function isOfPrompt({ code }: PromptIssue): boolean {
  return kindOf(code) === undefined;
}

function kindOf(code: PromptIssue['code']): 'model' | 'speed' | undefined {
  if (code === 'other_model') return 'model';
  return code === 'other_speed' ? 'speed' : undefined;
}

function speedIn(params: readonly Parameter[]): Speed | undefined {
  return params.map(({ name }) => name.toLowerCase()).findLast(isSpeed);
}

import { nearestName } from '@midjourney-api/shared/config/nearest-name';
import type { Parameter, Prompt } from '@midjourney-api/shared/midjourney/prompt';
import type { PromptIssue } from '@midjourney-api/shared/tasks/task';
import { findModel, findParameter } from './models.ts';
import { isAbout, type ModelsFile, type ParameterFacts, type ParameterRow } from './models-file.ts';
import { objectionToValue } from './objection-to-value.ts';

export interface CheckedParameters {
  /** What Midjourney refuses. */
  errors: PromptIssue[];
  /** What may come out differently than expected. */
  warnings: PromptIssue[];
}

/** The model that a prompt is drawn with. */
export interface ModelOfPrompt {
  name: string;
  /** The prompt does not name it: what is wrong for this model only is a warning, not an error. */
  isGuess: boolean;
}

/** Checks a prompt against the matrix of models. */
export function checkParameters(
  file: ModelsFile,
  { text, params }: Prompt,
  model: ModelOfPrompt,
): CheckedParameters {
  const errors: PromptIssue[] = [];
  const warnings: PromptIssue[] = [];
  if (!findModel(file, model.name)) {
    const message = `Model ${model.name.slice(0, 64)} is not known here, so what it takes was not checked.`;
    warnings.push({ code: 'unknown_model', message });
  }
  const isWeighted = text.split(' ').some((word) => word.includes(weights) && !/^<?https?:/i.test(word));
  const all = [...(isWeighted ? [{ name: weights, value: '' }] : []), ...params.slice(0, mostChecked)];
  for (const param of all) {
    for (const { certain, ...issue } of issuesOf(file, param, all, model))
      (certain ? errors : warnings).push(issue);
  }
  return { errors, warnings };
}

/** More than any prompt that people write. Each may add a sentence to the task and to all of its notices. */
const mostChecked = 40;

/** The weights of parts of a text are looked up as if they were a parameter. */
const weights = '::';

interface Finding extends PromptIssue {
  certain: boolean;
}

function issuesOf(
  file: ModelsFile,
  param: Parameter,
  all: readonly Parameter[],
  model: ModelOfPrompt,
): Finding[] {
  const facts = findParameter(file, param.name);
  if (!facts) return [unknownParameter(file, param)];
  const finding = (certain: boolean, code: PromptIssue['code'], message: string): Finding => ({
    certain,
    parameter: facts.name,
    code,
    message,
  });
  // Midjourney turns a prompt with braces into several prompts.
  const isSeveral = param.value.includes('{');
  const rows = facts.rows.filter((row) => isAbout(row, model.name) && isBeside(file, row, all));
  const isIgnored = rows.some(({ takes }) => takes === 'ignored');
  const objection = isSeveral ? undefined : objectionToValue(facts.value, param);
  if (objection) return [finding(!isIgnored, 'bad_value', objection)];

  return rows.flatMap((row) => {
    const certain = row.models === 'all' || !model.isGuess;
    const assumed = certain ? '' : ` The prompt names no model; it is probably drawn with ${model.name}.`;
    if (row.takes === 'yes') {
      const narrower = row.value && !isSeveral && objectionToValue(row.value, param);
      if (!narrower) return [];
      return [finding(certain, 'bad_value', `With model ${model.name}, ${narrower}${assumed}`)];
    }
    const says = `${sentenceOf(row, facts, param, model.name)}${row.note ? ` ${row.note}` : ''}${assumed}`;
    if (row.takes === 'no') return [finding(certain, row.with ? 'not_together' : 'not_taken', says)];
    return [finding(false, row.takes === 'ignored' ? 'ignored' : 'uncertain', says)];
  });
}

function unknownParameter(file: ModelsFile, { name }: Parameter): Finding {
  const known = file.parameters.flatMap((each) => [each.name, ...(each.aliases ?? [])]);
  const nearest = nearestName(name, known);
  const advice = nearest
    ? `Did you mean --${nearest}?`
    : 'Leave it out, or write a text that begins with two dashes otherwise.';
  const message = `--${name.slice(0, 64)} is no parameter that is known here. ${advice}`;
  return { certain: true, parameter: name.slice(0, 64), code: 'unknown_parameter', message };
}

/** Whether the prompt has the other parameter that the row is about. */
function isBeside(file: ModelsFile, row: ParameterRow, all: readonly Parameter[]): boolean {
  if (!row.with) return true;
  const [other = '', value] = row.with.split(' ');
  return all.some(
    (param) =>
      findParameter(file, param.name)?.name === other && (value === undefined || param.value === value),
  );
}

function sentenceOf(row: ParameterRow, facts: ParameterFacts, { name }: Parameter, model: string): string {
  const written = name === weights ? 'weights of parts of the text (::)' : `--${name}`;
  if (row.with) {
    const how = row.takes === 'no' ? 'does not go together' : 'may not go together';
    return `${written} ${how} with --${row.with}: leave one of them out.`;
  }
  switch (row.takes) {
    case 'ignored':
      return `Model ${model} draws as if ${written} were not there.`;
    case 'unknown':
      return `It is not certain that model ${model} takes ${written}: Midjourney may refuse it.`;
    default:
      return `Model ${model} does not take ${written}: ${row.replaced_by ? `use --${row.replaced_by} instead.` : `leave ${facts.name === weights ? 'them' : 'it'} out.`}`;
  }
}

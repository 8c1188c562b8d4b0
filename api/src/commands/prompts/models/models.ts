import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { Parameter } from '@midjourney-api/shared/midjourney/prompt';
import type { Bot } from '@midjourney-api/shared/tasks/task';
import { openRereadFile } from '../reread-file.ts';
import { type ModelsFile, type ParameterFacts, readModelsFile } from './models-file.ts';

/** What is known of Midjourney's models and of their parameters, as it is in the file now. */
export type Models = () => ModelsFile;

/**
 * Opens the matrix of models and parameters. A changed file takes effect within a second, a broken one changes nothing.
 * @throws {ConfigError} when it cannot be read at the start.
 */
export function openModels(path: string, log: Logger, now: () => number = Date.now): Models {
  const advice =
    'docs/models.md says how a row is written; config/models.json is the one that comes with this service.';
  return openRereadFile(
    { path, read: readModelsFile, setting: 'MODELS_FILE', what: 'matrix of models', advice },
    log,
    now,
  );
}

/** The parameters that name a model, each with the prefix of the names that it gives. */
const naming: Record<string, string> = { v: '', version: '', niji: 'niji', video: 'video' };

/** The model that the parameters name, as the matrix calls it or else as written; undefined when they name none. */
export function namedModel(file: ModelsFile, params: readonly Parameter[]): string | undefined {
  // With --video, any other model is ignored; of several models, Midjourney takes the last.
  const isVideo = ({ name }: Parameter) => name.toLowerCase() === 'video';
  const last = params.findLast(isVideo) ?? params.findLast(({ name }) => namesModel(name));
  if (!last) return undefined;
  const written = [naming[last.name.toLowerCase()], last.value.toLowerCase()].filter(Boolean).join(' ');
  return findModel(file, written)?.name ?? written;
}

export function namesModel(parameter: string): boolean {
  return Object.hasOwn(naming, parameter.toLowerCase());
}

/** The parameter that names the model, such as `--v 8.1` or `--niji 7`. */
export function parameterOfModel(model: string): Parameter {
  const [, family, value] = /^(niji|video) (.*)$/.exec(model) ?? [undefined, 'v', model];
  return { name: family ?? 'v', value: value ?? '' };
}

export function findModel({ models }: ModelsFile, written: string) {
  return models.find(({ name, aliases = [] }) => name === written || aliases.includes(written));
}

export function findParameter({ parameters }: ModelsFile, written: string): ParameterFacts | undefined {
  const name = written.toLowerCase();
  return parameters.find((each) => each.name === name || each.aliases?.includes(name));
}

/** The model that a bot draws with when a prompt names none; the first of a matrix that does not say. */
export function defaultModel({ models }: ModelsFile, bot: Bot, now: Date): string {
  const today = now.toISOString().slice(0, 10);
  const [newest] = models
    .filter(({ name, default_since: since }) => since && since <= today && isOfBot(name, bot))
    .sort((a, b) => (b.default_since ?? '').localeCompare(a.default_since ?? ''));
  return (newest ?? models[0])?.name ?? '';
}

export function isOfBot(model: string, bot: Bot): boolean {
  return model.startsWith('niji') === (bot === 'niji');
}

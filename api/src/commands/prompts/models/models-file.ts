import { plainIssues } from '@midjourney-api/shared/config/plain-issues';
import { z } from 'zod';

/** The shape of config/models.json; docs/models.md says how a row is written. */

/** Where a fact comes from, and when it was read there: a day, or a month. */
const origin = {
  source: z.string().min(1),
  date: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, 'must be a day or a month, such as 2026-09-01 or 2026-09'),
  note: z.string().min(1).optional(),
};

const name = z.string().min(1).max(32);
const names = z.array(name);

const value = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('text'), optional: z.boolean().optional() }),
  z.strictObject({
    type: z.literal('number'),
    min: z.number(),
    max: z.number(),
    whole: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('choice'), of: z.array(z.string().min(1)).min(1) }),
  /** The longer side divided by the shorter one is at most `longest`. */
  z.strictObject({ type: z.literal('ratio'), longest: z.number().min(1).optional() }),
  z.strictObject({ type: z.literal('links'), most: z.int().min(1) }),
]);

const model = z.strictObject({
  name,
  aliases: names.optional(),
  /** The day since which prompts that name no model are drawn with it. */
  default_since: origin.date.optional(),
  ...origin,
});

const row = z.strictObject({
  models: z.union([names.min(1), z.literal('all')]),
  /**
   * - `ignored`: Midjourney draws as if it were not there
   * - `unknown`: reports contradict each other
   */
  takes: z.enum(['yes', 'no', 'ignored', 'unknown']),
  /** The row applies only together with this other parameter, or with it and a value, such as `q 4`. */
  with: name.optional(),
  /** What these models take, where that is narrower than the parameter's own value. */
  value: value.optional(),
  replaced_by: name.optional(),
  ...origin,
});

const parameter = z.strictObject({
  name,
  aliases: names.optional(),
  value,
  rows: z.array(row),
  ...origin,
});

const modelsFile = z
  .strictObject({ models: z.array(model).min(1), parameters: z.array(parameter).min(1) })
  .superRefine(({ models, parameters }, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', message });
    const modelNames = models.map((each) => each.name);
    for (const kind of [models, parameters]) {
      for (const twice of repeated(kind.flatMap((each) => [each.name, ...(each.aliases ?? [])])))
        complain(`"${twice}" is there twice`);
    }
    for (const { name: parameterName, rows } of parameters) {
      const of = `"${parameterName}" has a row`;
      for (const { models: named, replaced_by: other } of rows) {
        const unknown = named === 'all' ? [] : named.filter((each) => !modelNames.includes(each));
        if (unknown.length > 0) complain(`${of} about "${unknown[0]}", which is no name among the models`);
        if (other && !parameters.some((each) => each.name === other))
          complain(`${of} that is replaced by "${other}", which is no name among the parameters`);
      }
      for (const each of modelNames) {
        const said = new Set(rows.filter((one) => !one.with && isAbout(one, each)).map(({ takes }) => takes));
        if (said.size > 1)
          complain(
            `"${parameterName}" has rows that contradict each other about ${each}: write one with "unknown"`,
          );
      }
    }
  });

export type ModelsFile = z.output<typeof modelsFile>;
export type ParameterFacts = ModelsFile['parameters'][number];
export type ParameterRow = ParameterFacts['rows'][number];
export type ParameterValue = ParameterFacts['value'];

export function isAbout({ models }: Pick<ParameterRow, 'models'>, model: string): boolean {
  return models === 'all' || models.includes(model);
}

/** @throws with a sentence for people that says where it is wrong. */
export function readModelsFile(text: string): ModelsFile {
  const parsed = modelsFile.safeParse(JSON.parse(text), { error: plainIssues });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error([...(issue?.path ?? []), issue?.message].join(' '));
}

function repeated(all: string[]): string[] {
  return all.filter((each, at) => all.indexOf(each) !== at);
}

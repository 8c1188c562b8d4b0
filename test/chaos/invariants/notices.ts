import type { RunRecord } from '../record.ts';

/** Every hook heard how its task ended, and of the same news under one id only, however often that was sent. */
export function wrongNotices({ traced, notices }: RunRecord): string[] {
  const heard = groupBy(notices, ({ body }) => body.data.trigger_id);
  return traced
    .filter(({ submission }) => submission.hooked)
    .flatMap(({ task }) => {
      const ends = (heard.get(task.id) ?? []).filter(({ body }) => body.data.status === task.status);
      if (ends.length === 0) return [`the hook of task ${task.id} never heard that it ${task.status}`];
      // A picture's link may change once, when it is stored: that is other news.
      return [...groupBy(ends, ({ body }) => JSON.stringify(body.data))].flatMap(([data, same]) => {
        const ids = new Set(same.map(({ id }) => id));
        return ids.size > 1 ? [`the hook of task ${task.id} heard under ${ids.size} ids: ${data}`] : [];
      });
    });
}

function groupBy<T>(items: T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

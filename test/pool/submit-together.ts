import { Client } from '../system/client.ts';

/** What a user wanted, and when the service had accepted it. */
export interface Submitted {
  user: number;
  taskId: string;
  at: number;
}

/** A user's program uses a few connections, whatever it has to submit. */
const connectionsOfUser = 4;

/**
 * Lets all users submit at once, each as many drawings as its load says.
 * @param drawMs how long the drawings take, in order; the simulator reads it from the prompts
 */
export async function submitTogether(
  apiUrl: string,
  appKeys: string[],
  loads: number[],
  drawMs: number[],
): Promise<Submitted[]> {
  const submitted: Submitted[] = [];
  await Promise.all(
    loads.map(async (load, user) => {
      const client = new Client(apiUrl, appKeys[user] ?? '');
      let left = load;
      const submitAll = async () => {
        while (left > 0) {
          const number = left--;
          const prompt = `number ${number} of user ${user}, ${pace(drawMs[number % drawMs.length] ?? 0)}`;
          submitted.push({ user, taskId: await client.submit('/imagine', { prompt }), at: Date.now() });
        }
      };
      await Promise.all(Array.from({ length: connectionsOfUser }, submitAll));
    }),
  );
  return submitted;
}

/** The words that make the simulator take so long for a prompt, and the rule that it needs for that. */
function pace(drawMs: number): string {
  return `drawn in ${drawMs} ms`;
}

export function paceRule(drawMs: number): Record<string, unknown> {
  return { kind: 'slow', drawMs, match: { promptContains: pace(drawMs) } };
}

/**
 * Batches concurrent calls into rounds: calls that arrive while a round is running are answered together by the next
 * one, so that many calls cost little more than one. A call that arrives while nothing runs starts at once, together
 * with those that arrived at the same moment.
 * @param run answers the calls of a round, in their order. If it throws, each of them gets the error.
 * @param most the maximum number of calls in a round
 * @param laneOf calls of different lanes never share a round, and do not wait for each other
 */
export function inRounds<Asked, Answer>(
  run: (asked: Asked[]) => Promise<Answer[]>,
  { most = 200, laneOf = () => 0 }: { most?: number; laneOf?: (asked: Asked) => unknown } = {},
): (asked: Asked) => Promise<Answer> {
  interface Call {
    asked: Asked;
    resolve(answer: Answer): void;
    reject(error: unknown): void;
  }
  const lanes = new Map<unknown, Call[]>();

  const runRounds = async (lane: unknown, waiting: Call[]) => {
    while (waiting.length > 0) {
      const round = waiting.splice(0, most);
      try {
        const answers = await run(round.map(({ asked }) => asked));
        if (answers.length !== round.length) throw new Error('A round was not answered call by call.');
        answers.forEach((answer, at) => {
          round[at]?.resolve(answer);
        });
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    lanes.delete(lane);
  };

  return (asked) =>
    new Promise((resolve, reject) => {
      const call = { asked, resolve, reject };
      const lane = laneOf(asked);
      const waiting = lanes.get(lane);
      if (waiting) {
        waiting.push(call);
        return;
      }
      const first = [call];
      lanes.set(lane, first);
      // Runs after calls that have already arrived on other sockets.
      setImmediate(() => void runRounds(lane, first));
    });
}

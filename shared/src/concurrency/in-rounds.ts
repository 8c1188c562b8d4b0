/**
 * Answers calls in rounds: what is asked for while a round is under way is answered together by the next one, so
 * that many calls at once cost little more than one. A call that comes when nothing is under way waits for no
 * other; those that arrive with it share its round.
 * @param run answers the calls of a round, in their order. What it throws, each of them gets.
 * @param most how many calls a round may have
 * @param laneOf calls of different lanes share no round and do not wait for each other
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
      // After what else has arrived on other sockets by now.
      setImmediate(() => void runRounds(lane, first));
    });
}

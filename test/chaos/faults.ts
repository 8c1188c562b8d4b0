import { setTimeout as delay } from 'node:timers/promises';
import { discordFaults } from './discord-faults.ts';
import type { Fault, FaultContext } from './fault.ts';
import { processFaults } from './process-faults.ts';
import { Random } from './random.ts';
import { serviceFaults } from './service-faults.ts';

/** One fault after another of each kind, so that faults of different kinds coincide. */
const kinds: { name: string; faults: [string, Fault][]; pauseMs: [number, number] }[] = [
  { name: 'discord', faults: discordFaults, pauseMs: [300, 1_500] },
  { name: 'services', faults: serviceFaults, pauseMs: [500, 2_500] },
  { name: 'processes', faults: processFaults, pauseMs: [1_500, 5_000] },
];

/** Causes faults until the run is over. @param struck is called with each fault's name. */
export async function strikeAll(
  seed: number,
  context: Omit<FaultContext, 'random'>,
  struck: (name: string) => void,
): Promise<void> {
  await Promise.all(
    kinds.map(async ({ name: kind, faults, pauseMs }) => {
      for (let i = 0; !context.over.aborted; i++) {
        // The same for the same seed, whatever the others do meanwhile.
        const random = Random.of(seed, kind, i);
        const [name, fault] = random.pick(faults) ?? faults[0] ?? [];
        if (!name || !fault) return;
        struck(name);
        await fault({ ...context, random });
        await delay(random.between(...pauseMs), undefined, { signal: context.over }).catch(() => {});
      }
    }),
  );
}

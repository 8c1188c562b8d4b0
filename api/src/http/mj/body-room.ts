import { Refusal } from '../../commands/refusal.ts';

interface RoomLimits {
  /** Of all bodies together. */
  bytes: number;
  /** Of those of one user, so that slow ones do not keep others out. */
  bytesOfUser: number;
  /** More than that are refused. */
  mostWaiting: number;
}

interface Waiting {
  userId: number;
  bytes: number;
  enter: () => void;
}

/** Room in this process's memory for large bodies, which wait for it before they are read. */
export interface BodyRoom {
  /** Waits until there is room. @throws {Refusal} `unavailable` when too many wait. */
  enter(userId: number, bytes: number): Promise<BodyInRoom>;
}

interface BodyInRoom {
  /** The body is smaller than it was thought to be: frees the rest. */
  shrinkTo(bytes: number): void;
  leave(): void;
}

export function createBodyRoom(limits: RoomLimits): BodyRoom {
  const taken = new Map<number, number>();
  const waiting = new Set<Waiting>();
  let takenInAll = 0;

  const hasRoom = ({ userId, bytes }: Waiting) =>
    takenInAll + bytes <= limits.bytes && (taken.get(userId) ?? 0) + bytes <= limits.bytesOfUser;

  const take = (userId: number, bytes: number) => {
    takenInAll += bytes;
    const ofUser = (taken.get(userId) ?? 0) + bytes;
    if (ofUser > 0) taken.set(userId, ofUser);
    else taken.delete(userId);
  };

  const letIn = () => {
    for (const body of waiting) {
      if (!hasRoom(body)) continue;
      waiting.delete(body);
      take(body.userId, body.bytes);
      body.enter();
    }
  };

  return {
    async enter(userId, bytes) {
      if (waiting.size >= limits.mostWaiting) {
        throw new Refusal('unavailable', 'Too many pictures are being read. Try again in a moment.', {
          retryAfter: 3,
        });
      }
      await new Promise<void>((enter) => {
        waiting.add({ userId, bytes, enter });
        letIn();
      });
      let own = bytes;
      const shrinkTo = (smaller: number) => {
        if (smaller >= own) return;
        take(userId, smaller - own);
        own = smaller;
        letIn();
      };
      return { shrinkTo, leave: () => shrinkTo(0) };
    },
  };
}

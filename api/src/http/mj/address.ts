import { isSpeed, type Speed } from '@midjourney-api/shared/tasks/task';

/** Where the routes of this dialect are; what stands before it in an address is a prefix of `readMjAddress`. */
export const mjPath = '/mj';

export interface MjAddress {
  /** The path of the route, which begins with `mjPath`. */
  path: string;
  /** That the prefix asks for. */
  speed: Speed | undefined;
}

/**
 * What gateways and aggregators put before `/mj`: a speed, a word that says how pictures are relayed, which changes
 * nothing here, or both. Many clients have `/mj` in their settings, and add it once more.
 */
const address =
  /^\/(?:(?:mj|(?:mj-)?(fast|relax|turbo)|mj-(?:(fast|relax|turbo)-)?(?:relay|origin|proxy))\/)?(mj(?:\/.*)?)$/;

/** @returns undefined for an address that is none of this dialect. */
export function readMjAddress(path: string): MjAddress | undefined {
  const match = address.exec(path);
  if (!match) return undefined;
  const [, speed = '', relayedSpeed = speed, rest] = match;
  return { path: `/${rest}`, speed: isSpeed(relayedSpeed) ? relayedSpeed : undefined };
}

/** Whether an address was probably meant for this dialect: then an unknown one is answered in it. */
export function isMeantForMj(path: string): boolean {
  return /^\/(?:[^/]+\/)?mj(?:\/|$)|^\/(?:mj-[^/]*|fast|relax|turbo)(?:\/|$)/.test(path);
}

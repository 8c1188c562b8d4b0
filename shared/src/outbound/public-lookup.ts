import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Node's way to look up the addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** An address, or the address of a name, is not on the public internet. */
export class NotPublic extends Error {
  override readonly name = 'NotPublic';
  /** What the URL must be; undefined if its name leads to the wrong address. */
  readonly objection: string | undefined;

  constructor(objection?: string) {
    super(objection);
    this.objection = objection;
  }
}

/**
 * The look-up for the connection itself, which uses only the addresses returned here. So it does not matter if a name leads
 * somewhere else at the next look-up (DNS rebinding).
 */
export function createPublicLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new NotPublic(), []);
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

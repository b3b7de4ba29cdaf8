import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** Whether an address is one of the public Internet: none of a private, local or otherwise special range. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast'; // `process` sees an IPv4 address in IPv6's clothes.
}

/**
 * What resolves names for a connection, so that the address which is checked is the one that is connected to: a name server
 * that answers otherwise the second time is never asked a second time.
 */
export function publicLookup(isTrusted: (host: string) => boolean, resolve: Resolve = resolveBySystem): LookupFunction {
  return (host, options, done) => {
    resolve(host).then(
      (all) => {
        const refused = isTrusted(host) ? undefined : all.find(({ address }) => !isPublicAddress(address));
        if (refused) return done(new ForbiddenAddress(host), '', 0);
        if (all.length === 0) return done(new Error(`${host} has no address`), '', 0);
        if (options.all) return done(null, [...all]);
        return done(null, all[0]!.address, all[0]!.family);
      },
      (error: unknown) => done(error as NodeJS.ErrnoException, '', 0),
    );
  };
}

/** A host that files may not come from. Its address is not told. */
export class ForbiddenAddress extends Error {
  constructor(host: string) {
    super(`${host} is not on the public Internet`);
  }
}

const resolveBySystem: Resolve = async (host) => systemLookup(host, { all: true, verbatim: true });

/**
 * Connections that stay outside. The check sits where an address is chosen to connect to, so neither a redirect, nor a
 * link in a body, nor a name that answers differently from one moment to the next leads inside.
 */

import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import type { Outgoing } from "./core/feeds/feed-entry.ts";
import { bareHost, insideKind, namesHost } from "./inside-address.ts";

/** A host that a feed may not reach, because it is inside and the city folder does not name it. */
export class InsideHost extends Error {
  constructor(host: string, address: string, kind: string) {
    const where = host === address ? `${host} is ${kind}` : `${host} leads to ${address}, ${kind}`;
    super(
      `refused: ${where}; if this feed is meant to ask there, name "${host}" in "allowHosts" of city.json`,
    );
  }
}

/** The reach of a feed: who may be asked, and how names become addresses (the system's own way, but in tests). */
export interface Reach {
  readonly outgoing: Outgoing;
  readonly lookup?: LookupFunction | undefined;
}

/**
 * How to look up a host for a connection to it: any way where the city folder names it, else so that only addresses
 * outside are found. Always the same two functions. Throws `InsideHost` for an address that is inside itself.
 */
export function openReach({ outgoing, lookup: anywhere = systemLookup as LookupFunction }: Reach): {
  readonly lookups: readonly LookupFunction[];
  readonly lookupFor: (host: string, port: number) => LookupFunction;
} {
  const outside = outsideLookup(anywhere);
  return {
    lookups: [anywhere, outside],
    lookupFor: (host, port) => {
      if (namesHost(outgoing.allowHosts, host, port)) return anywhere;
      const bare = bareHost(host);
      const kind = isIP(bare) === 0 ? null : insideKind(bare);
      if (kind !== null) throw new InsideHost(bare, bare, kind);
      return outside;
    },
  };
}

function outsideLookup(lookup: LookupFunction): LookupFunction {
  return (name, options, answer) =>
    lookup(name, options, (error, found, family) => {
      if (error !== null) return answer(error, found, family);
      const addresses =
        typeof found === "string" ? [{ address: found, family: family ?? isIP(found) }] : found;
      const outside = addresses.filter(({ address }) => insideKind(address) === null);
      const [first] = outside;
      if (first === undefined) {
        const address = addresses[0]?.address ?? "nowhere";
        return answer(new InsideHost(name, address, insideKind(address) ?? "no address"), []);
      }
      if (typeof found === "string") answer(null, first.address, first.family);
      else answer(null, outside);
    });
}

/** As undici's own, for addresses outside and for the hosts that the city folder names. */
export function outsideConnector(
  reach: Reach,
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  const { lookups, lookupFor } = openReach(reach);
  const connectors = new Map(lookups.map((lookup) => [lookup, buildConnector({ ...options, lookup })]));
  return (target, callback) => {
    const port = Number(target.port || (target.protocol === "https:" ? 443 : 80));
    try {
      connectors.get(lookupFor(target.hostname, port))!(target, callback);
    } catch (error) {
      if (!(error instanceof InsideHost)) throw error;
      callback(error, null);
    }
  };
}

/** What refused a connection, wherever it stands among an error's causes. */
export function findInsideHost(error: unknown): InsideHost | null {
  if (error instanceof InsideHost) return error;
  if (!(error instanceof Error)) return null;
  const causes: readonly unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  return causes.map(findInsideHost).find((found) => found !== null) ?? null;
}

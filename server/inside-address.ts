/**
 * Addresses that are not of the public internet. A feed names its source, a source's answer names the next one, and
 * whoever answers for a name chooses its address: none of them may lead to what only this machine or its network sees.
 */

import { BlockList, isIP } from "node:net";

type Family = "ipv4" | "ipv6";

/** The IANA special-purpose registries (RFC 6890) and what they leave out, in the words of a message. */
const insideRanges: Readonly<Record<string, readonly string[]>> = {
  "a loopback address": ["127.0.0.0/8", "::1/128"],
  "a private address": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
  "a unique local address": ["fc00::/7", "fec0::/10"],
  /** The instance metadata of most clouds is at 169.254.169.254. */
  "a link-local or metadata address": ["169.254.0.0/16", "fe80::/10", "168.63.129.16/32"],
  "an address behind a provider's NAT": ["100.64.0.0/10"],
  "a multicast address": ["224.0.0.0/4", "ff00::/8"],
  "an address of no host": ["0.0.0.0/8", "240.0.0.0/4", "::/128"],
  "an address for tests and documents": [
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "198.18.0.0/15",
    "2001:db8::/32",
    "3fff::/20",
  ],
  "an address of a protocol's own": ["192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16"],
};

const inside = Object.entries(insideRanges).map(([what, ranges]) => ({ what, list: blockList(ranges) }));
/** All that is handed out of IPv6 (RFC 4291 §2.4); the rest is reserved. */
const handedOut = blockList(["2000::/3"]);
/** IPv4 written as IPv6 for the system's own sockets (RFC 4291 §2.5.5.2), and for NAT64 (RFC 6052 §2.1). */
const wrapsIpv4 = blockList(["::ffff:0:0/96", "64:ff9b::/96"]);

/** What kind of inside address this is; `null` for one of the public internet. */
export function insideKind(address: string): string | null {
  const family = familyOf(address);
  if (family === null) return "no address";
  if (family === "ipv6" && wrapsIpv4.check(address, family)) return insideKind(wrappedIpv4(address));
  for (const { what, list } of inside) if (list.check(address, family)) return what;
  return family === "ipv6" && !handedOut.check(address, family) ? "a reserved address" : null;
}

/**
 * Whether a list of `host` and `host:port` names this host. `host` is a name or an address, with or without the
 * brackets of IPv6.
 */
export function namesHost(list: readonly string[], host: string, port: number): boolean {
  const bare = bareHost(host);
  const written = isIP(bare) === 6 ? `[${bare}]` : bare;
  return list.map(bareHost).some((entry) => [bare, written, `${written}:${port}`].includes(entry));
}

/** Lower case, without the brackets of IPv6 and the dot that ends a full name. */
export function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}

function familyOf(address: string): Family | null {
  const version = isIP(address);
  return version === 4 ? "ipv4" : version === 6 ? "ipv6" : null;
}

/** The last 32 bits of an IPv6 address. */
function wrappedIpv4(address: string): string {
  const plain = address.replace(/%.*$/, "");
  const groups = new URL(`http://[${plain}]/`).hostname.slice(1, -1).split(":");
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group || "0", 16)) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = "", bits = ""] = range.split("/");
    list.addSubnet(net, Number(bits), net.includes(":") ? "ipv6" : "ipv4");
  }
  return list;
}

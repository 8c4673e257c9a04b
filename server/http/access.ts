/** Who may ask for what: browsers only from our own pages, single dispatch entities beyond loopback only with a token. */

import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { guardedKinds, type Kind } from "../../shared/kinds.ts";
import { sameSecret } from "../same-secret.ts";

export interface Access {
  /** Whether a request that names this `Origin` may be answered. Programs name none. */
  allowsOrigin(origin: string | undefined, host: string | undefined): boolean;
  /** On loopback only loopback names: a foreign page must not reach us by a name of its own (DNS rebinding). */
  allowsHost(host: string | undefined): boolean;
  allowsKind(kind: Kind, from: Asker): boolean;
  /** Whether somebody may see a feed's bodies as they came: of guarded kinds on this very machine only. */
  allowsBody(kinds: readonly Kind[], from: Asker): boolean;
  /** Whether somebody may change the city: its settings, the notes on its figures. */
  allowsChange(from: Asker): boolean;
}

/** Who asks. Whoever comes through a proxy on this machine has its address, but not its reasons. */
export interface Asker {
  readonly address: string | undefined;
  /** The name the request was sent to. */
  readonly host: string | undefined;
  /** Whether a proxy says that it asks for somebody else. */
  readonly isForwarded: boolean;
  readonly token: string | null;
}

export function createAccess(options: { readonly host: string; readonly token: string }): Access {
  const onLoopback = isLoopback(options.host);
  return {
    allowsOrigin(origin, host) {
      if (origin === undefined) return true;
      return URL.canParse(origin) && new URL(origin).host === host;
    },
    allowsHost: (host) => !onLoopback || host === undefined || isLoopback(nameOf(host)),
    allowsKind: (kind, from) => !guardedKinds.has(kind) || isTrusted(from, options.token),
    allowsBody: (kinds, from) =>
      kinds.some((kind) => guardedKinds.has(kind)) ? isHere(from) : isTrusted(from, options.token),
    allowsChange: (from) => isTrusted(from, options.token),
  };
}

/** On this very machine, or with the token. */
function isTrusted(from: Asker, secret: string): boolean {
  return isHere(from) || (from.token !== null && sameSecret(from.token, secret));
}

function isHere({ address, host, isForwarded }: Asker): boolean {
  return isLoopback(address) && !isForwarded && (host === undefined || isLoopback(nameOf(host)));
}

/** Whether an address or host name means this very machine. */
export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const bare = address.replace(/^\[|\]$/g, "").replace(/^::ffff:/i, "");
  return bare === "localhost" || bare === "::1" || /^127(\.\d{1,3}){3}$/.test(bare);
}

/** The access token of this installation; made at the first start. `isNew` says that nobody has seen it yet. */
export async function readAccessToken(dataDir: string): Promise<{ token: string; isNew: boolean }> {
  const path = join(dataDir, "access-token");
  const kept = await readFile(path, "utf8").catch(() => "");
  if (kept.trim() !== "") return { token: kept.trim(), isNew: false };
  const token = randomBytes(24).toString("base64url");
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, `${token}\n`, { mode: 0o600 });
  return { token, isNew: true };
}

function nameOf(host: string): string {
  return host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : host.replace(/:\d+$/, "");
}

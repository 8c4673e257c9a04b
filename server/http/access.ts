/**
 * Who may ask for what: browsers only from our own pages, single dispatch entities beyond loopback only with the token,
 * changes with the token wherever they come from.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { guardedKinds, type Kind } from "../../shared/kinds.ts";

export interface Access {
  /** Whether a request that names this `Origin` may be answered. Programs name none. */
  allowsOrigin(origin: string | undefined, host: string | undefined): boolean;
  /** On loopback only loopback names: a foreign page must not reach us by a name of its own (DNS rebinding). */
  allowsHost(host: string | undefined): boolean;
  allowsKind(kind: Kind, from: Asker): boolean;
  /** Whether somebody may see a feed's bodies as they came: of guarded kinds on this very machine only. */
  allowsBody(kinds: readonly Kind[], from: Asker): boolean;
  /** Whether somebody may change anything: settings, alarms, what people write. With the token, on this machine too. */
  allowsChange(from: Asker): boolean;
  /** Resolves when a wrong token may be told so; `false` when so many wait for it already that there is no waiting. */
  holdUp(): Promise<boolean>;
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

export interface AccessOptions {
  /** The address that is listened on. */
  readonly host: string;
  readonly isToken: (given: string) => boolean;
  /** Lets a time pass, in milliseconds. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** A wrong token is told so after this time. Right ones never wait: nobody can lock out the desk by wrong ones. */
const wrongTokenMs = 1_000;
const heldUpAtMost = 50;

export function createAccess({ host: listened, isToken, pause = sleep }: AccessOptions): Access {
  const onLoopback = isLoopback(listened);
  const hasToken = ({ token }: Asker): boolean => token !== null && isToken(token);
  const isTrusted = (from: Asker): boolean => isHere(from) || hasToken(from);
  let heldUp = 0;
  return {
    allowsOrigin(origin, host) {
      if (origin === undefined) return true;
      return URL.canParse(origin) && new URL(origin).host === host;
    },
    allowsHost: (host) => !onLoopback || host === undefined || isLoopback(nameOf(host)),
    allowsKind: (kind, from) => !guardedKinds.has(kind) || isTrusted(from),
    allowsBody: (kinds, from) =>
      kinds.some((kind) => guardedKinds.has(kind)) ? isHere(from) : isTrusted(from),
    allowsChange: hasToken,
    async holdUp() {
      if (heldUp >= heldUpAtMost) return false;
      heldUp++;
      await pause(wrongTokenMs);
      heldUp--;
      return true;
    },
  };
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

function nameOf(host: string): string {
  return host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : host.replace(/:\d+$/, "");
}

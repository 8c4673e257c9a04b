/** Who asks, as a request or a socket's handshake says: the token comes in a header from programs, in a cookie from browsers. */

import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import { parse } from "hono/utils/cookie";
import type { Asker } from "./access.ts";

/** Who sends a request. */
export function askerOf(c: Context): Asker {
  const bearer = /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "")?.[1];
  // Browsers name the page that a change comes from, and pages of others are refused: without one a cookie proves nothing.
  const isOurs = c.req.method === "GET" || c.req.method === "HEAD" || c.req.header("origin") !== undefined;
  const header = (name: string): string | undefined => c.req.header(name);
  return {
    address: getConnInfo(c).remote.address,
    host: header("host"),
    isForwarded: isForwarded(header),
    token: bearer ?? (isOurs ? cookieToken(header) : null),
  };
}

type Header = (name: string) => string | undefined;

export function isForwarded(header: Header): boolean {
  return (header("x-forwarded-for") ?? header("forwarded")) !== undefined;
}

/**
 * The name of the cookie with the token. The prefix keeps browsers from taking it from anybody but this very host; the port
 * keeps cities of one host apart, since cookies know none.
 */
export function tokenCookie(header: Header): string {
  const port = /:(\d+)$/.exec(header("host") ?? "")?.[1];
  return `${isSecure(header) ? "__Host-" : ""}citydeck-token${port === undefined ? "" : `-${port}`}`;
}

/** Whether the browser speaks https, to the proxy in front of us. */
export function isSecure(header: Header): boolean {
  return header("x-forwarded-proto")?.split(",")[0]!.trim() === "https";
}

/** The token that a browser keeps for us. */
export function cookieToken(header: Header): string | null {
  const name = tokenCookie(header);
  return parse(header("cookie") ?? "", name)[name] ?? null;
}

import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import type { Asker } from "./access.ts";

/** Who sends a request. */
export function askerOf(c: Context): Asker {
  return {
    address: getConnInfo(c).remote.address,
    host: c.req.header("host"),
    isForwarded: (c.req.header("x-forwarded-for") ?? c.req.header("forwarded")) !== undefined,
    token: /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "")?.[1] ?? null,
  };
}

/** Errors over HTTP: RFC 9457 problem details with a stable `type` that names the field. */

import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { BadParameter } from "./parameters.ts";

/** `type` is `urn:citydeck:problem:<slug>` and never changes its meaning. */
export function problem(
  c: Context,
  status: ContentfulStatusCode,
  slug: string,
  title: string,
  detail: string,
): Response {
  const body = { type: `urn:citydeck:problem:${slug}`, title, status, detail };
  return c.body(JSON.stringify(body), status, { "content-type": "application/problem+json" });
}

export function badParameter(c: Context, { parameter, detail }: BadParameter): Response {
  return problem(c, 400, `parameter:${parameter}`, "A parameter cannot be used", detail);
}

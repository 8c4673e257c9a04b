/** Errors over HTTP: RFC 9457 problem details with a stable `type` that names the field. */

import type { Context } from "hono";
import { deleteCookie } from "hono/cookie";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Access, Asker } from "./access.ts";
import { askerOf, cookieToken, isSecure, tokenCookie } from "./asker.ts";
import { Unanswered } from "./past.ts";
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

const whyUnanswered = {
  "too-large": { status: 400, title: "Too much at once" },
  "timed-out": { status: 503, title: "It takes too long" },
  busy: { status: 503, title: "Too many questions at once" },
  away: { status: 503, title: "The history is not there" },
} as const;

/** A question about the past without an answer; `null` for any other error. */
export function unanswered(c: Context, error: Error): Response | null {
  if (!(error instanceof Unanswered)) return null;
  const { status, title } = whyUnanswered[error.why];
  if (status === 503) c.header("retry-after", "5");
  return problem(c, status, `history:${error.why}`, title, error.message);
}

/** The answer to whoever has not the token; late to whoever has a wrong one, and a cookie with that is taken away. */
export async function needsToken(
  c: Context,
  what: string,
  access: Access,
  { token }: Asker = askerOf(c),
): Promise<Response> {
  if (token !== null && !(await access.holdUp())) {
    c.header("retry-after", "1");
    return problem(
      c,
      429,
      "wrong-tokens",
      "Too many wrong tokens",
      "too many are told already that theirs is wrong",
    );
  }
  if (cookieToken((name) => c.req.header(name)) === token) forgetToken(c);
  const detail = `${what} needs the access token of this installation (Authorization: Bearer …, or POST /api/v1/session)`;
  return problem(c, 401, "token", "A token is needed", detail);
}

/** Takes the cookie with the token from the browser. */
export function forgetToken(c: Context): void {
  const header = (name: string): string | undefined => c.req.header(name);
  deleteCookie(c, tokenCookie(header), { path: "/", secure: isSecure(header) });
}

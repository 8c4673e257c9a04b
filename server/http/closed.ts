/** Answers that a reader may keep: each has an ETag of its content, and 304 is what who has it hears. */

import { createHash } from "node:crypto";
import type { Context } from "hono";

export interface Closed {
  /** What was asked about is over. */
  readonly isClosed: boolean;
  /** It is told as it was known at an instant that has passed: no later word changes it. */
  readonly isFixed: boolean;
  /** Where it is told as it is known now: that instant, by which a later reader asks for this very answer. */
  readonly version: number | null;
}

/**
 * Answers `text`; for ever only what is both over and told as it was known then. What is over may still be told otherwise
 * after a later word, so without `asOf` it is asked for anew each time; it names the address of the version that it is
 * (RFC 9110 §8.7), which may be kept for ever from the next city day on.
 */
export function answerKept(
  c: Context,
  text: string,
  type: string,
  { isClosed, isFixed, version }: Closed,
): Response {
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  const control = isClosed && isFixed ? "private, max-age=31536000, immutable" : "private, no-cache";
  const headers = {
    etag,
    "cache-control": control,
    ...(isClosed && version !== null && { "content-location": versionOf(c.req.url, version) }),
  };
  if (namesTag(c.req.header("if-none-match"), etag)) return c.body(null, 304, headers);
  return c.body(text, 200, { ...headers, "content-type": type });
}

/** The path that asks for the same as known at an instant. */
function versionOf(asked: string, at: number): string {
  const url = new URL(asked);
  url.searchParams.set("asOf", new Date(at).toISOString());
  return `${url.pathname}${url.search}`;
}

/** Whether an `If-None-Match` names the tag (RFC 9110 §13.1.2, weak comparison). */
function namesTag(header: string | undefined, etag: string): boolean {
  return (
    header === "*" || (header?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag) ?? false)
  );
}

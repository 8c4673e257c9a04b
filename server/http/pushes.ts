/** `POST /api/v1/feeds/{id}/data`: what sources push, handed to their feed. */

import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Spec } from "../../shared/feed.ts";
import { problem } from "./problem.ts";

/** A push as its feed wants it. */
interface Push {
  header(name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly url?: string;
}

/** The answer of the feed's transport; `null` when this city has no such feed that receives, of `spec` if one is named. */
export type ReceivePush = (
  feedId: string,
  push: Push,
  spec?: Spec,
) => Promise<{
  readonly status: number;
  readonly problem?: { readonly type: string; readonly detail: string };
  readonly refused?: { readonly count: number; readonly line: number; readonly reason: string };
  readonly retryAfterSeconds?: number;
} | null>;

export function servePushes(app: Hono, receive: ReceivePush): void {
  app.post("/api/v1/feeds/:id/data", (c) => answerPush(c, receive));
}

/** For a push that was not taken: when to come again, and that what is left of its body will not be read. */
export function tellWhenAgain(
  c: Context,
  { retryAfterSeconds }: { readonly retryAfterSeconds?: number },
): void {
  if (retryAfterSeconds !== undefined) c.header("retry-after", String(retryAfterSeconds));
  c.header("connection", "close");
}

async function answerPush(c: Context, receive: ReceivePush): Promise<Response> {
  const id = c.req.param("id") ?? "";
  const body = c.req.raw.body ?? [];
  const answer = await receive(id, { header: (name) => c.req.header(name), body });
  if (answer === null)
    return problem(c, 404, "feed", "No such feed", `id: no feed "${id}" of this city receives pushes`);
  if (!answer.problem) return c.body(null, answer.status as 202);
  const { type, detail } = answer.problem;
  tellWhenAgain(c, answer);
  return problem(c, answer.status as ContentfulStatusCode, `push:${type}`, "The push was not taken", detail);
}

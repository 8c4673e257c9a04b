/** Grades of feeds, what was kept of what was promised, their rules, and their last bodies for those who may see them. */

import type { Context, Hono } from "hono";
import type { FeedBody, FeedQuality, FeedRule } from "../../shared/feed-quality.ts";
import type { Inspection } from "../../shared/inspection.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { Result } from "../../shared/result.ts";
import { listRuleTables, severitiesOf } from "../core/feeds/rules.ts";
import type { Access } from "./access.ts";
import { askerOf } from "./asker.ts";
import { needsToken, problem } from "./problem.ts";

export interface FeedDesk {
  list(): readonly FeedQuality[];
  /** The kinds that a feed can give; `null` for no feed of this city. */
  kindsOf(id: string): readonly Kind[] | null;
  body(id: string, part: string | null): FeedBody | null;
  replay(id: string, part: string | null): Result<Inspection, string> | null;
}

const rules: readonly FeedRule[] = listRuleTables().flatMap(({ spec, rules: ofSpec }) =>
  ofSpec.map((rule) => {
    const { code, meaning, basis } = rule;
    return { spec, code, severities: severitiesOf(rule), meaning, basis };
  }),
);

export function serveFeedDesk(app: Hono, desk: FeedDesk, access: Access): void {
  app.get("/api/v1/feed-quality", (c) => c.json(desk.list()));
  app.get("/api/v1/feed-rules", (c) => c.json(rules));
  app.get(
    "/api/v1/feeds/:id/body",
    async (c) =>
      (await refusal(c, desk, access)) ??
      answerBody(c, desk.body(c.req.param("id"), c.req.query("part") ?? null)),
  );
  app.post(
    "/api/v1/feeds/:id/replay",
    async (c) =>
      (await refusal(c, desk, access)) ??
      answerReplay(c, desk.replay(c.req.param("id"), c.req.query("part") ?? null)),
  );
}

/** A body may name what the city must not show: guarded kinds never leave this machine, others need the token. */
async function refusal(c: Context, desk: FeedDesk, access: Access): Promise<Response | null> {
  const id = c.req.param("id") ?? "";
  const kinds = desk.kindsOf(id);
  if (kinds === null) return problem(c, 404, "feed", "No such feed", `id: this city has no feed "${id}"`);
  const asker = askerOf(c);
  if (access.allowsBody(kinds, asker)) return null;
  const onlyHere = `id: the bodies of ${id} can point at a household and are shown on the server's own machine only`;
  if (access.allowsChange(asker)) return problem(c, 403, "only-here", "Not from there", onlyHere);
  return needsToken(c, "the last body", access);
}

function answerBody(c: Context, body: FeedBody | null): Response {
  c.header("cache-control", "no-store");
  return body === null ? notKept(c) : c.json(body);
}

function answerReplay(c: Context, replayed: Result<Inspection, string> | null): Response {
  if (replayed === null) return notKept(c);
  if (replayed.ok) return c.json(replayed.value);
  return problem(c, 422, "unreadable", "The body cannot be read", replayed.failure);
}

function notKept(c: Context): Response {
  const detail = "no body of this feed or part is kept: none came since the start, or it was too large";
  return problem(c, 404, "body", "No body", detail);
}

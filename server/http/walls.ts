/** `/api/v1/walls`: what walls show. Everybody may read, those who may change the city may put something on one. */

import type { Context, Handler, Hono } from "hono";
import type { Sent, SentContent, WallNow } from "../../shared/wall-show.ts";
import type { Access } from "./access.ts";
import { bodyOf, guardChange, smallBody } from "./admin.ts";
import { sentDraft } from "./wall-answers.ts";
import { problem } from "./problem.ts";

export interface WallDesk {
  /** Every wall of the city. */
  list(): readonly WallNow[];
  /** City time. */
  now(): number;
  /** Whether there is such an alarm, such areas and a figure by them, or every figure of a view. */
  knows(what: SentContent): boolean;
  /** Replaces what was sent to the same wall. */
  send(sent: Sent): void;
  /** `false`: nothing was sent there. */
  takeBack(wall: string): boolean;
}

export function serveWalls(app: Hono, desk: WallDesk, access: Access): void {
  const isThere = (wall: string): boolean => desk.list().some(({ id }) => id === wall);
  const send: Handler = async (c: Context) => {
    const wall = c.req.param("wall") ?? "";
    const body = await bodyOf(c, sentDraft);
    if (body instanceof Response) return body;
    // Only now: the city may have another folder than when the body began to come.
    if (!isThere(wall)) return noWall(c, wall);
    const { what, position, shift, forSeconds } = body;
    if (!desk.knows(what))
      return problem(
        c,
        409,
        "what",
        "There is no such thing to show",
        "what: no such alarm, figure or areas",
      );
    const setAt = desk.now();
    const sent: Sent = {
      wall,
      what,
      by: { position, shift, account: null },
      setAt,
      untilAt: forSeconds === null ? null : setAt + forSeconds * 1_000,
    };
    desk.send(sent);
    return c.json(sent);
  };
  const takeBack: Handler = (c: Context) => {
    const wall = c.req.param("wall") ?? "";
    if (!isThere(wall)) return noWall(c, wall);
    if (desk.takeBack(wall)) return c.body(null, 204);
    return problem(c, 404, "sent", "Nothing was sent there", `wall: nothing was sent to "${wall}"`);
  };
  app.get("/api/v1/walls", (c) => c.json(desk.list()));
  app.put("/api/v1/walls/:wall/sent", guardChange(access), smallBody, send);
  app.delete("/api/v1/walls/:wall/sent", guardChange(access), takeBack);
}

function noWall(c: Context, wall: string): Response {
  return problem(c, 404, "wall", "No such wall", `wall: this city has no "${wall}"`);
}

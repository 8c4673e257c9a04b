/** `/api/v1/notes`: what operators say about figures. Everybody may read, those who may change the city may write. */

import type { Context, Handler, Hono } from "hono";
import type { Note } from "../../shared/note.ts";
import type { Access } from "./access.ts";
import { noteDraft } from "./record-answers.ts";
import { bodyOf, guardChange, smallBody } from "./admin.ts";
import { problem } from "./problem.ts";

export interface NoteDesk {
  list(): readonly Note[];
  /** City time. */
  now(): number;
  knows(indicator: string): boolean;
  set(note: Note): void;
  /** `false`: there was none. */
  clear(indicator: string): boolean;
}

export function serveNotes(app: Hono, desk: NoteDesk, access: Access): void {
  const set: Handler = async (c: Context) => {
    const indicator = c.req.param("indicator") ?? "";
    if (!desk.knows(indicator)) return unknownIndicator(c, indicator);
    const body = await bodyOf(c, noteDraft);
    if (body instanceof Response) return body;
    const setAt = desk.now();
    if (body.untilAt !== null && body.untilAt <= setAt)
      return problem(
        c,
        400,
        "body",
        "The body cannot be used",
        "untilAt: expected an instant to come, or null",
      );
    const note = { indicator, ...body, setAt };
    desk.set(note);
    return c.json(note);
  };
  const clear: Handler = (c: Context) => {
    const indicator = c.req.param("indicator") ?? "";
    if (desk.clear(indicator)) return c.body(null, 204);
    return problem(c, 404, "note", "No such note", `indicator: nothing is noted about "${indicator}"`);
  };
  app.get("/api/v1/notes", (c) => c.json(desk.list()));
  app.put("/api/v1/notes/:indicator", guardChange(access), smallBody, set);
  app.delete("/api/v1/notes/:indicator", guardChange(access), clear);
}

function unknownIndicator(c: Context, indicator: string): Response {
  return problem(c, 404, "indicator", "No such indicator", `indicator: this city has no "${indicator}"`);
}

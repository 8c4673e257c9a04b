/** `/api/v1/shifts`: the log of the shift and hand-overs. Everybody may read, those who have the token may write. */

import type { Context, Handler, Hono } from "hono";
import { z } from "zod";
import type { Actor } from "../../shared/alarms.ts";
import { fail, type Result } from "../../shared/result.ts";
import type {
  Handover,
  HandoverContent,
  HandoverRefusal,
  ShiftDraft,
  ShiftEntry,
} from "../../shared/shift.ts";
import type { Access } from "./access.ts";
import { bodyOf, guardChange, smallBody } from "./admin.ts";
import { instantText, readStretch, type Stretch } from "./instants.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import { badParameter, problem } from "./problem.ts";
import { acknowledgementDraft, shiftDraft } from "./shift-answers.ts";

/** Whatever reads or writes rejects when the records cannot be used. */
export interface ShiftDesk {
  /** What a hand-over would tell now. */
  draft(): HandoverContent;
  /** Those written in [`fromAt`, `toAt`), of very many the newest, in the order in which they were. */
  entries(fromAt: number, toAt: number): Promise<readonly ShiftEntry[]>;
  write(entry: ShiftDraft): Promise<ShiftEntry>;
  /** Those written in [`fromAt`, `toAt`), of very many the newest, and all that wait, the newest first. */
  handovers(fromAt: number, toAt: number): Promise<readonly Handover[]>;
  handOver(draft: ShiftDraft): Promise<Result<Handover, HandoverRefusal>>;
  acknowledge(
    id: string,
    by: { readonly by: Actor; readonly text: string | null },
  ): Promise<Result<Handover, HandoverRefusal>>;
}

export interface ShiftContext {
  readonly desk: ShiftDesk;
  /** City time. */
  readonly now: () => number;
  readonly zone: () => string;
}

const dayMs = 86_400_000;

export const shiftParameters = {
  from: { description: `${instantText}; a day before \`to\` unless said.`, schema: z.string() },
  to: { description: `${instantText}, exclusive; now unless said.`, schema: z.string() },
} as const satisfies QueryParameters;

export function serveShifts(app: Hono, { desk, now, zone }: ShiftContext, access: Access): void {
  const mayChange = [guardChange(access), smallBody] as const;
  const listed =
    (read: (stretch: Stretch) => Promise<unknown>): Handler =>
    async (c) => {
      const stretch = readAsked(c.req.query(), now(), zone());
      return stretch.ok ? recorded(c, () => read(stretch.value)) : badParameter(c, stretch.failure);
    };
  const write: Handler = async (c) => {
    const draft = await bodyOf(c, shiftDraft);
    return draft instanceof Response ? draft : recorded(c, () => desk.write(draftOf(draft)));
  };
  const handOver: Handler = async (c) => {
    const draft = await bodyOf(c, shiftDraft);
    return draft instanceof Response ? draft : handedOver(c, () => desk.handOver(draftOf(draft)));
  };
  const acknowledge: Handler = async (c) => {
    const draft = await bodyOf(c, acknowledgementDraft);
    if (draft instanceof Response) return draft;
    const { position, shift, text } = draft;
    const by = { position, shift, account: null };
    return handedOver(c, () => desk.acknowledge(c.req.param("id") ?? "", { by, text }));
  };
  app.get(
    "/api/v1/shifts/log",
    listed(({ fromAt, toAt }) => desk.entries(fromAt, toAt)),
  );
  app.post("/api/v1/shifts/log", ...mayChange, write);
  app.get("/api/v1/shifts/handovers/draft", (c) => c.json(desk.draft()));
  app.get(
    "/api/v1/shifts/handovers",
    listed(({ fromAt, toAt }) => desk.handovers(fromAt, toAt)),
  );
  app.post("/api/v1/shifts/handovers", ...mayChange, handOver);
  app.post("/api/v1/shifts/handovers/:id/acknowledgement", ...mayChange, acknowledge);
}

function draftOf({ key, position, shift, text }: z.output<typeof shiftDraft>): ShiftDraft {
  return { key, text, by: { position, shift, account: null } };
}

function readAsked(
  query: Readonly<Record<string, string>>,
  now: number,
  zone: string,
): Result<Stretch, BadParameter> {
  const unknown = findUnknown(query, shiftParameters);
  // What was written in this very instant is of now too.
  return unknown ? fail(unknown) : readStretch(query, now + 1, zone, dayMs);
}

async function recorded(c: Context, answer: () => Promise<unknown>): Promise<Response> {
  try {
    return c.json((await answer()) as object);
  } catch (error) {
    return unusable(c, error);
  }
}

const whyNot = {
  waiting: {
    status: 409,
    title: "One waits already",
    detail: "position: its last hand-over waits to be acknowledged",
  },
  missing: { status: 404, title: "No such hand-over", detail: "id: there is no such hand-over" },
  acknowledged: {
    status: 409,
    title: "Acknowledged already",
    detail: "id: somebody else has acknowledged it",
  },
  own: {
    status: 409,
    title: "Not by whoever wrote it",
    detail: "position, shift: those of whoever wrote it; expected those of whoever comes",
  },
} as const satisfies Record<HandoverRefusal, unknown>;

async function handedOver(
  c: Context,
  act: () => Promise<Result<Handover, HandoverRefusal>>,
): Promise<Response> {
  try {
    const written = await act();
    if (written.ok) return c.json(written.value);
    const { status, title, detail } = whyNot[written.failure];
    return problem(c, status, `handover:${written.failure}`, title, detail);
  } catch (error) {
    return unusable(c, error);
  }
}

function unusable(c: Context, error: unknown): Response {
  return problem(c, 503, "records", "The records cannot be used", `records: ${String(error)}`);
}

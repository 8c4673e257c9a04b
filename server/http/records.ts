/** `/api/v1/annotations` and `/api/v1/views`. Everybody may read, those who may change the city may write. */

import type { Context, Handler, Hono } from "hono";
import { z } from "zod";
import type { Annotation, AnnotationConflict } from "../../shared/annotation.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { SavedView, ViewConflict } from "../../shared/saved-view.ts";
import type { Access } from "./access.ts";
import { bodyOf, guardChange, smallBody } from "./admin.ts";
import { annotationChange, annotationDraft, savedViewChange, savedViewDraft } from "./record-answers.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import { badParameter, problem } from "./problem.ts";
import { instantText, readInstant } from "./instants.ts";

/** What people wrote, as it is kept. */
export interface KeptRecords {
  annotations(fromAt: number, toAt: number, series: readonly string[] | null): Promise<readonly Annotation[]>;
  annotate(draft: Omit<Annotation, "id">): Promise<Annotation>;
  /** `readAt`: `madeAt` as it was read. */
  changeAnnotation(
    id: string,
    draft: Omit<Annotation, "id">,
    readAt: number,
  ): Promise<Result<Annotation, AnnotationConflict>>;
  /** `false`: there is none. */
  removeAnnotation(id: string, now: number): Promise<boolean>;
  views(): Promise<readonly SavedView[]>;
  findView(id: string): Promise<SavedView | undefined>;
  saveView(draft: Omit<SavedView, "id">): Promise<Result<SavedView, "title-taken">>;
  /** `readAt`: `savedAt` as it was read. */
  changeView(
    id: string,
    draft: Omit<SavedView, "id">,
    readAt: number,
  ): Promise<Result<SavedView, ViewConflict>>;
  /** `false`: there was none. */
  removeView(id: string): Promise<boolean>;
}

export interface RecordContext {
  /** Rejects when they cannot be opened. */
  readonly open: () => Promise<KeptRecords>;
  /** City time. */
  readonly now: () => number;
  readonly zone: () => string;
}

/** Long enough for everything that is kept, and no number that a column could not hold. */
const latestAt = 8_640_000_000_000_000;

export const annotationParameters = {
  from: { description: `${instantText}; the beginning unless said.`, schema: z.string() },
  to: { description: `${instantText}; the end unless said.`, schema: z.string() },
  series: {
    description: "Ids of series, separated by commas: only what is about one of them, or about all.",
    schema: z.string(),
  },
} as const satisfies QueryParameters;

export function serveRecords(app: Hono, { open, now, zone }: RecordContext, access: Access): void {
  const mayChange = [guardChange(access), smallBody] as const;
  const withRecords =
    (answer: (c: Context, records: KeptRecords) => Promise<Response>): Handler =>
    async (c) => {
      const records = await open().catch(String);
      return typeof records === "string" ? unusable(c, records) : answer(c, records);
    };

  // Two changes within one tick of the city's clock are two changes.
  const laterThan = (readAt: number): number => Math.max(now(), readAt + 1);

  const listAnnotations = withRecords(async (c, records) => {
    const asked = readAsked(c.req.query(), now(), zone());
    if (!asked.ok) return badParameter(c, asked.failure);
    const { fromAt, toAt, series } = asked.value;
    return c.json(await records.annotations(fromAt, toAt, series));
  });
  const annotate = withRecords(async (c, records) => {
    const draft = await bodyOf(c, annotationDraft);
    return draft instanceof Response
      ? draft
      : c.json(await records.annotate({ ...draft, madeAt: now() }), 201);
  });
  const changeAnnotation = withRecords(async (c, records) => {
    const change = await bodyOf(c, annotationChange);
    if (change instanceof Response) return change;
    const madeAt = laterThan(change.madeAt);
    const annotation = await records.changeAnnotation(idOf(c), { ...change, madeAt }, change.madeAt);
    if (annotation.ok) return c.json(annotation.value);
    return annotation.failure === "missing" ? missing(c, "annotation") : changedMeanwhile(c, "madeAt");
  });
  const removeAnnotation = withRecords(async (c, records) => {
    const isRemoved = await records.removeAnnotation(idOf(c), now());
    return isRemoved ? c.body(null, 204) : missing(c, "annotation");
  });
  app.get("/api/v1/annotations", listAnnotations);
  app.post("/api/v1/annotations", ...mayChange, annotate);
  app.put("/api/v1/annotations/:id", ...mayChange, changeAnnotation);
  app.delete("/api/v1/annotations/:id", ...mayChange, removeAnnotation);

  const listViews = withRecords(async (c, records) => c.json(await records.views()));
  const showView = withRecords(async (c, records) => {
    const view = await records.findView(idOf(c));
    return view ? c.json(view) : missing(c, "view");
  });
  const saveView = withRecords(async (c, records) => {
    const draft = await bodyOf(c, savedViewDraft);
    if (draft instanceof Response) return draft;
    const view = await records.saveView({ ...draft, savedAt: now() });
    return view.ok ? c.json(view.value, 201) : notSaved(c, view.failure, draft.title);
  });
  const changeView = withRecords(async (c, records) => {
    const change = await bodyOf(c, savedViewChange);
    if (change instanceof Response) return change;
    const savedAt = laterThan(change.savedAt);
    const view = await records.changeView(idOf(c), { ...change, savedAt }, change.savedAt);
    return view.ok ? c.json(view.value) : notSaved(c, view.failure, change.title);
  });
  const removeView = withRecords(async (c, records) => {
    return (await records.removeView(idOf(c))) ? c.body(null, 204) : missing(c, "view");
  });
  app.get("/api/v1/views", listViews);
  app.get("/api/v1/views/:id", showView);
  app.post("/api/v1/views", ...mayChange, saveView);
  app.put("/api/v1/views/:id", ...mayChange, changeView);
  app.delete("/api/v1/views/:id", ...mayChange, removeView);
}

interface Asked {
  readonly fromAt: number;
  readonly toAt: number;
  readonly series: readonly string[] | null;
}

function readAsked(
  query: Readonly<Record<string, string>>,
  now: number,
  zone: string,
): Result<Asked, BadParameter> {
  const unknown = findUnknown(query, annotationParameters);
  if (unknown) return fail(unknown);
  const from = readInstant("from", query["from"], now, zone);
  if (!from.ok) return from;
  const to = readInstant("to", query["to"], now, zone);
  if (!to.ok) return to;
  const [fromAt, toAt] = [from.value ?? -latestAt, to.value ?? latestAt];
  if (fromAt >= toAt)
    return fail({ parameter: "from", detail: `from (${query["from"]}) must lie before to` });
  const series = query["series"]?.split(",").filter((id) => id !== "") ?? null;
  return ok({ fromAt, toAt, series });
}

/** They are kept apart from everything live: when their file cannot be used, only they are missing. */
function unusable(c: Context, error: string): Response {
  const detail = `records.sqlite: ${error}; expected a database that this version or an earlier one has written`;
  return problem(c, 503, "records", "The records cannot be used", detail);
}

function idOf(c: Context): string {
  return c.req.param("id") ?? "";
}

function notSaved(c: Context, why: ViewConflict, title: string): Response {
  switch (why) {
    case "missing":
      return missing(c, "view");
    case "title-taken":
      return problem(c, 409, why, "The title is taken", `title: there is already a view "${title}"`);
    case "changed":
      return changedMeanwhile(c, "savedAt");
  }
}

function changedMeanwhile(c: Context, field: "savedAt" | "madeAt"): Response {
  return problem(
    c,
    409,
    "changed",
    "Changed meanwhile",
    `${field}: somebody changed it since; read it again`,
  );
}

function missing(c: Context, what: "annotation" | "view"): Response {
  return problem(c, 404, what, `No such ${what}`, `id: there is no ${what} "${idOf(c)}"`);
}

/** `/api/v1/briefings`: what was issued, to be read by whom `briefing-readers.ts` says; issued, corrected and edited by who may change the city. */

import type { Context, Handler, Hono } from "hono";
import { z } from "zod";
import type {
  BriefingItem,
  BriefingOffer,
  Edition,
  IssuedBriefing,
  NewestBriefing,
} from "../../shared/briefing.ts";
import { languages } from "../../shared/city.ts";
import type { Result } from "../../shared/result.ts";
import { longestSearch } from "../core/briefing/archive-search.ts";
import { briefingText } from "../core/briefing/plain-text.ts";
import type { Access } from "./access.ts";
import { bodyOf, guardChange, smallBody } from "./admin.ts";
import { editionDraft, issueDraft } from "./briefing-answers.ts";
import { linkParameters, notAdmitted, type BriefingReaders } from "./briefing-readers.ts";
import { shown } from "./instants.ts";
import { findUnknown, type QueryParameters } from "./parameters.ts";
import { badParameter, problem } from "./problem.ts";

/** Why nothing was issued. */
export interface NotIssued {
  readonly why: "no-such-briefing" | "no-incident" | "nothing-changed" | "unsound" | "not-kept";
  readonly detail: string;
}

export interface BriefingsOffice {
  /** What can be issued, in the order of the city folder. */
  offers(): readonly BriefingOffer[];
  /** Those that say all of these words, each with the sentence; all of them for "". The newest first. */
  search(search: string): Promise<readonly BriefingItem[]>;
  find(id: string): Promise<IssuedBriefing | null>;
  /** The newest issue of a definition, and when the next one is due. */
  findLatest(definition: string): Promise<NewestBriefing | null>;
  /** By what is known now. */
  issueNow(definition: string): Promise<Result<IssuedBriefing, NotIssued>>;
  correctNow(id: string): Promise<Result<IssuedBriefing, NotIssued>>;
  edit(edition: Edition): Promise<Result<Edition, "missing" | "changed">>;
  editions(id: string): Promise<readonly Edition[]>;
}

export const briefingTextType = "text/plain; charset=utf-8";
const formats = ["json", "text"] as const;
const latestFormats = [...formats, "html", "pdf"] as const;
const listedAtMost = 1_000;

export const briefingListParameters = {
  definition: { description: "Only issues of this briefing of the city folder.", schema: z.string() },
  q: {
    description: "Words that its sentences have to contain, in any order and either language.",
    schema: z.string().max(longestSearch),
  },
} as const satisfies QueryParameters;

const lang = { description: "Of text, page and paper.", schema: z.enum(languages).default("en") } as const;

export const briefingParameters = {
  format: { description: "The data, or plain text.", schema: z.enum(formats).default("json") },
  lang,
  ...linkParameters,
} as const satisfies QueryParameters;

export const latestParameters = {
  format: {
    description: "The data, plain text, or a redirection to the page or the paper.",
    schema: z.enum(latestFormats).default("json"),
  },
  lang,
} as const satisfies QueryParameters;

export function serveBriefings(
  app: Hono,
  office: BriefingsOffice,
  now: () => number,
  access: Access,
  readers: BriefingReaders,
): void {
  const mayChange = [guardChange(access), smallBody] as const;
  /** Answers whoever may read; `id` is `null` where more than one issue is asked for. */
  const read = (answer: (c: Context) => Response | Promise<Response>, isOfOne: boolean): Handler => {
    return (c) => {
      const admitted = readers.admit(c, isOfOne ? (c.req.param("id") ?? "") : null);
      return admitted.ok ? answer(c) : notAdmitted(c, admitted.failure, access);
    };
  };
  const list = async (c: Context): Promise<Response> => {
    const query = c.req.query();
    const unknown = findUnknown(query, briefingListParameters);
    if (unknown) return badParameter(c, unknown);
    const { definition, q = "" } = query;
    if (q.length > longestSearch)
      return badParameter(c, { parameter: "q", detail: `q: longer than ${longestSearch} characters` });
    const items = (await office.search(q)).filter(
      (item) => definition === undefined || item.definition === definition,
    );
    return c.json(items.slice(0, listedAtMost));
  };
  const offers = (c: Context): Response => c.json(office.offers());
  const one = async (c: Context): Promise<Response> =>
    told(c, await office.find(c.req.param("id") ?? ""), briefingParameters);
  const latest = async (c: Context): Promise<Response> =>
    told(c, await office.findLatest(c.req.param("definition") ?? ""), latestParameters);
  const editions = async (c: Context): Promise<Response> => {
    const id = c.req.param("id") ?? "";
    return (await office.find(id)) ? c.json(await office.editions(id)) : missing(c);
  };
  app.get("/api/v1/briefings", read(list, false));
  app.get("/api/v1/briefings/offers", read(offers, false));
  app.get("/api/v1/briefings/:id", read(one, true));
  app.get("/api/v1/briefings/:definition/latest", read(latest, false));
  app.get("/api/v1/briefings/:id/editions", read(editions, true));
  const issue: Handler = async (c) => {
    const draft = await bodyOf(c, issueDraft);
    return draft instanceof Response ? draft : issued(c, await office.issueNow(draft.definition));
  };
  const correct: Handler = async (c) => issued(c, await office.correctNow(c.req.param("id") ?? ""));
  const edit: Handler = async (c) => {
    const draft = await bodyOf(c, editionDraft);
    if (draft instanceof Response) return draft;
    const made = await office.edit({ ...draft, briefing: c.req.param("id") ?? "", at: now() });
    if (made.ok) return c.json(made.value, 201);
    if (made.failure === "missing") return missing(c);
    return problem(c, 409, "changed", "Changed meanwhile", "number: somebody edited it since; read it again");
  };
  app.post("/api/v1/briefings", ...mayChange, issue);
  app.post("/api/v1/briefings/:id/corrections", guardChange(access), correct);
  app.post("/api/v1/briefings/:id/editions", ...mayChange, edit);
}

function told(
  c: Context,
  found: IssuedBriefing | NewestBriefing | null,
  parameters: QueryParameters,
): Response {
  const query = c.req.query();
  const unknown = findUnknown(query, parameters);
  if (unknown) return badParameter(c, unknown);
  for (const [parameter, { schema }] of Object.entries(parameters))
    if (!schema.optional().safeParse(query[parameter]).success) {
      const expected =
        parameter === "lang" ? languages : parameters === latestParameters ? latestFormats : formats;
      const detail = `${parameter}: "${shown(query[parameter]!)}" is not one of ${expected.join(", ")}`;
      return badParameter(c, { parameter, detail });
    }
  if (found === null) return missing(c);
  const language = query["lang"] === "zh" ? "zh" : "en";
  const { format = "json" } = query;
  if (format === "text")
    return c.body(briefingText(found.briefing, found.edition, language), 200, {
      "content-type": briefingTextType,
      "content-language": language,
    });
  if (format === "html" || format === "pdf")
    return c.redirect(`/briefing/${found.briefing.id}?format=${format}&lang=${language}`, 307);
  // Its schedule and the holidays may change while the issue does not.
  const nextDueAt = "nextDueAt" in found ? `-${found.nextDueAt}` : "";
  const etag = `"${found.hash}-${found.edition?.number ?? 0}-${found.correctedBy ?? ""}${nextDueAt}"`;
  c.header("etag", etag);
  return c.req.header("if-none-match") === etag ? c.body(null, 304) : c.json(found);
}

function issued(c: Context, answer: Result<IssuedBriefing, NotIssued>): Response {
  if (answer.ok) return c.json(answer.value, 201);
  const { why, detail } = answer.failure;
  switch (why) {
    case "no-such-briefing":
      return problem(c, 404, why, "No such briefing", detail);
    case "no-incident":
    case "nothing-changed":
      return problem(c, 409, why, "Nothing to issue", detail);
    case "unsound":
      return problem(c, 500, why, "The briefing was not fit to be issued", detail);
    case "not-kept":
      return problem(c, 503, why, "The briefing could not be kept, and was not issued", detail);
  }
}

function missing(c: Context): Response {
  return problem(c, 404, "not-here", "Nothing here", "No briefing was issued under this address");
}

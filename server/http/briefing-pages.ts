/** Issued briefings for readers: pages, files and paper, at addresses that stay. */

import { readFile } from "node:fs/promises";
import type { Context, Hono } from "hono";
import { z } from "zod";
import type { BriefingItem, IssuedBriefing } from "../../shared/briefing.ts";
import { languages, type Language, type Text } from "../../shared/city.ts";
import type { CityClock } from "../../shared/clock.ts";
import { htmlFile } from "../briefing/briefing-file.ts";
import type { SentLink } from "../briefing/links.ts";
import { archivePage, failurePage, notReaderPage } from "../briefing/page/archive.ts";
import { briefingDocument } from "../briefing/page/document.ts";
import { fontPath, linkedFonts } from "../briefing/page/fonts.ts";
import { charactersOf, pageText, pageThemes, type Page, type PageTheme } from "../briefing/page/page.ts";
import type { Printer } from "../briefing/print/printer.ts";
import { longestSearch } from "../core/briefing/archive-search.ts";
import { isSecure } from "./asker.ts";
import { linkParameters, type BriefingReaders, type NotReader } from "./briefing-readers.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import { badParameter, problem } from "./problem.ts";

/** The issued briefings as pages need them. */
export interface BriefingShelf {
  city(): { readonly title: Text; readonly zone: string; readonly clock: CityClock };
  find(id: string): Promise<IssuedBriefing | null>;
  /** The newest issue of a definition. */
  findLatest(definition: string): Promise<IssuedBriefing | null>;
  /** Those that say all of these words, each with the sentence; all of them for "". The newest first. */
  search(search: string): Promise<readonly BriefingItem[]>;
}

const lang = {
  description: "The language it is read in; `en` unless said.",
  schema: z.enum(languages),
} as const;

const theme = {
  description: "Its colours on a screen; `light` unless said. Paper has its own.",
  schema: z.enum(pageThemes),
} as const;

export const archiveParameters = {
  lang,
  theme,
  q: {
    description: "Words that its sentences have to contain, in any order and either language.",
    schema: z.string().max(longestSearch),
  },
} as const satisfies QueryParameters;

export const briefingPageParameters = {
  lang,
  theme,
  format: {
    description: "`html`: one file that needs nothing else. `pdf`: A4. Without it: the page.",
    schema: z.enum(["html", "pdf"]),
  },
  generated: {
    description: "`1`: as generated, without what an editor hid, moved or said.",
    schema: z.enum(["1"]),
  },
  ...linkParameters,
} as const satisfies QueryParameters;

export function serveBriefingPages(
  app: Hono,
  shelf: BriefingShelf,
  printer: Printer,
  readers: BriefingReaders,
): void {
  app.get("/briefings", async (c) => {
    const admitted = readers.admit(c, null);
    if (!admitted.ok) return refused(c, admitted.failure);
    const query = c.req.query();
    const bad = findUnknown(query, archiveParameters) ?? findUnusable(query, archiveParameters);
    if (bad) return badParameter(c, bad);
    const search = query["q"] ?? "";
    const { title, zone, clock } = shelf.city();
    const page = archivePage(await shelf.search(search), {
      language: languageOf(query["lang"]),
      theme: themeOf(query["theme"]),
      zone,
      search,
      city: title,
      now: clock.cityAt,
      clock: clock.kind,
    });
    return served(c, page);
  });
  app.get("/briefing/:id", async (c) => {
    const id = c.req.param("id");
    const admitted = readers.admit(c, id);
    return admitted.ok ? answer(c, await shelf.find(id), admitted.value) : refused(c, admitted.failure);
  });
  app.get("/briefing/:definition/latest", async (c) => {
    const admitted = readers.admit(c, null);
    if (!admitted.ok) return refused(c, admitted.failure);
    return answer(c, await shelf.findLatest(c.req.param("definition")), null);
  });
  app.get("/fonts/:file", async (c) => {
    const path = fontPath(c.req.param("file"));
    if (path === null) return problem(c, 404, "not-here", "Nothing here", "No such font");
    c.header("cache-control", "public, max-age=2592000");
    return c.body(new Uint8Array(await readFile(path)), 200, { "content-type": "font/woff2" });
  });

  function refused(c: Context, failure: NotReader): Response {
    const page = notReaderPage(failure, {
      language: languageOf(c.req.query("lang")),
      zone: shelf.city().zone,
    });
    c.status(403);
    c.header("cache-control", "no-store");
    return served(c, page);
  }

  async function answer(c: Context, issued: IssuedBriefing | null, link: SentLink | null): Promise<Response> {
    if (!issued)
      return problem(c, 404, "not-here", "Nothing here", "No briefing was issued under this address");
    const query = c.req.query();
    const bad = findUnknown(query, briefingPageParameters) ?? findUnusable(query, briefingPageParameters);
    if (bad) return badParameter(c, bad);
    const { theme, format, generated } = query;
    const language = languageOf(query["lang"]);
    const options = { language, theme: themeOf(theme), isGenerated: generated === "1" };
    c.header("cache-control", "no-cache");
    if (format === undefined)
      return served(c, briefingDocument(issued, { ...options, base: "", isPage: true, link }));
    const file = `${issued.briefing.id}-${language}.${format}`;
    const whole = () => htmlFile(issued, { ...options, base: originOf(c) }, format === "pdf");
    if (format === "html") {
      c.header("content-disposition", `attachment; filename="${file}"`);
      return html(c, await whole());
    }
    const printed = await printer.print(whole, c.req.raw.signal);
    if (!printed.ok) {
      const page = failurePage(printed.failure, issued.briefing.id, language);
      c.status(503);
      return served(c, page);
    }
    c.header("content-disposition", `inline; filename="${file}"`);
    return c.body(new Uint8Array(printed.value), 200, { "content-type": "application/pdf" });
  }
}

/** With the fonts that the server has, known to the response's policy by its nonce. */
function served(c: Context, page: Page): Response {
  const nonce = c.get("secureHeadersNonce") as string;
  return html(c, pageText(page, linkedFonts(charactersOf(page)), nonce));
}

function html(c: Context, text: string): Response {
  return c.body(text, { headers: { "content-type": "text/html; charset=utf-8" } });
}

/** Where the reader found us, which a file that is taken along leads back to. */
function originOf(c: Context): string {
  const { host, protocol } = new URL(c.req.url);
  return `${isSecure((name) => c.req.header(name)) ? "https:" : protocol}//${host}`;
}

function languageOf(text: string | undefined): Language {
  return text === "zh" ? "zh" : "en";
}

function themeOf(text: string | undefined): PageTheme {
  return pageThemes.find((one) => one === text) ?? "light";
}

/** A parameter that is not one of the words it may be. */
function findUnusable(query: Readonly<Record<string, string>>, known: QueryParameters): BadParameter | null {
  for (const [parameter, { schema }] of Object.entries(known)) {
    const read = schema.optional().safeParse(query[parameter]);
    if (!read.success) return { parameter, detail: `${parameter}: ${read.error.issues[0]!.message}` };
  }
  return null;
}

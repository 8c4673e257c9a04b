/** The archive of issued briefings, and what a reader is told when there is no PDF. */

import type { BriefingItem } from "../../../shared/briefing.ts";
import { languages, type Language, type Text } from "../../../shared/city.ts";
import type { ClockKind } from "../../../shared/clock.ts";
import { formatInstant } from "../../../shared/date-words.ts";
import { element, escaped } from "../charts/svg.ts";
import type { NotReader } from "../../http/briefing-readers.ts";
import type { PrintFailure } from "../print/printer.ts";
import { tag } from "./markup.ts";
import type { Page, PageTheme } from "./page.ts";
import { archiveWords, failureWords, notReaderWords, pageWords } from "./words.ts";

/** Older ones are found by their words. */
const listedAtMost = 200;

export interface ArchiveView {
  readonly language: Language;
  readonly theme: PageTheme;
  readonly zone: string;
  /** By which words they were found; "" where all are listed. */
  readonly search: string;
  readonly city: Text;
  /** City time, and what kind of time that is. */
  readonly now: number;
  readonly clock: ClockKind;
}

export function archivePage(found: readonly BriefingItem[], view: ArchiveView): Page {
  const { language, theme, zone, search, city, now, clock } = view;
  const kept = { lang: language, ...(theme === "light" ? {} : { theme }) };
  const query = new URLSearchParams(kept).toString();
  const words = archiveWords[language];
  const other = languages.find((one) => one !== language)!;
  const start = element("a", { href: `/?${query}` }, words.start);
  const link = element(
    "a",
    { href: `/briefings?${new URLSearchParams({ ...kept, lang: other, q: search }).toString()}` },
    words.otherLanguage,
  );
  const issue = element("a", { href: `/briefings/issue?${query}` }, escaped(words.issue));
  const head =
    tag("p", "banner", escaped(pageWords[language].clock[clock] ?? "")) +
    tag(
      "div",
      "running",
      tag("p", "name", escaped(city[language])) +
        tag(
          "p",
          "period",
          element(
            "time",
            { datetime: new Date(now).toISOString() },
            escaped(formatInstant(now, zone, language)),
          ),
        ),
    );
  const field = element("input", {
    type: "search",
    name: "q",
    value: search,
    "aria-label": words.search,
    placeholder: words.search,
  });
  const form = element(
    "form",
    { role: "search" },
    Object.entries(kept)
      .map(([name, value]) => element("input", { type: "hidden", name, value }))
      .join("") +
      field +
      element("button", {}, words.find),
  );
  const rows = found.slice(0, listedAtMost).map((item) => element("li", {}, archiveItem(item, view, query)));
  const nothing = search === "" ? words.none : words.noneFound(search);
  return plainPage(
    `${words.title}, ${city[language]}`,
    element("header", {}, head + tag("div", "controls", start + link + issue)) +
      element(
        "main",
        { class: "archive" },
        element("h1", {}, words.title) +
          form +
          (rows.length > 0 ? tag("ol", "issues", rows.join("")) : element("p", {}, escaped(nothing))) +
          (found.length > listedAtMost
            ? tag("p", "notes", escaped(words.older(found.length - listedAtMost)))
            : ""),
      ),
    view,
  );
}

function archiveItem(item: BriefingItem, { language, zone }: ArchiveView, query: string): string {
  const words = archiveWords[language];
  const { id, title, cover, period, issuedAt, corrects, correctedBy, isSigned, found } = item;
  const shown = [id, title[language], period.words[language], cover[language]];
  const isTold = found === undefined || shown.includes(found[language]);
  const notes = [
    words.issued(formatInstant(issuedAt, zone, language)),
    isSigned ? words.signed : words.unsigned,
    ...(corrects === null ? [] : [words.corrects(corrects)]),
    ...(correctedBy === null ? [] : [words.correctedBy(correctedBy)]),
  ];
  return (
    tag("p", "name", escaped(`${title[language]} · ${period.words[language]}`)) +
    tag(
      "p",
      "sentence",
      element("a", { href: `/briefing/${encodeURIComponent(id)}?${query}` }, escaped(cover[language])),
    ) +
    (isTold ? "" : tag("p", "notes", escaped(words.found(found[language])))) +
    tag("p", "notes", escaped(notes.join(" · ")))
  );
}

/** Why there is no PDF, and what the reader can do. */
export function failurePage(failure: PrintFailure, id: string, language: Language): Page {
  const { title, why, instead, link } = failureWords[language];
  const back = element("a", { href: `/briefing/${encodeURIComponent(id)}?lang=${language}` }, escaped(link));
  return insteadPage(title, why[failure], `${escaped(instead)} ${back}`, language);
}

/** Why a reader may not read, and what opens a briefing. */
export function notReaderPage(
  failure: NotReader,
  { language, zone }: Pick<ArchiveView, "language" | "zone">,
): Page {
  const { title, why, over, instead, link } = notReaderWords[language];
  const said =
    failure.why === "over"
      ? over(failure.link.to, formatInstant(failure.link.untilAt, zone, language))
      : why[failure.why];
  const desk = element("a", { href: `/desk?lang=${language}` }, escaped(link));
  return insteadPage(title, said, `${escaped(instead)} ${desk}`, language);
}

/** A page in the place of a briefing: why there is none, and as markup what the reader can do. */
function insteadPage(title: string, why: string, instead: string, language: Language): Page {
  return plainPage(
    title,
    element(
      "main",
      { class: "archive" },
      element("h1", {}, escaped(title)) + tag("p", "sentence", escaped(why)) + tag("p", "sentence", instead),
    ),
    { language, theme: "light" },
  );
}

function plainPage(title: string, body: string, look: Pick<Page, "language" | "theme">): Page {
  const { language, theme } = look;
  return { title, body, paper: { left: title, right: "", foot: "" }, script: "", language, theme };
}

/** An issued briefing as one HTML document: for the screen, for paper, and as a file that needs nothing else. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sectionsShown, type Briefing, type Edition, type IssuedBriefing } from "../../../shared/briefing.ts";
import { languages, type Language } from "../../../shared/city.ts";
import { element, escaped } from "../charts/svg.ts";
import { linkQuery, type SentLink } from "../links.ts";
import { instant, readerOf, said, sentence, tag, type Reader } from "./markup.ts";
import { evidenceItems } from "./evidence.ts";
import type { Page, PageTheme } from "./page.ts";
import { commentsOn, sectionMarkup, statementMarkup } from "./section.ts";

const presentScript = readFileSync(join(import.meta.dirname, "present.js"), "utf8");

export interface DocumentOptions {
  readonly language: Language;
  readonly theme: PageTheme;
  /** The address of the server in a document that leaves it, so that its evidence can still be followed; else "". */
  readonly base: string;
  /** As generated, without what an editor hid, moved or said. */
  readonly isGenerated: boolean;
  /** Whether it has the links and the script of a page that is served. */
  readonly isPage: boolean;
  /** The link that opened the page, which leads on to its other forms. */
  readonly link?: SentLink | null;
}

export function briefingDocument(issued: IssuedBriefing, options: DocumentOptions): Page {
  const { briefing } = issued;
  const edition = options.isGenerated ? null : issued.edition;
  const reader = readerOf(briefing, options.language, options.base);
  const sections = sectionsShown(briefing, edition);
  const body = [
    element(
      "header",
      {},
      banner(briefing, reader) +
        running(briefing, reader) +
        (options.isPage ? controls(issued, options, reader) : ""),
    ),
    contents(sections, reader),
    element(
      "main",
      {},
      cover(issued, edition, reader) +
        sections.map((section) => sectionMarkup(section, edition, reader)).join("") +
        evidenceList(briefing, reader) +
        imprint(issued, edition, options, reader),
    ),
    options.isPage ? presentation(reader) : "",
  ];
  const { city, title, period } = briefing;
  return {
    title: `${title[options.language]}, ${period.words[options.language]}, ${city.title[options.language]}`,
    body: body.join("\n"),
    paper: paperWords(briefing, reader),
    script: options.isPage ? presentScript : "",
    language: options.language,
    theme: options.theme,
  };
}

function banner({ clock }: Briefing, { words }: Reader): string {
  return tag("p", "banner", escaped(words.clock[clock] ?? ""));
}

function running({ city, title, period }: Briefing, reader: Reader): string {
  const name = tag(
    "p",
    "name",
    `${said(city.title, reader)}${reader.language === "zh" ? "" : ", "}${said(title, reader)}`,
  );
  return tag("div", "running", name + tag("p", "period", said(period.words, reader)));
}

/** Languages, files and paper; not part of what is printed. */
function controls(
  { briefing }: IssuedBriefing,
  { language, isGenerated, theme, link = null }: DocumentOptions,
  reader: Reader,
): string {
  const { words } = reader;
  const other = languages.find((one) => one !== language)!;
  const seen = { lang: language, ...(theme === "light" ? {} : { theme }) };
  const query = (parameters: Readonly<Record<string, string>>): string => {
    const all = {
      ...seen,
      ...(isGenerated ? { generated: "1" } : {}),
      ...(link && linkQuery(link)),
      ...parameters,
    };
    return `/briefing/${encodeURIComponent(briefing.id)}?${new URLSearchParams(all).toString()}`;
  };
  const links = [
    element(
      "a",
      { href: query({ lang: other }), hreflang: other === "zh" ? "zh-Hans" : "en" },
      words.otherLanguage,
    ),
    element("a", { href: `/briefings?${new URLSearchParams(seen).toString()}` }, words.all),
    element("a", { href: query({ format: "pdf" }) }, words.pdf),
    element(
      "a",
      { href: query({ format: "html" }), download: `${briefing.id}-${language}.html` },
      words.file,
    ),
    element("a", { href: `/briefing/${encodeURIComponent(briefing.id)}/edit?lang=${language}` }, words.edit),
    element("button", { type: "button", "data-does": "print", hidden: "" }, words.print),
    element("button", { type: "button", "data-does": "present", hidden: "" }, words.present),
  ];
  const sent = link ? tag("p", "about", escaped(words.sentTo(link.to, instant(link.untilAt, reader)))) : "";
  return tag("div", "controls", links.join("") + sent);
}

function contents(sections: readonly Briefing["sections"][number][], reader: Reader): string {
  const items = sections.map(({ kind, title }) => element("a", { href: `#${kind}` }, said(title, reader)));
  return element("nav", { "aria-label": reader.words.contents }, items.join(""));
}

function cover({ briefing, correctedBy }: IssuedBriefing, edition: Edition | null, reader: Reader): string {
  const { words, language } = reader;
  const { period, comparison, corrects, knownAt, audience } = briefing;
  const about = [
    words.audience(audience[language]),
    period.words[language] + (period.isOver ? "" : ` (${words.running})`),
    ...(comparison ? [words.compared(comparison.words[language])] : []),
    words.knownAt(instant(knownAt, reader)),
  ];
  const later = correctedBy
    ? escaped(words.correctedBy("")) +
      element(
        "a",
        { href: `${reader.base}/briefing/${encodeURIComponent(correctedBy)}?lang=${language}` },
        escaped(correctedBy),
      )
    : "";
  const changes = corrects
    ? tag("p", "corrects", escaped(words.corrects(corrects.id))) +
      tag("ul", "statements", corrects.changes.map((change) => statementMarkup(change, reader)).join(""))
    : "";
  return element(
    "section",
    { id: "cover", class: "slide" },
    tag("p", "later", later) +
      element("h1", {}, sentence(briefing.cover[language], briefing.coverFigures)) +
      tag("p", "about", escaped(about.join(" · "))) +
      changes +
      commentsOn(null, edition, reader),
  );
}

function evidenceList({ evidence, knownAt }: Briefing, reader: Reader): string {
  const { words } = reader;
  return element(
    "section",
    { id: "evidence", class: "slide", "aria-labelledby": "evidence-title" },
    element("h2", { id: "evidence-title" }, escaped(words.evidence)) +
      tag("p", "intro", escaped(words.evidenceIntro(instant(knownAt, reader)))) +
      tag("ul", "sources", evidenceItems(evidence, reader)),
  );
}

/** Who answers for it, and what it was made from. */
function imprint(
  { briefing, hash, edition: kept }: IssuedBriefing,
  edition: Edition | null,
  options: DocumentOptions,
  reader: Reader,
): string {
  const { words, language, base } = reader;
  const signature = edition?.isSigned
    ? words.signed(edition.editor, instant(edition.at, reader))
    : words.unsigned;
  const hidden = briefing.sections
    .filter(({ kind }) => edition?.hidden.includes(kind))
    .map(({ title }) => title[language]);
  const left =
    edition && hidden.length > 0 ? escaped(words.hidden(edition.editor, hidden.join(words.listComma))) : "";
  const query = new URLSearchParams({ lang: language, ...(options.link && linkQuery(options.link)) });
  const path = `${base}/briefing/${encodeURIComponent(briefing.id)}?${query.toString()}`;
  const other = options.isGenerated
    ? element("a", { href: path }, escaped(words.asEdited))
    : element("a", { href: `${path}&generated=1` }, escaped(words.asGenerated));
  return element(
    "footer",
    {},
    tag("p", "signature", escaped(signature)) +
      tag("p", "generated", escaped(words.generated) + (kept ? ` ${other}` : "")) +
      tag("p", "hidden-by", left) +
      tag(
        "p",
        "made",
        escaped(
          `${words.issued(instant(briefing.issuedAt, reader), briefing.dataVersion)} · ${words.issue(briefing.id)}`,
        ),
      ) +
      tag("p", "hash", escaped(words.hash(hash))),
  );
}

/** Hidden until the script shows them. */
function presentation({ words }: Reader): string {
  const button = (does: string, text: string): string =>
    element("button", { type: "button", "data-does": does }, escaped(text));
  return element(
    "div",
    { class: "presenting", hidden: "" },
    button("previous", words.previous) +
      element("output", {}, "1") +
      button("next", words.next) +
      button("leave", words.leave),
  );
}

/** Running heads and feet of paper, with the issue's own words. */
function paperWords(briefing: Briefing, reader: Reader): Page["paper"] {
  const { words, language } = reader;
  const { city, title, period, id, knownAt, clock } = briefing;
  // "SIMULATED" of "SIMULATED: a made-up city …".
  const kind = words.clock[clock]?.split(words.colon.trim())[0] ?? null;
  return {
    left: `${city.title[language]}${language === "zh" ? " " : ", "}${title[language]}`,
    right: period.words[language],
    foot: `${kind === null ? "" : `${kind.trim()} · `}${words.knownAt(instant(knownAt, reader))} · ${words.issue(id)}`,
  };
}

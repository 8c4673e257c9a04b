/** What figures stand on: each source once, with every question that was asked of it. */

import type { Evidence } from "../../../shared/briefing.ts";
import { cityDate } from "../../../shared/city-time.ts";
import { formatTime } from "../../../shared/date-words.ts";
import { element, escaped } from "../charts/svg.ts";
import { instant, said, tag, type Reader } from "./markup.ts";

/** Items of a list; a figure's link leads to its own question among them. */
export function evidenceItems(evidence: readonly Evidence[], reader: Reader): string {
  const numbered = evidence.map((one, i) => ({ evidence: one, number: i + 1 }));
  const sources = Map.groupBy(numbered, (one) => sourceOf(one.evidence));
  return [...sources.values()].map((questions) => element("li", {}, sourceItem(questions, reader))).join("");
}

interface Question {
  readonly evidence: Evidence;
  /** From 1, as in `#evidence-1`. */
  readonly number: number;
}

function sourceOf({ title, owner, revision, source, feeds }: Evidence): string {
  return JSON.stringify([title, owner, revision, source, feeds.map(({ id }) => id)]);
}

function sourceItem(questions: readonly Question[], reader: Reader): string {
  const { words, language } = reader;
  const { title, definition, owner, feeds, revision } = questions[0]!.evidence;
  const facts = [
    ...(owner ? [words.owner(owner[language])] : []),
    ...(feeds.length > 0
      ? [words.feeds(feeds.map((feed) => feed.title[language]).join(words.listComma))]
      : []),
    ...(revision === null ? [] : [words.revision(revision)]),
  ];
  return (
    element("b", {}, said(title, reader)) +
    (definition ? ` ${said(definition, reader)}` : "") +
    tag("span", "facts", escaped(facts.join(" · "))) +
    [...Map.groupBy(questions, (question) => stretchOf(question.evidence, reader)).entries()]
      .map(([stretch, asked]) => questionLine(stretch, asked, reader))
      .join("")
  );
}

/** What stretch the numbers are of: `26 Nov 2026 00:00 – 20:00`; "" where the question names none. */
function stretchOf({ address }: Evidence, reader: Reader): string {
  const query = new URL(address, "http://here").searchParams;
  const [from, to] = ["from", "to"].map((name) => query.get(name));
  if (!from || !to) return "";
  const [fromAt, toAt] = [instantOf(from), instantOf(to)];
  const { zone, language } = reader;
  const isOneDay = cityDate(fromAt, zone) === cityDate(toAt, zone);
  return `${instant(fromAt, reader)} – ${isOneDay ? formatTime(toAt, zone, language) : instant(toAt, reader)}`;
}

/** The numbers as they were known: of the first, and where others were asked of the same stretch, those after it by number. */
function questionLine(stretch: string, [first, ...others]: readonly Question[], reader: Reader): string {
  const { words, language, base } = reader;
  const { evidence, number } = first!;
  const frozen = element(
    "a",
    { href: base + evidence.address },
    escaped(stretch === "" ? words.frozen : stretch),
  );
  const explorer = explorerAddress(evidence);
  const more =
    explorer === null
      ? []
      : [element("a", { href: `${base}${explorer}&lang=${language}` }, escaped(words.explorer))];
  const again = others.map((other, i) =>
    element(
      "a",
      { class: "again", id: `evidence-${other.number}`, href: base + other.evidence.address },
      String(i + 2),
    ),
  );
  return element(
    "span",
    { class: "frozen", id: `evidence-${number}` },
    [[frozen, ...more].join(" · "), ...again].join(" "),
  );
}

/** The same stretch of the same series as known then, in the explorer; `null` for what is no series. */
function explorerAddress({ source, address }: Evidence): string | null {
  if (source !== "series") return null;
  const query = new URL(address, "http://here").searchParams;
  const [show, from, to, asOf] = ["indicator", "from", "to", "asOf"].map((name) => query.get(name));
  if (!show || !from || !to) return null;
  const iso = (at: string): string => new Date(instantOf(at)).toISOString();
  const known = asOf ? { asOf: iso(asOf) } : {};
  const parameters = new URLSearchParams({ show, range: `${iso(from)}..${iso(to)}`, ...known });
  return `/explorer?${parameters.toString()}`;
}

/** As addresses of our API have it: epoch milliseconds or ISO 8601. */
function instantOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}

/** What figures stand on: each source once, with every question that was asked of it. */

import type { Evidence } from "../../../shared/briefing.ts";
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
    questions.map((question) => questionLine(question, reader)).join("")
  );
}

/** The numbers as they were known, by what stretch they are of. */
function questionLine({ evidence, number }: Question, reader: Reader): string {
  const { words, language, base } = reader;
  const query = new URL(evidence.address, "http://here").searchParams;
  const ends = ["from", "to"].map((name) => query.get(name)).filter((at) => at !== null);
  const stretch = ends.map((at) => instant(instantOf(at), reader)).join(" – ");
  const frozen = element(
    "a",
    { href: base + evidence.address },
    escaped(stretch === "" ? words.frozen : stretch),
  );
  const explorer = explorerAddress(evidence);
  const more =
    explorer === null
      ? ""
      : element("a", { href: `${base}${explorer}&lang=${language}` }, escaped(words.explorer));
  return element(
    "span",
    { class: "frozen", id: `evidence-${number}` },
    frozen + (more === "" ? "" : ` · ${more}`),
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

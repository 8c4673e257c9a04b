/** What would make a briefing unfit to be issued: sentences without evidence, things said twice, figures that lead nowhere. */

import { languages } from "../../../shared/city.ts";
import {
  plainText,
  type Briefing,
  type BriefingChart,
  type BriefingFigure,
  type BriefingSection,
  type Sentences,
  type Statement,
} from "../../../shared/briefing.ts";

/** A line for each fault; none of a briefing that may be issued. */
export function briefingFaults(briefing: Briefing): string[] {
  const places = briefing.evidence.length;
  const statements = [
    ...briefing.sections.flatMap((section) => section.statements),
    ...(briefing.corrects?.changes ?? []),
  ];
  return [
    ...repeated(
      "statement",
      statements.map(({ id }) => id),
    ),
    ...repeated(
      "section",
      briefing.sections.map(({ kind }) => kind),
    ),
    ...languages.flatMap((language) =>
      repeated(
        `sentence (${language})`,
        statements.map(({ text }) => plainText(text, language)),
      ),
    ),
    ...sentenceFaults("cover", briefing.cover, briefing.coverFigures),
    ...figureFaults("cover", briefing.coverFigures, places),
    ...statements.flatMap((statement) => statementFaults(statement, places)),
    ...briefing.sections.flatMap((section) => sectionFaults(section, places)),
    ...briefing.evidence.flatMap(({ address }) =>
      address.startsWith("/api/v1/") ? [] : [`evidence: "${address}" is no address of the API`],
    ),
  ];
}

function repeated(what: string, words: readonly string[]): string[] {
  const twice = words.filter((word, i) => words.indexOf(word) < i);
  return [...new Set(twice)].map((word) => `${what} twice: ${word}`);
}

function sectionFaults({ kind, statements, chart }: BriefingSection, places: number): string[] {
  const faults = statements.length === 0 ? [`${kind}: says nothing`] : [];
  const order = statements.map(({ at, weight }) => (kind === "timeline" ? (at ?? Number.NaN) : -weight));
  if (order.some((place, i) => !(i === 0 || order[i - 1]! <= place))) faults.push(`${kind}: out of order`);
  const pictured = chart === null ? [] : chartEvidence(chart);
  return [...faults, ...placeFaults(`${kind}, chart`, pictured, places)];
}

function chartEvidence(chart: BriefingChart): readonly number[] {
  switch (chart.kind) {
    case "small-multiples":
      return chart.series.map(({ evidence }) => evidence);
    case "line":
      return [chart.series.evidence];
    case "slope":
    case "bullet":
      return chart.rows.map(({ evidence }) => evidence);
    case "area-map":
      return chart.areas.map(({ evidence }) => evidence);
    case "timeline":
      return chart.entries.map(({ evidence }) => evidence);
  }
}

function statementFaults({ id, text, figures, evidence, cause }: Statement, places: number): string[] {
  const faults = [
    ...sentenceFaults(id, text, figures),
    ...(cause ? sentenceFaults(`${id}, cause`, cause.text, null) : []),
    ...figureFaults(id, figures, places),
    ...placeFaults(id, evidence, places),
  ];
  if (evidence.length === 0) faults.push(`${id}: no evidence`);
  if (figures.some((figure) => !evidence.includes(figure.evidence)))
    faults.push(`${id}: a figure's evidence is not among its own`);
  return faults;
}

/** Each language names the same figures, each once at least; `figures` is `null` where none may be named. */
function sentenceFaults(
  where: string,
  sentences: Sentences,
  figures: readonly BriefingFigure[] | null,
): string[] {
  return languages.flatMap((language) => {
    const text = plainText(sentences, language);
    const named = new Set(
      sentences[language].flatMap((run) => (typeof run === "string" ? [] : [run.figure])),
    );
    const faults = text.trim() === "" || isBroken(text) ? [`${where}: "${text}"`] : [];
    const all = figures ?? [];
    if (named.size !== all.length || [...named].some((place) => all[place] === undefined))
      faults.push(`${where} (${language}): names ${named.size} of ${all.length} figures`);
    return faults;
  });
}

/** Whether a sentence of ours has a value in it that it should not have; what others say is quoted, and may be anything. */
function isBroken(text: string): boolean {
  return /\b(undefined|NaN|Infinity|null)\b/.test(text.replaceAll(/“[^”]*”/g, ""));
}

function figureFaults(where: string, figures: readonly BriefingFigure[], places: number): string[] {
  return figures.flatMap((figure) => {
    const faults = placeFaults(
      where,
      [figure.evidence, figure.compared?.evidence ?? figure.evidence],
      places,
    );
    if ((figure.value === null) !== (figure.confidence === "missing"))
      faults.push(`${where}: a figure that is ${figure.confidence} has the value ${figure.value}`);
    if ((figure.was !== null) !== (figure.confidence === "revised"))
      faults.push(`${where}: a figure that is ${figure.confidence} was ${figure.was}`);
    return faults;
  });
}

function placeFaults(where: string, evidence: readonly number[], places: number): string[] {
  const wrong = evidence.filter((place) => !Number.isInteger(place) || place < 0 || place >= places);
  return wrong.map((place) => `${where}: there is no evidence ${place}`);
}

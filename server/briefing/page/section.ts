/** A section, its statements, and what an editor says about it. */

import type { BriefingFigure, BriefingSection, Edition, Statement } from "../../../shared/briefing.ts";
import { formatNumber } from "../../../shared/number-words.ts";
import { element, escaped } from "../charts/svg.ts";
import { chartFigure } from "./chart-figure.ts";
import { instant, said, sentence, tag, value, type Reader } from "./markup.ts";

export function sectionMarkup(section: BriefingSection, edition: Edition | null, reader: Reader): string {
  const { kind, title, statements, chart } = section;
  const text =
    element("h2", { id: `${kind}-title` }, said(title, reader)) +
    tag("ul", "statements", statements.map((one) => statementMarkup(one, reader)).join("")) +
    commentsOn(kind, edition, reader);
  return element(
    "section",
    { id: kind, class: chart ? `slide with-${chart.kind}` : "slide", "aria-labelledby": `${kind}-title` },
    tag("div", "text", text) + (chart ? chartFigure(chart, `chart-${kind}`, reader) : ""),
  );
}

/** A statement as an item of a list: its sentence, what is behind it, who acts, how sure it is. */
export function statementMarkup(statement: Statement, reader: Reader): string {
  const { language, words } = reader;
  const { text, figures, cause, action, tone } = statement;
  const because = cause
    ? element("span", { class: "label" }, escaped(words.cause[cause.kind])) +
      sentence(cause.text[language], figures)
    : "";
  const due = action && (action.dueAt === null ? null : instant(action.dueAt, reader));
  const acts = action ? escaped(words.acts(action.owner[language], due)) : "";
  const notes = figures.map((figure) => confidenceNote(figure, reader)).filter((note) => note !== "");
  return element(
    "li",
    { class: tone },
    tag("p", "sentence", sentence(text[language], figures)) +
      tag("p", "cause", because) +
      tag("p", "acts", acts) +
      tag("p", "confidence", escaped([...new Set(notes)].join(" · "))),
  );
}

/** What a figure is worth, where that is less than all. */
function confidenceNote(figure: BriefingFigure, reader: Reader): string {
  const { words, language } = reader;
  const { confidence, knownPercent, was, unit, target } = figure;
  if (confidence === "sound") return "";
  const known =
    knownPercent === null || knownPercent >= 100
      ? []
      : [words.known(`${formatNumber(Math.floor(knownPercent), 0, language)} %`)];
  const before = was === null ? [] : [words.was(value(was, unit, reader, target))];
  return [`${figure.name[language]}${words.colon}${words.confidence[confidence]}`, ...known, ...before].join(
    words.comma,
  );
}

/** Comments stand apart from generated text, with who wrote them and when. */
export function commentsOn(
  section: BriefingSection["kind"] | null,
  edition: Edition | null,
  reader: Reader,
): string {
  if (!edition) return "";
  const by = escaped(reader.words.comment(edition.editor, instant(edition.at, reader)));
  return edition.comments
    .filter((comment) => comment.section === section)
    .map(({ text }) => tag("aside", "comment", tag("p", "by", by) + tag("p", "said", escaped(text))))
    .join("");
}

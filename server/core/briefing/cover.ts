/** The one line that can be read aloud: how the city did, and the one thing to know. */

import { urgency } from "../../../shared/alarms.ts";
import type { BriefingFigure, Sentences } from "../../../shared/briefing.ts";
import type { CityEvent } from "../../../shared/city-event.ts";
import type { Text } from "../../../shared/city.ts";
import { urgentOccurrences } from "./alarms.ts";
import type { Book } from "./book.ts";
import type { Occurrence } from "./occurrences.ts";
import { lowPointOf } from "./score.ts";
import { counted, line, quoted, sentences, type Line } from "./sentence.ts";
import { departuresIn } from "./unusual.ts";
import { momentWords } from "./time-words.ts";

export function coverOf(book: Book): {
  readonly text: Sentences;
  readonly figures: readonly BriefingFigure[];
} {
  const city = book.facts.city.title;
  const { during } = book.period;
  const score = scoreLine(book);
  const what = newsOf(book);
  if (!score)
    return sentences({
      en: line`${city.en} ${during.en}: ${what.en}.`,
      zh: line`${city.zh}${during.zh}：${what.zh}。`,
    });
  return sentences({ en: line`${score.en}: ${what.en}.`, zh: line`${score.zh}：${what.zh}。` });
}

function scoreLine(book: Book): { readonly en: Line; readonly zh: Line } | null {
  const facts = book.find(book.facts.definition.score);
  if (!facts) return null;
  const { during } = book.period;
  const { title } = facts.definition;
  const figure = book.figure(facts);
  const score = book.named(figure, false);
  if (figure.value === null)
    return { en: line`${title.en} ${during.en} is ${score}`, zh: line`${during.zh}${title.zh}${score}` };
  const was = facts.compared?.value;
  const change = typeof was === "number" ? Math.round(figure.value) - Math.round(was) : null;
  const moved =
    change === null || !book.comparison
      ? { en: "", zh: "" }
      : change === 0
        ? { en: `, as ${book.comparison.short.en}`, zh: `，与${book.comparison.short.zh}持平` }
        : {
            en: `, ${Math.abs(change)} ${change < 0 ? "less" : "more"} than ${book.comparison.short.en}`,
            zh: `，比${book.comparison.short.zh}${change < 0 ? "低" : "高"} ${Math.abs(change)} 分`,
          };
  const doubt =
    figure.confidence === "preliminary" ? { en: " (preliminary)", zh: "（初步）" } : { en: "", zh: "" };
  const low = lowPointOf(book, facts);
  const deep = low?.isDeep
    ? { en: line`, and only ${low.value} ${low.when.en}`, zh: line`，${low.when.zh}仅 ${low.value}` }
    : { en: [], zh: [] };
  return {
    en: line`${title.en} ${during.en} was ${score} of 100${doubt.en}${moved.en}${deep.en}`,
    zh: line`${during.zh}${title.zh} ${score}${doubt.zh}${moved.zh}${deep.zh}`,
  };
}

/** The gravest warnings and what went with them; else urgent alarms; else what was unusual; else data that failed; else nothing. */
function newsOf(book: Book): { readonly en: string; readonly zh: string } {
  const { facts } = book;
  const departures = departuresIn(book);
  const count = departures.length;
  const first = departures[0] && quoted(departures[0].facts.definition.title);
  const urgent = urgentOccurrences(book);
  const warnings = gravestWarnings(book);
  if (warnings.length > 0) {
    const warned = warningWords(book, warnings);
    const rest = urgent.length > 0 ? urgentWords(book, urgent) : first && leftWords(count, first);
    return rest ? { en: `${warned.en}; ${rest.en}`, zh: `${warned.zh}；${rest.zh}` } : warned;
  }
  if (urgent.length > 0) {
    const { title } = book.rules.get(urgent[0]!.rule)!;
    return {
      en: `${counted(urgent.length, "urgent alarm")}, first “${title.en}”${count > 0 ? `; ${counted(count, "figure")} left ${count === 1 ? "its" : "their"} usual range` : ""}`,
      zh: `紧急告警 ${urgent.length} 条，首条为“${title.zh}”${count > 0 ? `；${count} 项指标偏离常值` : ""}`,
    };
  }
  if (first) return leftWords(count, first);
  const unknown = facts.figures.filter(({ told }) => told.value === null).length;
  if (unknown * 2 > facts.figures.length && facts.figures.length > 0)
    return { en: "most figures are not known, because no data came", zh: "因数据未到，多数指标未知" };
  const down = facts.feeds.filter(({ silences }) => silences.some(({ toAt }) => toAt === null)).length;
  if (down > 0)
    return {
      en: `nothing unusual in what is known, but ${counted(down, "feed")} ${down === 1 ? "is" : "are"} silent`,
      zh: `已知数据无异常，但有 ${down} 个数据源中断`,
    };
  return { en: "nothing unusual", zh: "无异常" };
}

/** The two gravest warnings in force, as their alarms were judged, in the order in which they came. */
function gravestWarnings(book: Book): readonly CityEvent[] {
  const { fromAt, toAt } = book.facts.period;
  const gravity = ({ subject }: CityEvent): number =>
    Math.max(
      -1,
      ...book
        .occurrences()
        .filter(({ group }) => group === `thing:${subject}`)
        .map(({ priority }) => urgency(priority)),
    );
  const inForce = book.facts.events.filter(
    ({ kind, text, at, endsAt }) =>
      kind === "alert" && text !== null && at < toAt && (endsAt === null || endsAt > fromAt),
  );
  // A publisher may issue the same warning twice.
  const byWords = new Map(inForce.toReversed().map((one) => [one.text!.en, one]));
  return [...byWords.values()]
    .toSorted((a, b) => gravity(b) - gravity(a) || a.at - b.at)
    .slice(0, 2)
    .toSorted((a, b) => a.at - b.at);
}

function warningWords({ facts, zone }: Book, warnings: readonly CityEvent[]): Text {
  const said = warnings.map(({ at, text }) => ({
    from: momentWords(at, facts.period.fromAt, zone),
    text: text!,
  }));
  const [one, other] = said;
  return {
    en: other
      ? `the warnings “${one!.text.en}” (from ${one!.from.en}) and “${other.text.en}” (from ${other.from.en}) were in force`
      : `from ${one!.from.en} the warning “${one!.text.en}” was in force`,
    zh: `${said.map(({ from, text }) => `${from.zh} 起“${text.zh}”`).join("、")}生效`,
  };
}

function leftWords(count: number, most: Text): Text {
  return {
    en: `${counted(count, "figure")} left ${count === 1 ? "its" : "their"} usual range, ${most.en}${count === 1 ? "" : " most"}`,
    zh: `${count} 项指标偏离常值${count === 1 ? `，为${most.zh}` : `，以${most.zh}最为明显`}`,
  };
}

/** How many, and by name the most urgent one that is not a warning's own. */
function urgentWords(book: Book, urgent: readonly Occurrence[]): Text {
  const [worst] = urgent
    .filter(({ rule }) => !("each" in book.rules.get(rule)!.when))
    .toSorted((a, b) => urgency(b.priority) - urgency(a.priority) || a.at - b.at);
  const name = worst && book.rules.get(worst.rule)!.title;
  const among = urgent.length > 1;
  return {
    en: `${counted(urgent.length, "urgent alarm")}${name ? `, “${name.en}”${among ? " among them" : ""}` : ""}`,
    zh: `紧急告警 ${urgent.length} 条${name ? `，${among ? "其中包括" : "为"}“${name.zh}”` : ""}`,
  };
}

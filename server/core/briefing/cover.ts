/** The one line that can be read aloud: how the city did, and the one thing to know. */

import type { BriefingFigure, Sentences } from "../../../shared/briefing.ts";
import { urgency } from "../../../shared/alarms.ts";
import type { Book } from "./book.ts";
import { counted, line, quoted, sentences, type Line } from "./sentence.ts";
import { alertDuring, departuresIn } from "./unusual.ts";
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
  const score = book.named(figure, true);
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
  return {
    en: line`${title.en} ${during.en} was ${score} of 100${moved.en}`,
    zh: line`${during.zh}${title.zh} ${score}${moved.zh}`,
  };
}

/** A warning and what went with it; else urgent alarms; else what was unusual; else data that failed; else nothing. */
function newsOf(book: Book): { readonly en: string; readonly zh: string } {
  const { facts, zone } = book;
  const departures = departuresIn(book);
  const alert = alertDuring(book, departures);
  const count = departures.length;
  const first = departures[0] && quoted(departures[0].facts.definition.title);
  if (alert && first) {
    const from = momentWords(alert.at, facts.period.fromAt, zone);
    return {
      en: `from ${from.en} the warning “${alert.text!.en}” was in force, and ${counted(count, "figure")} left ${count === 1 ? "its" : "their"} usual range, ${first.en} most`,
      zh: `${from.zh} 起“${alert.text!.zh}”生效，${count} 项指标偏离常值，以${first.zh}最为明显`,
    };
  }
  const urgent = urgentAlarms(book);
  const inForce = facts.events.find(
    ({ kind, text, at, endsAt }) =>
      kind === "alert" &&
      text !== null &&
      at < facts.period.toAt &&
      (endsAt === null || endsAt > facts.period.fromAt),
  );
  if (inForce) {
    const from = momentWords(inForce.at, facts.period.fromAt, zone);
    const alarms =
      urgent.length === 0
        ? { en: "", zh: "" }
        : { en: `, with ${counted(urgent.length, "urgent alarm")}`, zh: `，紧急告警 ${urgent.length} 条` };
    return {
      en: `from ${from.en} the warning “${inForce.text!.en}” was in force${alarms.en}`,
      zh: `${from.zh} 起“${inForce.text!.zh}”生效${alarms.zh}`,
    };
  }
  if (urgent.length > 0) {
    const [title] = urgent;
    return {
      en: `${counted(urgent.length, "urgent alarm")}, first “${title!.en}”${count > 0 ? `; ${counted(count, "figure")} left ${count === 1 ? "its" : "their"} usual range` : ""}`,
      zh: `紧急告警 ${urgent.length} 条，首条为“${title!.zh}”${count > 0 ? `；${count} 项指标偏离常值` : ""}`,
    };
  }
  if (first)
    return {
      en: `${counted(count, "figure")} left ${count === 1 ? "its" : "their"} usual range, ${first.en}${count === 1 ? "" : " most"}`,
      zh: `${count} 项指标偏离常值${count === 1 ? `，为${first.zh}` : `，以${first.zh}最为明显`}`,
    };
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

function urgentAlarms(book: Book): readonly { readonly en: string; readonly zh: string }[] {
  const { definition, period } = book.facts;
  return book.occurrences().flatMap(({ rule: id, priority, isHidden, explainedBy, at }) => {
    const rule = book.rules.get(id);
    const isTold = rule && definition.domains.includes(rule.domain) && at >= period.fromAt;
    return isTold && !isHidden && explainedBy === null && urgency(priority) >= urgency("high")
      ? [rule.title]
      : [];
  });
}

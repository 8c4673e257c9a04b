/** The score of the period, and what moved it since the one it is compared with. */

import type { BriefingSection, Statement } from "../../../shared/briefing.ts";
import { deepDrivers } from "../../../shared/score.ts";
import { inputsOf, type Text } from "../../../shared/city.ts";
import { offTarget } from "../../../shared/target.ts";
import type { Book } from "./book.ts";
import type { SeriesFacts, UsualPoint } from "./facts.ts";
import { capital, counted, line, type Line, type Named } from "./sentence.ts";
import { dayWords, momentWords } from "./time-words.ts";

/** Points of the score below which a change is not worth a sentence. */
const leastMove = 0.5;
const moversAtMost = 3;

/** How many points a figure gave to the score or took from it, against the comparison. */
interface Mover {
  readonly facts: SeriesFacts;
  readonly points: number;
}

export function scoreSection(book: Book): BriefingSection | null {
  const facts = book.find(book.facts.definition.score);
  if (!facts) return null;
  book.told.add(facts.series);
  const statements = [
    ...partsStatement(book, facts),
    courseStatement(book, facts),
    ...moverStatements(book, facts),
  ];
  return {
    kind: "score",
    title: { en: "How the city did", zh: "总体情况" },
    statements: statements.toSorted((a, b) => b.weight - a.weight),
    chart: {
      kind: "line",
      question: { en: "When did the score change?", zh: "得分何时变化？" },
      series: book.chartSeries(facts),
    },
  };
}

/** The cover tells the score; here are the scores that it is made of. */
function partsStatement(book: Book, { definition }: SeriesFacts): Statement[] {
  const parts = inputsOf(definition).flatMap((id) => {
    const part = book.find(id);
    return part?.definition.unit === "score" ? [part] : [];
  });
  if (parts.length === 0) return [];
  const named = parts.map((part) => ({
    title: part.definition.title,
    value: book.named(book.figure(part)),
    before: book.compared(part),
  }));
  for (const { series } of parts) book.told.add(series);
  const english: Line = named.flatMap(({ title, value, before }, i) => [
    `${i === 0 ? "" : "; "}${title.en} `,
    value,
    before.en,
  ]);
  const chinese: Line = named.flatMap(({ title, value, before }, i) => [
    `${i === 0 ? "" : "；"}${title.zh} `,
    value,
    before.zh,
  ]);
  return [
    book.statement(
      "score/parts",
      { en: line`${english}.`, zh: line`${chinese}。` },
      { tone: "neutral", weight: 100 },
    ),
  ];
}

/** So many points under the score of the period, and a mean hides what its worst hour or day was like. */
const deepPoints = 10;

export interface LowPoint {
  readonly value: Named;
  /** "in the hour from 16:00". */
  readonly when: Text;
  /** Far below what the period came to, and known for half of that hour at least: the cover tells it, and no other sentence. */
  readonly isDeep: boolean;
}

/**
 * The hour, or of long periods the day, in which the score was lowest, of those that are known for half at least where there
 * are some; `null` where none is known.
 */
export function lowPointOf(book: Book, facts: SeriesFacts): LowPoint | null {
  const known = facts.course.filter((point) => point.value !== null);
  const halfKnown = known.filter(({ knownPercent }) => knownPercent >= 50);
  const lowest = (halfKnown.length > 0 ? halfKnown : known).reduce<UsualPoint | null>(
    (low, one) => (low === null || one.value! < low.value! ? one : low),
    null,
  );
  if (lowest === null) return null;
  const day = dayWords(lowest.fromAt, book.zone);
  const hour = momentWords(lowest.fromAt, book.facts.period.fromAt, book.zone);
  const mean = facts.told.value;
  return {
    value: book.named(
      book.figureOf({ ...facts, statistic: "mean" }, { ...lowest, address: facts.pointAddress(lowest) }),
    ),
    when: isByDay(facts)
      ? { en: `on ${day.en}`, zh: day.zh }
      : { en: `in the hour from ${hour.en}`, zh: `${hour.zh} 起一小时` },
    isDeep:
      mean !== null &&
      lowest.knownPercent >= 50 &&
      Math.round(mean) - Math.round(lowest.value!) >= deepPoints,
  };
}

function isByDay({ course }: SeriesFacts): boolean {
  return course.length > 1 && course[0]!.toAt - course[0]!.fromAt > 12 * 3_600_000;
}

/** When it was lowest, unless the cover says so, and how much of the period it held its target. */
function courseStatement(book: Book, facts: SeriesFacts): Statement {
  const { course, definition } = facts;
  const known = course.filter((point) => point.value !== null);
  const evidence = [book.seriesEvidence(facts, facts.courseAddress)];
  const unit = isByDay(facts) ? { en: "day", on: "on", zh: "天" } : { en: "hour", on: "in", zh: "小时" };
  const low = lowPointOf(book, facts);
  if (low === null)
    return book.statement(
      `score/${facts.series}`,
      { en: line`The score is not known in any ${unit.en}.`, zh: line`全程没有得分数据。` },
      { tone: "bad", weight: 90, evidence },
    );
  const { target } = definition;
  const held =
    target === null ? 0 : known.filter((point) => offTarget(point.value!, definition) === null).length;
  const whole =
    known.length === course.length
      ? { en: `every ${unit.en}`, zh: "全程" }
      : {
          en: `the ${counted(known.length, unit.en)} that ${known.length === 1 ? "is" : "are"} known`,
          zh: `有数据的 ${known.length} ${unit.zh}均`,
        };
  const targetText: Text =
    target === null
      ? { en: "", zh: "" }
      : held === known.length
        ? {
            en: `its target of ${target} was held ${unit.on} ${whole.en}`,
            zh: `${whole.zh}达到目标 ${target} 分`,
          }
        : {
            en: `its target of ${target} was held ${unit.on} ${held} of ${counted(known.length, unit.en)}${known.length < course.length ? " that are known" : ""}`,
            zh: `${known.length < course.length ? "有数据的 " : ""}${known.length} ${unit.zh}中有 ${held} ${unit.zh}达到目标 ${target} 分`,
          };
  return book.statement(
    `score/${facts.series}`,
    low.isDeep && target !== null
      ? { en: line`${capital(targetText.en)}.`, zh: line`${targetText.zh}。` }
      : {
          en: line`Lowest ${low.when.en}, at ${low.value}${target === null ? "" : "; "}${targetText.en}.`,
          zh: line`最低为 ${low.when.zh}的 ${low.value}${target === null ? "" : "；"}${targetText.zh}。`,
        },
    {
      tone: held === known.length ? "good" : held * 2 < known.length ? "bad" : "neutral",
      weight: 80,
      evidence,
    },
  );
}

/** One sentence for what pulled it down, one for what lifted it. */
function moverStatements(book: Book, score: SeriesFacts): Statement[] {
  const movers = moversOf(book, score);
  const sides = [
    {
      id: "fell",
      all: movers.filter(({ points }) => points < 0),
      en: "What lowered it most",
      zh: "主要拖累",
    },
    { id: "rose", all: movers.filter(({ points }) => points > 0), en: "What raised it most", zh: "主要拉升" },
  ] as const;
  return sides.flatMap(({ id, all, en, zh }) => {
    const most = all.toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points)).slice(0, moversAtMost);
    if (most.length === 0 || Math.abs(most[0]!.points) < leastMove) return [];
    const told = most.filter(({ points }) => Math.abs(points) >= leastMove);
    const named = told.map(({ facts, points }) => ({
      title: facts.definition.title,
      value: book.named(book.figure(facts)),
      points: `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`,
    }));
    const english: Line = named.flatMap(({ title, value, points }, i) => [
      `${i === 0 ? "" : "; "}${title.en} at `,
      value,
      ` (${points} points)`,
    ]);
    const chinese: Line = named.flatMap(({ title, value, points }, i) => [
      `${i === 0 ? "" : "；"}${title.zh} `,
      value,
      `（${points} 分）`,
    ]);
    return [
      book.statement(
        `score/${id}`,
        { en: line`${en}: ${english}.`, zh: line`${zh}：${chinese}。` },
        {
          tone: id === "fell" ? "bad" : "good",
          weight: (id === "fell" ? 70 : 60) + Math.min(9, Math.abs(told[0]!.points)),
        },
      ),
    ];
  });
}

function moversOf(book: Book, score: SeriesFacts): Mover[] {
  const definitionOf = (id: string) => book.find(id)?.definition;
  const pulls = (valueOf: (facts: SeriesFacts) => number | null): ReadonlyMap<string, number> =>
    new Map(
      deepDrivers(score.series, definitionOf, (id) => {
        const facts = book.find(id);
        return facts && valueOf(facts);
      }).flatMap((driver) => (driver.score === null ? [] : [[driver.indicator, driver.pull]])),
    );
  const now = pulls(({ told }) => told.value);
  const before = pulls(({ compared }) => compared?.value ?? null);
  return Array.from(now).flatMap(([id, pull]) => {
    const was = before.get(id);
    const facts = book.find(id);
    return was === undefined || !facts ? [] : [{ facts, points: was - pull }];
  });
}

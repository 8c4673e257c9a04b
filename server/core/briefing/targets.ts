/** Which targets were met, which were missed and for how long, and what changed since the period before. */

import type { BriefingSection, Statement } from "../../../shared/briefing.ts";
import type { Text } from "../../../shared/city.ts";
import { offTarget } from "../../../shared/target.ts";
import { confidenceOf, targetWords, type Book } from "./book.ts";
import type { SeriesFacts } from "./facts.ts";
import { counted, line, listed, quoted } from "./sentence.ts";

const toldAtMost = 5;
/** Of those that have no sentence of their own. */
const namedAtMost = 6;
const picturedAtMost = 12;

interface Judged {
  readonly facts: SeriesFacts;
  readonly isMet: boolean;
  /** In the period that it is compared with; `null`: not known. */
  readonly wasMet: boolean | null;
  /** How far from the target, in shares of it. */
  readonly distance: number;
  /** Of a day that was missed: how many days in a row by now. */
  readonly days: number;
}

export function targetSection(book: Book): BriefingSection | null {
  const judged = judgedTargets(book);
  if (judged.length === 0) return null;
  const missed = judged.filter(({ isMet }) => !isMet).toSorted((a, b) => matters(b) - matters(a));
  const fresh = missed.filter(({ facts }) => !book.told.has(facts.series));
  const reached = judged.filter(({ isMet, wasMet }) => isMet && wasMet === false);
  const told = fresh.slice(0, toldAtMost);
  const statements = [
    summary(book, judged, missed),
    ...told.map((one, i) => missedStatement(book, one, 80 - 5 * i)),
    ...(reached.length > 0 ? [reachedStatement(book, reached)] : []),
  ];
  for (const { facts } of told) book.told.add(facts.series);
  return {
    kind: "targets",
    title: { en: "Targets", zh: "目标达成" },
    statements,
    chart: {
      kind: "bullet",
      question: { en: "How far from their targets?", zh: "距目标多远？" },
      rows: [...missed, ...judged.filter(({ isMet }) => isMet)]
        .slice(0, picturedAtMost)
        .map(({ facts }) => ({
          name: facts.definition.title,
          unit: facts.definition.unit,
          better: facts.definition.better,
          target: facts.definition.target!,
          value: facts.told.value,
          compared: facts.compared?.value ?? null,
          confidence: confidenceOf(facts.told),
          trend: [...facts.daysBefore, facts.told.value],
          evidence: book.seriesEvidence(facts, facts.told.address),
        })),
    },
  };
}

/** Of the figures that have a target and a value; scores are told by themselves. */
function judgedTargets({ facts }: Book): Judged[] {
  const isDay = facts.period.kind === "day";
  return facts.figures.flatMap((one): Judged[] => {
    const { definition, told, compared, daysBefore } = one;
    const { target, unit, better } = definition;
    if (target === null || better === "neither" || told.value === null || unit === "score") return [];
    const isMet = offTarget(told.value, definition) === null;
    const before = compared?.value ?? null;
    const kept = daysBefore.findLastIndex((value) => value === null || offTarget(value, definition) === null);
    return [
      {
        facts: one,
        isMet,
        wasMet: before === null ? null : offTarget(before, definition) === null,
        distance: Math.abs(told.value - target) / Math.max(Math.abs(target), 1),
        days: isMet || !isDay ? 0 : daysBefore.length - kept,
      },
    ];
  });
}

/** What is missed anew before what was missed already, then what is farther off. */
function matters({ distance, wasMet }: Judged): number {
  return Math.min(distance, 5) + (wasMet === true ? 5 : 0);
}

function summary(book: Book, judged: readonly Judged[], missed: readonly Judged[]): Statement {
  const { short } = book.period;
  const met = judged.length - missed.length;
  const evidence = judged.map(({ facts }) => book.seriesEvidence(facts, facts.told.address));
  const judgedBefore = judged.filter(({ wasMet }) => wasMet !== null);
  const metBefore = judgedBefore.filter(({ wasMet }) => wasMet === true).length;
  const isComparable = judgedBefore.length === judged.length && book.comparison !== null;
  const against =
    book.comparison && isComparable
      ? {
          en:
            metBefore === met
              ? `, as ${book.comparison.short.en}`
              : `, after ${metBefore} ${book.comparison.short.en}`,
          zh:
            metBefore === met
              ? `，与${book.comparison.short.zh}相同`
              : `，${book.comparison.short.zh}为 ${metBefore} 项`,
        }
      : { en: "", zh: "" };
  const above = namesWords(
    missed.filter(({ facts }) => book.told.has(facts.series)),
    { en: "; missed, as told above", zh: "；未达标且前文已述的有" },
  );
  const beside = namesWords(missed.filter(({ facts }) => !book.told.has(facts.series)).slice(toldAtMost), {
    en: "; missed beside those below",
    zh: "；除下列各项外，未达标的还有",
  });
  const lines =
    missed.length === 0
      ? {
          en: line`All ${counted(judged.length, "target")} were met ${short.en}${against.en}.`,
          zh: line`${short.zh}，${judged.length} 项目标全部达成${against.zh}。`,
        }
      : {
          en: line`${met} of ${counted(judged.length, "target")} ${met === 1 ? "was" : "were"} met ${short.en}${against.en}${above.en}${beside.en}.`,
          zh: line`${short.zh}，${judged.length} 项目标达成 ${met} 项${against.zh}${above.zh}${beside.zh}。`,
        };
  return book.statement("targets/summary", lines, {
    tone: missed.length === 0 ? "good" : missed.length * 2 > judged.length ? "bad" : "neutral",
    weight: 100,
    evidence: [
      ...evidence,
      ...(isComparable ? judged.map(({ facts }) => book.seriesEvidence(facts, facts.compared!.address)) : []),
    ],
  });
}

function namesWords(judged: readonly Judged[], before: Text): Text {
  if (judged.length === 0) return { en: "", zh: "" };
  const titles = judged.slice(0, namedAtMost).map(({ facts }) => quoted(facts.definition.title));
  const more = judged.length - namedAtMost;
  const names = listed(titles);
  return more > 0
    ? {
        en: `${before.en}: ${titles.map(({ en }) => en).join(", ")} and ${more} more`,
        zh: `${before.zh}${names.zh}等 ${judged.length} 项`,
      }
    : { en: `${before.en}: ${names.en}`, zh: `${before.zh}${names.zh}` };
}

function missedStatement(book: Book, { facts, wasMet, days }: Judged, weight: number): Statement {
  const { definition } = facts;
  const value = book.named(book.figure(facts));
  const target = targetWords(definition.target!, definition);
  const before = book.compared(facts);
  // Half a detour is none: what is counted is told as the mean that it is.
  const average =
    facts.statistic === "mean" && definition.unit === "count"
      ? { en: " on average", zh: "平均 " }
      : { en: "", zh: "" };
  const streak =
    days > 1
      ? {
          en: `, missed ${days >= 28 ? "for four weeks or more" : `for ${counted(days, "day")} in a row`}`,
          zh: days >= 28 ? "，已连续四周以上未达标" : `，已连续 ${days} 天未达标`,
        }
      : wasMet === true
        ? { en: ", missed now and not then", zh: "，由达标转为未达标" }
        : { en: "", zh: "" };
  return book.statement(
    `targets/${facts.series}`,
    {
      en: line`${definition.title.en}: ${value}${average.en}${before.en} against a target of ${target.en}${streak.en}.`,
      zh: line`${definition.title.zh}：${average.zh}${value}${before.zh}，目标 ${target.zh}${streak.zh}。`,
    },
    { tone: "bad", weight, action: { owner: book.department(definition.department), dueAt: null } },
  );
}

function reachedStatement(book: Book, reached: readonly Judged[]): Statement {
  const names = listed(reached.map(({ facts }) => quoted(facts.definition.title)));
  return book.statement(
    "targets/reached",
    {
      en: line`Met again, unlike ${book.comparison!.short.en}: ${names.en}.`,
      zh: line`重新达标（${book.comparison!.short.zh}未达标）：${names.zh}。`,
    },
    {
      tone: "good",
      weight: 40,
      evidence: reached.map(({ facts }) => book.seriesEvidence(facts, facts.told.address)),
    },
  );
}

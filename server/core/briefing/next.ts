/** What is due next, and from whom. */

import type { BriefingSection, Statement } from "../../../shared/briefing.ts";
import type { Book } from "./book.ts";
import { byRule, occurrencesIn } from "./occurrences.ts";
import { line, often, quoted } from "./sentence.ts";
import { momentWords } from "./time-words.ts";

const toldAtMost = 8;
const aheadMs = 24 * 3_600_000;

export function nextSection(book: Book): BriefingSection {
  const due = [...dueResponses(book), ...comingEvents(book)]
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, toldAtMost);
  return {
    kind: "next",
    title: { en: "What is due next", zh: "下一步" },
    statements: due.length > 0 ? due : [nothingDue(book)],
    chart: null,
  };
}

/** Of alarms that were active when this was made, what has to be done. */
function dueResponses(book: Book): Statement[] {
  const { facts, zone } = book;
  if (facts.alarmEvents === null) return [];
  const evidence = book.logEvidence("alarms", { ...book.spanOf("alarms"), toAt: facts.knownAt });
  const open = occurrencesIn(facts.alarmEvents, facts.knownAt - 1, facts.knownAt).filter(
    ({ endsAt }) => endsAt === null,
  );
  const told = byRule(open).flatMap(({ rule: id, times }) => {
    const rule = book.rules.get(id);
    return rule && facts.definition.domains.includes(rule.domain) ? [{ rule, times }] : [];
  });
  return told.map(({ rule, times }, i) => {
    const dueAt = Math.min(...times.map(({ at }) => at + rule.response.withinSeconds * 1000));
    const when = momentWords(dueAt, facts.knownAt, zone);
    const isLate = dueAt <= facts.knownAt;
    const count =
      times.length > 1
        ? { en: `, active ${often(times.length)}`, zh: `，${times.length} 处` }
        : { en: "", zh: "" };
    const owner = book.department(rule.owner);
    const response = {
      en: rule.response.text.en.replace(/[.。]+$/, ""),
      zh: rule.response.text.zh.replace(/[.。]+$/, ""),
    };
    return book.statement(
      `next/${rule.id}`,
      {
        en: line`${owner.en}: ${response.en} (${rule.title.en}${count.en}); ${isLate ? `was due at ${when.en}` : `due by ${when.en}`}.`,
        zh: line`${owner.zh}：${response.zh}（${rule.title.zh}${count.zh}），${isLate ? `应于 ${when.zh} 前完成，已超时` : `须于 ${when.zh} 前完成`}。`,
      },
      { tone: "bad", weight: 95 - 3 * i, evidence: [evidence] },
    );
  });
}

/** Warnings that go on, and works that begin or end within a day. */
function comingEvents(book: Book): Statement[] {
  return [...lastingWarnings(book), ...comingWorks(book, "begin"), ...comingWorks(book, "end")];
}

function eventEvidence(book: Book): number {
  const { period, knownAt } = book.facts;
  return book.logEvidence("events", { fromAt: period.fromAt, toAt: Math.max(period.toAt, knownAt) });
}

function lastingWarnings(book: Book): Statement[] {
  const { facts, zone } = book;
  const { knownAt } = facts;
  return facts.events.flatMap(({ kind, at, endsAt, subject, text }): Statement[] => {
    if (kind !== "alert" || text === null || endsAt === null || endsAt <= knownAt) return [];
    const [from, until] = [momentWords(at, knownAt, zone), momentWords(endsAt, knownAt, zone)];
    const begins =
      at > knownAt
        ? { en: `comes into force at ${from.en} and lasts`, zh: `将于 ${from.zh} 生效，持续` }
        : { en: "stays in force", zh: "持续有效" };
    return [
      book.statement(
        `next/${subject}`,
        {
          en: line`The warning “${text.en}” ${begins.en} until ${until.en}.`,
          zh: line`预警“${text.zh}”${begins.zh}至 ${until.zh}。`,
        },
        { tone: "bad", weight: 65, evidence: [eventEvidence(book)] },
      ),
    ];
  });
}

/** All of them in one sentence, with the first by name. */
function comingWorks(book: Book, turn: "begin" | "end"): Statement[] {
  const { facts, zone } = book;
  const { knownAt } = facts;
  const coming = facts.events
    .flatMap(({ kind, at, endsAt, text }) => {
      const when = turn === "begin" ? at : endsAt;
      const isComing = when !== null && when > knownAt && when <= knownAt + aheadMs;
      return kind === "works" && text !== null && isComing ? [{ when, text }] : [];
    })
    .toSorted((a, b) => a.when - b.when || (a.text.en < b.text.en ? -1 : 1));
  const [first] = coming;
  if (!first) return [];
  const when = momentWords(first.when, knownAt, zone);
  const word = { begin: { en: "begins", zh: "开始" }, end: { en: "ends", zh: "结束" } }[turn];
  const [count, name] = [coming.length, quoted(first.text)];
  return [
    book.statement(
      `next/works-${turn}`,
      count === 1
        ? {
            en: line`The work site ${name.en} ${word.en} at ${when.en}.`,
            zh: line`施工${name.zh}将于 ${when.zh} ${word.zh}。`,
          }
        : {
            en: line`${count} work sites ${turn} within a day, first ${name.en} at ${when.en}.`,
            zh: line`24 小时内有 ${count} 处施工${word.zh}，最早为 ${when.zh} 的${name.zh}。`,
          },
      { tone: "neutral", weight: 40, evidence: [eventEvidence(book)] },
    ),
  ];
}

function nothingDue(book: Book): Statement {
  return book.statement(
    "next/nothing",
    {
      en: line`No alarm waits for anybody, and no warning is in force.`,
      zh: line`目前无待处置告警，也无生效预警。`,
    },
    { tone: "good", weight: 50, evidence: [book.logEvidence("alarms"), book.logEvidence("events")] },
  );
}

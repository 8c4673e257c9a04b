/** The alarms that mattered, and what was done about them. */

import { urgency, type AlarmRule } from "../../../shared/alarms.ts";
import type { BriefingChart, BriefingSection, Statement } from "../../../shared/briefing.ts";
import type { Text } from "../../../shared/city.ts";
import type { Book } from "./book.ts";
import type { Span } from "./facts.ts";
import { byRule, type Occurrence, type RuleTimes } from "./occurrences.ts";
import { counted, line, listed, often, quoted } from "./sentence.ts";
import { lengthWords, momentWords } from "./time-words.ts";

const toldAtMost = 6;
const hourMs = 3_600_000;

export type TimelineEntry = Extract<BriefingChart, { kind: "timeline" }>["entries"][number];

export function alarmSection(book: Book): BriefingSection {
  const { facts } = book;
  const title = { en: "Alarms and what was done", zh: "告警与处置" };
  if (facts.alarmEvents === null)
    return { kind: "alarms", title, statements: [unreadable(book, "alarms/unreadable")], chart: null };
  const all = relevantOccurrences(book);
  const rules = byRule(all);
  if (rules.length === 0) return { kind: "alarms", title, statements: [noAlarms(book)], chart: null };
  const told = rules.slice(0, toldAtMost);
  const rest = rules.slice(toldAtMost);
  const evidence = book.logEvidence("alarms");
  const entries = told.flatMap(({ times }) => times.slice(0, 10).map((one) => entryOf(book, one, evidence)));
  return {
    kind: "alarms",
    title,
    statements: [
      overview(book, all, rules),
      ...told.map((one, i) => ruleStatement(book, one, 90 - 5 * i)),
      ...(rest.length > 0 ? [restStatement(book, rest)] : []),
    ],
    chart: {
      kind: "timeline",
      question: { en: "When was which alarm active?", zh: "各告警何时持续？" },
      ...stretchOf(book, entries),
      entries,
    },
  };
}

/** From the hour in which the first of them began: what came at the end of a long day has the width of its picture. */
export function stretchOf({ facts }: Book, entries: readonly TimelineEntry[]): Span {
  const { fromAt, toAt } = facts.period;
  const first = Math.min(toAt - hourMs, ...entries.map(({ at }) => at));
  return { fromAt: Math.max(fromAt, Math.floor(first / hourMs) * hourMs), toAt };
}

export function relevantOccurrences(book: Book): readonly Occurrence[] {
  const domains = new Set<string>([...book.facts.definition.domains, "platform"]);
  return book.occurrences().filter(({ rule }) => {
    const domain = book.rules.get(rule)?.domain;
    return domain !== undefined && domains.has(domain);
  });
}

/** Those that an operator was shown and that are urgent, in the order in which they came. */
export function urgentOccurrences(book: Book): readonly Occurrence[] {
  return relevantOccurrences(book).filter(
    ({ priority, explainedBy, isHidden }) =>
      urgency(priority) >= urgency("high") && explainedBy === null && !isHidden,
  );
}

function unreadable(book: Book, id: string): Statement {
  return book.statement(
    id,
    {
      en: line`The log of alarms could not be read when this was made: nothing is said of alarms.`,
      zh: line`编制本简报时无法读取告警日志，故不涉及告警。`,
    },
    { tone: "neutral", weight: 50, evidence: [book.logEvidence("alarms")] },
  );
}

function noAlarms(book: Book): Statement {
  return book.statement(
    "alarms/none",
    { en: line`No alarm ${book.period.short.en}.`, zh: line`${book.period.short.zh}无告警。` },
    { tone: "good", weight: 50, evidence: [book.logEvidence("alarms")] },
  );
}

function overview(book: Book, all: readonly Occurrence[], rules: readonly RuleTimes[]): Statement {
  const { zone, facts } = book;
  const evidence = book.logEvidence("alarms");
  const shown = rules.flatMap(({ times }) => times);
  const explained = all.filter(({ explainedBy }) => explainedBy !== null);
  const urgent = urgentOccurrences(book).length;
  const open = shown.filter(({ endsAt }) => endsAt === null).length;
  const name = { en: "Alarms", zh: "告警" };
  const total = book.named(book.count(shown.length, name, evidence));
  const toldOf = {
    figure: total.figure,
    words: { en: counted(shown.length, "alarm"), zh: `${shown.length} 条告警` },
  };
  const end = momentWords(facts.period.toAt, facts.period.toAt - 1, zone);
  const isWhole = facts.period.isOver;
  const unseen = isUnseen(shown)
    ? {
        en: `; nobody acknowledged ${shown.length === 1 ? "it" : "any of them"}`,
        zh: shown.length === 1 ? "；无人确认" : "；均无人确认",
      }
    : { en: "", zh: "" };
  const still = isWhole ? { en: `at the end`, zh: "期末" } : { en: `at ${end.en}`, zh: `${end.zh} 时` };
  return book.statement(
    "alarms/overview",
    {
      en: line`${toldOf} of ${counted(rules.length, "rule")} ${book.period.short.en}, ${urgent === 0 ? "none of them urgent" : `${urgent} of them urgent`}; ${open === 0 ? "all were over" : `${open} ${open === 1 ? "was" : "were"} still active`} ${still.en}${unseen.en}${explained.length > 0 ? `. ${counted(explained.length, "more", "more")} ${explained.length === 1 ? "was" : "were"} explained by others and not shown` : ""}.`,
      zh: line`${book.period.short.zh}共 ${toldOf}，涉及 ${rules.length} 条规则，${urgent === 0 ? "无紧急告警" : `其中紧急 ${urgent} 条`}；${still.zh}${open === 0 ? "已全部结束" : `仍有 ${open} 条未结束`}${unseen.zh}${explained.length > 0 ? `。另有 ${explained.length} 条因其他告警所致，未单独提示` : ""}。`,
    },
    { tone: urgent > 0 ? "bad" : "neutral", weight: 100, evidence: [evidence] },
  );
}

function ruleStatement(book: Book, { rule: id, times }: RuleTimes, weight: number): Statement {
  const { zone, facts } = book;
  const rule = book.rules.get(id)!;
  const near = facts.period.fromAt;
  const first = times[0]!;
  const names = uniqueNames(book, times);
  const evidence = book.logEvidence("alarms");
  const where = names.length === 0 ? { en: "", zh: "" } : namesWords(names);
  const began = momentWords(first.at, near, zone);
  const open = times.filter(({ endsAt }) => endsAt === null);
  const ended = Math.max(...times.map(({ endsAt }) => endsAt ?? 0));
  const end = momentWords(ended, near, zone);
  const course =
    times.length === 1
      ? open.length === 1
        ? { en: `since ${began.en}`, zh: `${began.zh} 起，尚未结束` }
        : {
            en: `${began.en}, over after ${lengthWords(ended - first.at).en}`,
            zh: `${began.zh} 发生，持续 ${lengthWords(ended - first.at).zh}`,
          }
      : {
          en: `${often(times.length)} from ${began.en} on, ${open.length === 0 ? `the last over at ${end.en}` : `${open.length} still active`}`,
          zh: `${began.zh} 起共 ${times.length} 次，${open.length === 0 ? `${end.zh} 全部结束` : `${open.length} 次尚未结束`}`,
        };
  const done = isUnseen(byRule(relevantOccurrences(book)).flatMap((one) => one.times))
    ? { en: "", zh: "" }
    : doneWords(times);
  return book.statement(
    `alarms/${id}`,
    {
      en: line`${rule.title.en}${where.en}: ${course.en}${done.en}.`,
      zh: line`${rule.title.zh}${where.zh}：${course.zh}${done.zh}。`,
    },
    {
      tone: "bad",
      weight,
      evidence: [evidence],
      action:
        open.length > 0 && !facts.definition.sections.includes("next")
          ? { owner: book.department(rule.owner), dueAt: open[0]!.at + rule.response.withinSeconds * 1000 }
          : null,
    },
  );
}

export function uniqueNames({ facts }: Book, times: readonly Occurrence[]): readonly Text[] {
  const names = times.flatMap((one) => facts.nameOfAlarm(one) ?? []);
  return [...new Map(names.map((name) => [name.en, name])).values()];
}

export function namesWords(names: readonly Text[]): Text {
  const told = listed(names.slice(0, 4));
  const rest = names.length - 4;
  return rest > 0
    ? {
        en: ` (${names
          .slice(0, 4)
          .map(({ en }) => en)
          .join(", ")} and ${rest} more)`,
        zh: `（${told.zh}等 ${names.length} 处）`,
      }
    : { en: ` (${told.en})`, zh: `（${told.zh}）` };
}

/** Of all alarms that is said once, and not of each. */
function isUnseen(times: readonly Occurrence[]): boolean {
  return times.every(({ acknowledged }) => acknowledged === null);
}

/** Whatever else there was, by name. */
function restStatement(book: Book, rest: readonly RuleTimes[]): Statement {
  const names = rest.map(({ rule, times }): Text => {
    const { en, zh } = quoted(book.rules.get(rule)!.title);
    const count = times.length;
    return count === 1 ? { en, zh } : { en: `${en} (${often(count)})`, zh: `${zh}（${count} 次）` };
  });
  return book.statement(
    "alarms/more",
    { en: line`Other alarms: ${listed(names).en}.`, zh: line`其余告警：${listed(names).zh}。` },
    { tone: "neutral", weight: 50, evidence: [book.logEvidence("alarms")] },
  );
}

/** What people did, as the log has it: nothing is supposed. */
function doneWords(times: readonly Occurrence[]): Text {
  const known = times.filter(({ acknowledged }) => acknowledged !== null);
  if (known.length === 0) return { en: "; nobody acknowledged it", zh: "；无人确认" };
  const took = known.map(({ at, acknowledged }) => acknowledged!.at - at).toSorted((a, b) => a - b);
  const median = took[Math.floor((took.length - 1) / 2)]!;
  const positions = [...new Set(known.map(({ acknowledged }) => acknowledged!.position))].filter(
    (one) => one !== "",
  );
  const by =
    positions.length === 0
      ? { en: "", zh: "" }
      : { en: ` by ${positions.slice(0, 2).join(" and ")}`, zh: `由${positions.slice(0, 2).join("、")}` };
  const said =
    known.length === times.length
      ? { en: "acknowledged", zh: "确认" }
      : { en: `${known.length} acknowledged`, zh: `确认 ${known.length} 次` };
  const after = lengthWords(median);
  const comment = times.findLast((one) => one.comment !== null)?.comment;
  const note = comment
    ? { en: `, last noted: “${comment}”`, zh: `，最新备注：“${comment}”` }
    : { en: "", zh: "" };
  return {
    en: `; ${said.en}${by.en} after ${after.en}${known.length > 1 ? " in the middle case" : ""}${note.en}`,
    zh: `；${by.zh}于 ${after.zh}后${known.length > 1 ? "（中位数）" : ""}${said.zh}${note.zh}`,
  };
}

export function entryOf(book: Book, one: Occurrence, evidence: number): TimelineEntry {
  const rule = book.rules.get(one.rule)!;
  return {
    kind: "alarm",
    name: nameOf(book, rule, one),
    at: one.at,
    endsAt: one.endsAt,
    isUrgent: urgency(one.priority) >= urgency("high"),
    evidence,
  };
}

export function nameOf({ facts }: Book, rule: AlarmRule, one: Occurrence): Text {
  const name = facts.nameOfAlarm(one);
  return name ? { en: `${rule.title.en}, ${name.en}`, zh: `${rule.title.zh}（${name.zh}）` } : rule.title;
}

/** The incident hour by hour: warnings, alarms and feeds, each as it began and as it was over. */

import { urgency } from "../../../shared/alarms.ts";
import type { BriefingSection, Statement } from "../../../shared/briefing.ts";
import type { Text } from "../../../shared/city.ts";
import {
  entryOf,
  nameOf,
  namesWords,
  relevantOccurrences,
  stretchOf,
  uniqueNames,
  type TimelineEntry,
} from "./alarms.ts";
import type { Book } from "./book.ts";
import type { Occurrence } from "./occurrences.ts";
import { line, often } from "./sentence.ts";
import { lengthWords, momentWords } from "./time-words.ts";

const timelineAtMost = 20;
/** A feed that was silent for less is told with the data. */
const toldSilenceMs = 10 * 60_000;

/** Alarms of one rule, each begun within an hour of the one before: rain that goes from district to district is one thing. */
type Wave = readonly Occurrence[];
const waveMs = 3_600_000;

export function timelineSection(book: Book): BriefingSection {
  const { zone, facts } = book;
  const { fromAt } = facts.period;
  const happened = happenings(book);
  const kept = happened.toSorted((a, b) => b.weight - a.weight || a.at - b.at).slice(0, timelineAtMost);
  const statements = kept
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .map(({ id, at, weight, evidence, text }): Statement => {
      const when = momentWords(at, fromAt, zone);
      return book.statement(
        `timeline/${id}`,
        { en: line`${when.en}: ${text.en}.`, zh: line`${when.zh} ${text.zh}。` },
        { tone: "neutral", weight, at, evidence: [evidence] },
      );
    });
  if (statements.length === 0)
    statements.push(
      book.statement(
        "timeline/nothing",
        {
          en: line`No warning, alarm or silent feed to tell of ${book.period.short.en}.`,
          zh: line`${book.period.short.zh}无预警、告警或数据中断。`,
        },
        { tone: "good", weight: 50, at: fromAt, evidence: [book.logEvidence("events")] },
      ),
    );
  const entries = happened.flatMap(({ entry }) => entry ?? []).toSorted((a, b) => a.at - b.at);
  return {
    kind: "timeline",
    title: { en: "What happened when", zh: "事件经过" },
    statements,
    chart:
      entries.length === 0
        ? null
        : {
            kind: "timeline",
            question: { en: "What came after what?", zh: "先后经过如何？" },
            ...stretchOf(book, entries),
            entries: entries.slice(0, 2 * timelineAtMost),
          },
  };
}

interface Happening {
  readonly id: string;
  readonly at: number;
  readonly weight: number;
  readonly evidence: number;
  readonly text: Text;
  readonly entry: TimelineEntry | null;
}

function happenings(book: Book): Happening[] {
  return [...alertHappenings(book), ...feedHappenings(book), ...alarmHappenings(book)];
}

function alertHappenings(book: Book): Happening[] {
  const evidence = book.logEvidence("events");
  return book.facts.events.flatMap(({ kind, at, endsAt, subject, text }): Happening[] => {
    if (kind !== "alert" || text === null) return [];
    const quoted = { en: `“${text.en}”`, zh: `“${text.zh}”` };
    const began = {
      id: `alert/${subject}`,
      at,
      weight: 90,
      evidence,
      entry: { kind: "alert", name: text, at, endsAt, isUrgent: true, evidence },
      text: { en: `warning in force: ${quoted.en}`, zh: `预警生效：${quoted.zh}` },
    } as const;
    if (endsAt === null || endsAt >= book.facts.period.toAt) return [began];
    const over = { en: `warning over: ${quoted.en}`, zh: `预警解除：${quoted.zh}` };
    const ended = { id: `alert-over/${subject}`, at: endsAt, weight: 60, evidence, entry: null, text: over };
    return [began, ended];
  });
}

function feedHappenings(book: Book): Happening[] {
  return book.facts.feeds.flatMap(({ id, title, silences }) =>
    silences.flatMap(({ fromAt: at, toAt: endsAt }, i): Happening[] => {
      if (endsAt !== null && endsAt - at < toldSilenceMs) return [];
      const evidence = book.logEvidence("feeds");
      const length = endsAt === null ? null : lengthWords(endsAt - at);
      const text = {
        en: `feed “${title.en}” silent${length ? ` for ${length.en}` : ", and not back yet"}`,
        zh: `数据源“${title.zh}”中断${length ? ` ${length.zh}` : "，尚未恢复"}`,
      };
      const entry = { kind: "feed", name: title, at, endsAt, isUrgent: false, evidence } as const;
      return [{ id: `feed/${id}/${i}`, at, weight: 50, evidence, text, entry }];
    }),
  );
}

/** Those that no other explains; warnings, which are told as such, are left out. The first of each rule weighs more. */
function alarmHappenings(book: Book): Happening[] {
  const isAlert = (rule: string): boolean => "each" in (book.rules.get(rule)?.when ?? {});
  const rules = new Set<string>();
  const evidence = book.logEvidence("alarms");
  const told = relevantOccurrences(book).filter(
    (one) => one.explainedBy === null && !one.isHidden && !isAlert(one.rule),
  );
  return wavesOf(told).map((wave, i): Happening => {
    const first = wave[0]!;
    const isFirst = !rules.has(first.rule);
    rules.add(first.rule);
    const isOwn = book.facts.definition.domains.includes(book.rules.get(first.rule)!.domain);
    const urgent = Math.max(...wave.map(({ priority }) => urgency(priority)));
    return {
      id: `alarm/${first.alarm}/${i}`,
      at: first.at,
      weight: (isOwn ? 40 : 15) + 10 * urgent + (isFirst ? 15 : 0),
      evidence,
      text: wave.length === 1 ? happeningWords(book, first) : waveWords(book, wave),
      entry: waveEntry(book, wave, evidence),
    };
  });
}

function wavesOf(occurrences: readonly Occurrence[]): readonly Wave[] {
  const waves: Occurrence[][] = [];
  const newest = new Map<string, Occurrence[]>();
  for (const one of occurrences.toSorted((a, b) => a.at - b.at)) {
    const wave = newest.get(one.rule);
    if (wave && one.at - wave.at(-1)!.at <= waveMs) wave.push(one);
    else {
      const begun = [one];
      newest.set(one.rule, begun);
      waves.push(begun);
    }
  }
  return waves;
}

function waveWords(book: Book, wave: Wave): Text {
  const { zone, facts } = book;
  const { title } = book.rules.get(wave[0]!.rule)!;
  const names = uniqueNames(book, wave);
  const where = names.length === 0 ? { en: "", zh: "" } : namesWords(names);
  const last = momentWords(wave.at(-1)!.at, facts.period.fromAt, zone);
  const course = {
    en: `${title.en}${where.en}, ${often(wave.length)} until ${last.en}`,
    zh: `${title.zh}${where.zh}，至 ${last.zh} 共 ${wave.length} 次`,
  };
  if (facts.definition.sections.includes("alarms")) return course;
  const open = wave.filter(({ endsAt }) => endsAt === null).length;
  return {
    en: `${course.en}, ${open === 0 ? "all over" : `${open} still active`}`,
    zh: `${course.zh}，${open === 0 ? "已全部结束" : `${open} 次尚未结束`}`,
  };
}

function waveEntry(book: Book, wave: Wave, evidence: number): TimelineEntry {
  const first = wave[0]!;
  const entry = entryOf(book, first, evidence);
  if (wave.length === 1) return entry;
  const { title } = book.rules.get(first.rule)!;
  const ends = wave.map(({ endsAt }) => endsAt ?? Number.POSITIVE_INFINITY);
  const endsAt = Math.max(...ends);
  return {
    ...entry,
    name: { en: `${title.en}, ${often(wave.length)}`, zh: `${title.zh}（${wave.length} 次）` },
    endsAt: Number.isFinite(endsAt) ? endsAt : null,
    isUrgent: wave.some(({ priority }) => urgency(priority) >= urgency("high")),
  };
}

/** What was done is told with the alarms, where they have a section. */
function happeningWords(book: Book, one: Occurrence): Text {
  const name = nameOf(book, book.rules.get(one.rule)!, one);
  if (book.facts.definition.sections.includes("alarms")) return name;
  const { at, acknowledged, endsAt } = one;
  const known = acknowledged && lengthWords(acknowledged.at - at);
  const lasted = endsAt === null ? null : lengthWords(endsAt - at);
  return {
    en: `${name.en}${known ? `, acknowledged after ${known.en}` : ""}${lasted ? `, over after ${lasted.en}` : ", still active"}`,
    zh: `${name.zh}${known ? `，${known.zh}后确认` : ""}${lasted ? `，持续 ${lasted.zh}` : "，尚未结束"}`,
  };
}

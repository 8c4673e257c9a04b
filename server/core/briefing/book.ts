/** What the sections of a briefing share: figures with their evidence and words, and what was told already. */

import type { AlarmRule } from "../../../shared/alarms.ts";
import type {
  BriefingFigure,
  ChartSeries,
  Confidence,
  Evidence,
  Statement,
} from "../../../shared/briefing.ts";
import { languages, type Language, type Text } from "../../../shared/city.ts";
import { formatTarget, formatValue } from "../../../shared/figure-words.ts";
import type { Unit } from "../../../shared/units.ts";
import type { BriefingFacts, SeriesFacts, Span, ToldValue } from "./facts.ts";
import { occurrencesIn, type Occurrence } from "./occurrences.ts";
import { sentences, type Line, type Named } from "./sentence.ts";
import { comparisonWords, periodWords, type PeriodWords } from "./time-words.ts";

/** Less of the period known than this, in percent, and a figure is preliminary. */
export const soundPercent = 97;
/** Less of the period recorded than this, in percent, and the whole briefing says so. */
export const wholePercent = 90;

/** Units of display that a sentence spells out. */
const spelled: Readonly<Record<string, string>> = {
  s: "seconds",
  min: "minutes",
  h: "hours",
  d: "days",
  "/min": "per minute",
};
const spelledOne: Readonly<Record<string, string>> = { s: "second", min: "minute", h: "hour", d: "day" };

export class Book {
  readonly facts: BriefingFacts;
  readonly zone: string;
  readonly period: PeriodWords;
  readonly comparison: PeriodWords | null;
  /** Series that a sentence has told of already. */
  readonly told = new Set<string>();
  /** By id. */
  readonly rules: ReadonlyMap<string, AlarmRule>;
  #occurrences: readonly Occurrence[] | null = null;
  readonly #evidence: Evidence[] = [];
  readonly #places = new Map<string, number>();

  constructor(facts: BriefingFacts) {
    this.facts = facts;
    this.zone = facts.city.zone;
    this.rules = new Map(facts.rules.map((rule) => [rule.id, rule]));
    this.period = periodWords(facts.period, this.zone, facts.holidays);
    this.comparison =
      facts.comparison && comparisonWords(facts.comparison, facts.period, this.zone, facts.holidays);
  }

  /** How much of the period the middle one of all figures is known for. */
  get medianKnownPercent(): number {
    const shares = this.facts.figures.map(({ told }) => told.knownPercent).toSorted((a, b) => a - b);
    return shares[Math.floor(shares.length / 2)] ?? 100;
  }

  get evidence(): readonly Evidence[] {
    return this.#evidence;
  }

  /** The indicator, unless it is not among the facts. */
  find(id: string | null): SeriesFacts | null {
    return this.facts.figures.find(({ series }) => series === id) ?? null;
  }

  /** Alarms that were active in the period, in the order in which they came; none where the log cannot be read. */
  occurrences(): readonly Occurrence[] {
    const { alarmEvents, period } = this.facts;
    this.#occurrences ??= occurrencesIn(alarmEvents ?? [], period.fromAt, period.toAt);
    return this.#occurrences;
  }

  department(id: string): Text {
    return this.facts.departments.find((one) => one.id === id)?.title ?? { en: id, zh: id };
  }

  place(evidence: Evidence): number {
    const known = this.#places.get(evidence.address);
    if (known !== undefined) return known;
    this.#places.set(evidence.address, this.#evidence.length);
    return this.#evidence.push(evidence) - 1;
  }

  seriesEvidence({ definition, feeds }: Pick<SeriesFacts, "definition" | "feeds">, address: string): number {
    return this.place({
      address,
      source: "series",
      title: definition.title,
      definition: definition.definition,
      revision: definition.revision,
      owner: this.department(definition.department),
      feeds: feeds.map((id) => ({ id, title: this.facts.feedTitles.get(id) ?? { en: id, zh: id } })),
    });
  }

  /** Of what is counted in a log over a stretch of time. */
  logEvidence(source: "alarms" | "feeds" | "events", { fromAt, toAt }: Span = this.spanOf(source)): number {
    const paths = { alarms: "alarms/events", feeds: "events", events: "events" };
    const titles = {
      alarms: { en: "Log of alarms", zh: "告警日志" },
      feeds: { en: "When feeds fell silent and came back", zh: "数据源中断与恢复" },
      events: { en: "Warnings, works and what mattered", zh: "预警、施工与要事" },
    };
    const only = { alarms: "&limit=10000", feeds: "&kinds=feed-down,feed-live", events: "" }[source];
    return this.place({
      address: `/api/v1/${paths[source]}?from=${fromAt}&to=${toAt}&asOf=${this.facts.knownAt}${only}`,
      source,
      title: titles[source],
      definition: null,
      revision: null,
      owner: null,
      feeds: [],
    });
  }

  /** The period, from when the first alarm or silence that touches it began. */
  spanOf(source: "alarms" | "feeds" | "events"): Span {
    const { period, feeds } = this.facts;
    const began = {
      alarms: () => this.occurrences().map(({ at }) => at),
      feeds: () => feeds.flatMap(({ silences }) => silences.map(({ fromAt }) => fromAt)),
      events: () => [],
    }[source]();
    return { fromAt: began.reduce((first, at) => Math.min(first, at), period.fromAt), toAt: period.toAt };
  }

  /** The figure of a series over the period. */
  figure(facts: SeriesFacts): BriefingFigure {
    const { compared } = facts;
    return {
      ...this.figureOf(facts, facts.told),
      compared: compared && { value: compared.value, evidence: this.seriesEvidence(facts, compared.address) },
    };
  }

  /** Another value of a series: of a part of the period, or of a group. */
  figureOf(
    {
      series,
      definition,
      feeds,
      statistic,
    }: Pick<SeriesFacts, "series" | "definition" | "feeds" | "statistic">,
    told: ToldValue,
  ): BriefingFigure {
    return {
      series,
      name: definition.title,
      statistic,
      value: told.value,
      unit: definition.unit,
      better: definition.better,
      target: definition.target,
      compared: null,
      confidence: confidenceOf(told),
      was: null,
      knownPercent: told.knownPercent,
      evidence: this.seriesEvidence({ definition, feeds }, told.address),
    };
  }

  /** A number that was counted in a log. */
  count(value: number, name: Text, evidence: number, unit: BriefingFigure["unit"] = "count"): BriefingFigure {
    return {
      series: null,
      name,
      statistic: "count",
      value,
      unit,
      better: "lower",
      target: null,
      compared: null,
      confidence: "sound",
      was: null,
      knownPercent: null,
      evidence,
    };
  }

  /**
   * "61 %", as sentences name it. Where most figures are preliminary that is said once, with the data, and `marks` where it
   * is said all the same.
   */
  named(figure: BriefingFigure, marks = this.medianKnownPercent >= wholePercent): Named {
    const { en, zh } = valueWords(figure.value, figure);
    return figure.confidence === "preliminary" && marks
      ? { figure, words: { en: `${en} (preliminary)`, zh: `${zh}（初步）` } }
      : { figure, words: { en, zh } };
  }

  statement(
    id: string,
    lines: Readonly<Record<Language, Line>>,
    rest: Pick<Statement, "tone" | "weight"> &
      Partial<Pick<Statement, "at" | "cause" | "action">> & { readonly evidence?: readonly number[] },
  ): Statement {
    const { text, figures } = sentences(lines);
    const stands = figures.flatMap(({ evidence, compared }) => [
      evidence,
      ...(compared ? [compared.evidence] : []),
    ]);
    return {
      id,
      text,
      figures,
      at: null,
      cause: null,
      action: null,
      ...rest,
      weight: Math.round(Math.min(100, Math.max(0, rest.weight))),
      evidence: [...new Set([...stands, ...(rest.evidence ?? [])])],
    };
  }

  /** " (86 % a week before)", or that it was the same; nothing where nothing is compared. */
  compared({ told, compared, definition }: SeriesFacts): Text {
    if (!this.comparison || typeof compared?.value !== "number") return { en: "", zh: "" };
    const { short } = this.comparison;
    const [now, was] = [valueWords(told.value, definition), valueWords(compared.value, definition)];
    return now.en === was.en && now.zh === was.zh
      ? { en: ` (as ${short.en})`, zh: `（与${short.zh}持平）` }
      : { en: ` (${was.en} ${short.en})`, zh: `（${short.zh}为 ${was.zh}）` };
  }

  /** A series over the period, to be drawn. */
  chartSeries(facts: SeriesFacts): ChartSeries {
    const { series, definition, course, breaks } = facts;
    const { unit, better, target, title } = definition;
    return {
      series,
      name: title,
      unit,
      better,
      target,
      points: course.map(({ fromAt: at, value, low, high }) => ({ at, value, low, high })),
      breaks: breaks.filter((at) => at >= this.facts.period.fromAt),
      evidence: this.seriesEvidence(facts, facts.courseAddress),
    };
  }
}

export function confidenceOf({ value, knownPercent }: Pick<ToldValue, "value" | "knownPercent">): Confidence {
  if (value === null) return "missing";
  return knownPercent < soundPercent ? "preliminary" : "sound";
}

/** "61 %", "47 minutes", "12.3 万": as a person would write it. `reference` decides the size of the unit. */
export function valueWords(
  value: number | null,
  { unit, target }: Pick<BriefingFigure, "unit" | "target">,
  reference: number | null = target,
): Text {
  if (value === null) return { en: "not known", zh: "未知" };
  // A mean of many is no half of one.
  if (unit === "count" && Math.abs(value) >= 10 && Math.abs(value) < 100_000) value = Math.round(value);
  return inBoth((language) => {
    const { figure, unit: word } = formatValue(value, unit, language, reference ?? value);
    if (unit === "score") return language === "zh" ? `${figure} 分` : figure;
    if (word === "") return figure;
    if (language === "zh") return `${figure} ${word}`;
    return `${figure} ${(figure === "1" ? spelledOne[word] : spelled[word]) ?? word}`;
  });
}

/** "84 to 92 %": the unit once. */
export function rangeWords(low: number, high: number, unit: Unit, reference: number): Text {
  const about = { unit, target: reference };
  const [from, to] = [valueWords(low, about), valueWords(high, about)];
  return inBoth((language) => {
    const word = language === "en" ? "to" : "至";
    if (from[language] === to[language]) return language === "en" ? `about ${to.en}` : `约 ${to.zh}`;
    const tail = to[language].replace(/^\S+/, "");
    const head = from[language].endsWith(tail)
      ? from[language].slice(0, from[language].length - tail.length)
      : from[language];
    return `${head} ${word} ${to[language]}`;
  });
}

/** A target as it was set: "85 %", "25 minutes". */
export function targetWords(target: number, { unit }: Pick<BriefingFigure, "unit">): Text {
  return inBoth((language) => {
    const figure = formatTarget(target, unit, language, target);
    const { unit: word } = formatValue(target, unit, language);
    if (unit === "score") return language === "zh" ? `${figure} 分` : figure;
    if (word === "") return figure;
    if (language === "zh") return `${figure} ${word}`;
    return `${figure} ${(figure === "1" ? spelledOne[word] : spelled[word]) ?? word}`;
  });
}

function inBoth(write: (language: Language) => string): Text {
  const [en, zh] = languages.map(write);
  return { en: en!, zh: zh! };
}

/**
 * A briefing as it was issued: what a leader reads in two minutes, as plain data with everything in it that it takes to
 * set it in type. Once issued it never changes; what a later word makes of it is a new issue. Instants are epoch
 * milliseconds of city time. Whatever is counted from `0` here is a place in a list of the same briefing.
 */

import type { IndicatorDefinition, Language, Text } from "./city.ts";
import type { ClockKind } from "./clock.ts";
import type { Unit } from "./units.ts";

/** What a briefing is about: `incident` begins with an alarm, everything else is a stretch of the city's calendar. */
export const briefingPeriods = ["shift", "day", "week", "month", "quarter", "incident"] as const;
export type BriefingPeriodKind = (typeof briefingPeriods)[number];

/** What the period is held against: the one before, the same days a week or a year before. */
export const briefingComparisons = ["previous", "week", "year"] as const;
export type BriefingComparisonKind = (typeof briefingComparisons)[number];

interface Stretch {
  readonly fromAt: number;
  /** Exclusive. */
  readonly toAt: number;
  /** "Thursday 26 November, midnight to midnight": how the briefing calls it. */
  readonly words: Text;
}

export interface BriefingPeriod extends Stretch {
  readonly kind: BriefingPeriodKind;
  /** Whether it was over when the briefing was made; else it is told up to `toAt`. */
  readonly isOver: boolean;
}

/** A piece of a sentence: words, or the words of one of the statement's figures. */
export type Run = string | { readonly figure: number; readonly words: string };

/** The same sentences in each language. */
export type Sentences = Readonly<Record<Language, readonly Run[]>>;

/**
 * What a figure is worth.
 *
 * - `sound`: all of the period was recorded and fresh.
 * - `preliminary`: some of the period, as far as it has come, is missing or was stale.
 * - `revised`: the briefing before told another value of the same time (`was`).
 * - `missing`: nothing is known, and `value` is `null`.
 */
export const confidences = ["sound", "preliminary", "revised", "missing"] as const;
export type Confidence = (typeof confidences)[number];

/**
 * Of the points of its evidence: the mean of their values, the greatest `max`, the least `min`, the value of the `last`; the
 * `total` of a count that begins anew each day is the sum of their `max`.
 */
export const briefingStatistics = ["mean", "highest", "lowest", "last", "total", "count"] as const;
export type BriefingStatistic = (typeof briefingStatistics)[number];

export interface BriefingFigure {
  /** `seriesId(indicator, group)`; `null` of what was counted in a log (`count`). */
  readonly series: string | null;
  readonly name: Text;
  readonly statistic: BriefingStatistic;
  readonly value: number | null;
  readonly unit: Unit;
  readonly better: IndicatorDefinition["better"];
  readonly target: number | null;
  /** The same in the period that it is compared with; `null` where it is compared with none. */
  readonly compared: { readonly value: number | null; readonly evidence: number } | null;
  readonly confidence: Confidence;
  /** Of a revised figure: what the briefing before told. */
  readonly was: number | null;
  /** Percent of the period in which the value was fresh; `null` of what was counted. */
  readonly knownPercent: number | null;
  readonly evidence: number;
}

/** Where a figure can be read again, as it was known when the briefing was made. */
export interface Evidence {
  /**
   * Path and query of our API. Of figures: `/api/v1/series?…&asOf=…` of one series, whose points with a fresh second (those
   * that have a `min`) give the value by the figure's statistic; of alarms, feeds and events what was counted, `asOf` too.
   */
  readonly address: string;
  readonly source: "series" | "alarms" | "feeds" | "events";
  readonly title: Text;
  /** Of an indicator: what exactly it counts, and the revision of that. */
  readonly definition: Text | null;
  readonly revision: string | null;
  /** The department that answers for it. */
  readonly owner: Text | null;
  readonly feeds: readonly { readonly id: string; readonly title: Text }[];
}

/** What the data offers as a reason; a correlation is only ever called one. */
export const causeKinds = ["alarm", "alert", "works", "feed", "correlation"] as const;
export type CauseKind = (typeof causeKinds)[number];

export interface Statement {
  /** The same from issue to issue: `<section>/<what it is about>`. */
  readonly id: string;
  readonly text: Sentences;
  readonly figures: readonly BriefingFigure[];
  /** All that it stands on, its figures' evidence among it; never empty. */
  readonly evidence: readonly number[];
  readonly tone: "good" | "bad" | "neutral";
  /** How much it matters: what its section is ranked by, 0 … 100. */
  readonly weight: number;
  /** Of an entry of a timeline. */
  readonly at: number | null;
  readonly cause: { readonly kind: CauseKind; readonly text: Sentences } | null;
  /** Who acts, and by when; `null` where nobody has to. */
  readonly action: { readonly owner: Text; readonly dueAt: number | null } | null;
}

export const sectionKinds = [
  "score",
  "unusual",
  "targets",
  "alarms",
  "timeline",
  "services",
  "areas",
  "data",
  "next",
] as const;
export type SectionKind = (typeof sectionKinds)[number];

export interface BriefingSection {
  readonly kind: SectionKind;
  readonly title: Text;
  /** What matters most first; a timeline by time. At least one: "nothing unusual" is one. */
  readonly statements: readonly Statement[];
  /** The picture that answers the section's one question; `null` where words say all. */
  readonly chart: BriefingChart | null;
}

/** One point; a gap has `value` `null`. */
export interface ChartPoint {
  readonly at: number;
  readonly value: number | null;
  /** What is usual for the hour and weekday; `null` where too little is known. */
  readonly low: number | null;
  readonly high: number | null;
}

/** A line over the period. */
export interface ChartSeries {
  readonly series: string;
  readonly name: Text;
  readonly unit: Unit;
  readonly better: IndicatorDefinition["better"];
  readonly target: number | null;
  /** Evenly spaced buckets, ascending. */
  readonly points: readonly ChartPoint[];
  /** Where its definition changed: what is before and after is not the same figure. */
  readonly breaks: readonly number[];
  readonly evidence: number;
}

interface ChartRow {
  readonly name: Text;
  readonly value: number | null;
  readonly confidence: Confidence;
  readonly evidence: number;
}

/** What lies around and under a map's areas. Longitude and latitude. */
export interface MapGround {
  /** Polygons: rings by the even-odd rule. */
  readonly water: readonly (readonly (readonly (readonly [number, number])[])[])[];
  /** Main roads. */
  readonly roads: readonly (readonly (readonly [number, number])[])[];
  /** Of the basemap that it is from. */
  readonly attribution: string;
}

export type BriefingChart = { readonly question: Text } & (
  | { readonly kind: "small-multiples"; readonly series: readonly ChartSeries[] }
  /** Of one figure, drawn as large as its section allows. */
  | { readonly kind: "line"; readonly series: ChartSeries }
  /** From the period before to this one; all rows in one unit. */
  | {
      readonly kind: "slope";
      readonly unit: Unit;
      readonly better: IndicatorDefinition["better"];
      readonly before: Text;
      readonly after: Text;
      readonly rows: readonly (ChartRow & { readonly before: number | null })[];
    }
  /** Against target; each row in its own unit. */
  | {
      readonly kind: "bullet";
      readonly rows: readonly (ChartRow & {
        readonly unit: Unit;
        readonly better: IndicatorDefinition["better"];
        readonly target: number;
        readonly compared: number | null;
        /** For a line in the text: the days of the period and of the four weeks before, oldest first. */
        readonly trend: readonly (number | null)[];
      })[];
    }
  | {
      readonly kind: "area-map";
      readonly unit: Unit;
      readonly better: IndicatorDefinition["better"];
      /** Missing where the city has no basemap, or it could not be read. */
      readonly ground?: MapGround;
      /** What the values are held to, such as "per 10,000 inhabitants"; `null`: as they are. */
      readonly per: Text | null;
      readonly areas: readonly (ChartRow & {
        readonly id: string;
        /** Too few to tell it from chance. */
        readonly isSmall: boolean;
        /** Rings of longitude and latitude. */
        readonly rings: readonly (readonly (readonly [number, number])[])[];
      })[];
    }
  | {
      readonly kind: "timeline";
      readonly fromAt: number;
      readonly toAt: number;
      readonly entries: readonly {
        readonly kind: "alarm" | "alert" | "works" | "feed";
        readonly name: Text;
        readonly at: number;
        /** `null`: it is not over. */
        readonly endsAt: number | null;
        readonly isUrgent: boolean;
        readonly evidence: number;
      }[];
    }
);

/** All of this is under its hash. */
export interface Briefing {
  readonly version: 1;
  /** `<definition>-<city date>`, `-2` and so on after it when there was one before. */
  readonly id: string;
  /** `briefings/<definition>.json`. */
  readonly definition: string;
  readonly title: Text;
  readonly audience: Text;
  readonly city: { readonly id: string; readonly title: Text; readonly zone: string };
  /** What kind of time the city's clock told: a simulation says so. */
  readonly clock: ClockKind;
  readonly period: BriefingPeriod;
  readonly comparison: (Stretch & { readonly kind: BriefingComparisonKind }) | null;
  /** The moment that everything was known at: nothing that was learnt later is in it. */
  readonly knownAt: number;
  readonly issuedAt: number;
  /** The time of its schedule that it was made for; `null`: somebody asked for it, or an alarm opened it. */
  readonly dueAt: number | null;
  /** Hash of the definitions of all indicators and rules it was made with: the version of the city folder's meaning. */
  readonly dataVersion: string;
  /** The briefing that this one corrects, and what changed; `null` of a first issue. */
  readonly corrects: { readonly id: string; readonly changes: readonly Statement[] } | null;
  /** One line that can be read aloud; its figures are those of `coverFigures`. */
  readonly cover: Sentences;
  readonly coverFigures: readonly BriefingFigure[];
  readonly sections: readonly BriefingSection[];
  readonly evidence: readonly Evidence[];
}

/** A briefing of the city folder, as one chooses it to be issued. */
export interface BriefingOffer {
  readonly id: string;
  readonly title: Text;
  readonly audience: Text;
  /** Of a situation report: the rules whose alarms it begins with. Empty: it can be issued at any time. */
  readonly rules: readonly string[];
}

/** What an editor did with a briefing; beside the generated text, never in it. */
export interface Edition {
  readonly briefing: string;
  /** 1 and more: each change is a new one, and the earlier ones stay. */
  readonly number: number;
  readonly at: number;
  /** As they named themselves. */
  readonly editor: string;
  /** On the whole (`section` `null`) or on one section. */
  readonly comments: readonly { readonly section: SectionKind | null; readonly text: string }[];
  readonly hidden: readonly SectionKind[];
  /** All sections in the order in which they are shown; `null`: as generated. */
  readonly order: readonly SectionKind[] | null;
  /** Signed by the editor: they answer for it. */
  readonly isSigned: boolean;
}

/** `/api/v1/briefings/{id}`. @public */
export interface IssuedBriefing {
  readonly briefing: Briefing;
  /** SHA-256 of the file that the briefing is kept in, in hexadecimal. */
  readonly hash: string;
  /** The issue that corrects this one, when there is one. */
  readonly correctedBy: string | null;
  readonly edition: Edition | null;
}

/** `/api/v1/briefings/{definition}/latest`. @public */
export interface NewestBriefing extends IssuedBriefing {
  /** The first time of its schedule after its issue; `null` without one. Where that has passed, another one is missing. */
  readonly nextDueAt: number | null;
}

/** An item of `/api/v1/briefings`. @public */
export interface BriefingItem extends Pick<
  Briefing,
  "id" | "definition" | "title" | "audience" | "period" | "knownAt" | "issuedAt"
> {
  readonly cover: Text;
  readonly hash: string;
  readonly corrects: string | null;
  readonly correctedBy: string | null;
  readonly isSigned: boolean;
  /** Where it was searched: the sentence that has most of the words. */
  readonly found?: Text;
}

/** The sentences of one language as plain text. */
export function plainText(sentences: Sentences, language: Language): string {
  return sentences[language].map((run) => (typeof run === "string" ? run : run.words)).join("");
}

/** The sections as an edition has them: in its order, without those that it hides. */
export function sectionsShown(
  { sections }: Pick<Briefing, "sections">,
  edition: Edition | null,
): readonly BriefingSection[] {
  const shown = sections.filter(({ kind }) => !edition?.hidden.includes(kind));
  const order = edition?.order;
  if (!order) return shown;
  const place = (kind: SectionKind): number => {
    const at = order.indexOf(kind);
    return at < 0 ? order.length : at;
  };
  return shown.toSorted((a, b) => place(a.kind) - place(b.kind));
}

/** What a briefing is made from: everything that was gathered of one period, as known at one moment. */

import type { AlarmEvent, AlarmRule } from "../../../shared/alarms.ts";
import type {
  Briefing,
  BriefingComparisonKind,
  BriefingPeriodKind,
  BriefingStatistic,
  MapGround,
} from "../../../shared/briefing.ts";
import type { CityEvent } from "../../../shared/city-event.ts";
import type { Department, IndicatorDefinition, Text } from "../../../shared/city.ts";
import type { BriefingDefinition, FairComparison } from "./definition.ts";

export interface Span {
  readonly fromAt: number;
  /** Exclusive. */
  readonly toAt: number;
}

/** A value over a period, and where it can be read again. */
export interface ToldValue {
  readonly value: number | null;
  /** Percent of the period, as far as it has come, in which it was fresh. */
  readonly knownPercent: number;
  readonly address: string;
}

/** An hour, or a day, of a figure and what is usual for it. */
export interface UsualPoint extends Span {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Percent of it, as far as it has come, in which the value was fresh. */
  readonly knownPercent: number;
}

/** One series over the period. */
export interface SeriesFacts {
  readonly series: string;
  readonly definition: IndicatorDefinition;
  readonly feeds: readonly string[];
  readonly statistic: BriefingStatistic;
  readonly told: ToldValue;
  /** `null`: nothing is compared, or the definition was another one then. */
  readonly compared: ToldValue | null;
  /** The hours of a day and of what is shorter, the days of what is longer. */
  readonly course: readonly UsualPoint[];
  readonly courseAddress: string;
  /** Where one of its points can be read again. */
  readonly pointAddress: (span: Span) => string;
  /** The 28 city days before the period, oldest first, by the same statistic; empty where it was not asked for. */
  readonly daysBefore: readonly (number | null)[];
  /** In the period and the one it is compared with: when another definition came into force. */
  readonly breaks: readonly number[];
}

/** A grouping of a figure, to be compared fairly. */
export interface ComparedFacts {
  readonly asked: FairComparison;
  readonly definition: IndicatorDefinition;
  readonly statistic: BriefingStatistic;
  readonly feeds: readonly string[];
  readonly groups: readonly {
    readonly series: string;
    readonly name: Text;
    readonly told: ToldValue;
    /** Inhabitants, or the count that the share is of; `null` where it is not known. */
    readonly size: number | null;
    /** Of an area. */
    readonly area: {
      readonly id: string;
      readonly rings: readonly (readonly (readonly [number, number])[])[];
    } | null;
  }[];
}

/** How a feed fared in the period. */
export interface FeedFacts {
  readonly id: string;
  readonly title: Text;
  readonly department: string;
  /** When it was down, ascending; `toAt` `null`: it still is. */
  readonly silences: readonly { readonly fromAt: number; readonly toAt: number | null }[];
}

/** A figure of the briefing before that is another one by what is known now. */
export interface RevisedFacts {
  readonly facts: SeriesFacts;
  readonly briefing: string;
  readonly was: number;
  readonly period: Text;
}

export interface BriefingFacts {
  readonly definition: BriefingDefinition;
  readonly city: Briefing["city"];
  readonly clock: Briefing["clock"];
  readonly period: Span & { readonly kind: BriefingPeriodKind; readonly isOver: boolean };
  readonly comparison: (Span & { readonly kind: BriefingComparisonKind }) | null;
  readonly knownAt: number;
  readonly dataVersion: string;
  /** City date → what is celebrated. */
  readonly holidays: ReadonlyMap<string, Text>;
  readonly departments: readonly Department[];
  /** The watched figures, those of services, and the score with all that it is made of. */
  readonly figures: readonly SeriesFacts[];
  readonly compared: readonly ComparedFacts[];
  /** Under the areas that are compared; `null` where the city has no basemap. */
  readonly ground: MapGround | null;
  readonly rules: readonly AlarmRule[];
  /** In their order, from before the period on; `null`: the log cannot be read. */
  readonly alarmEvents: readonly AlarmEvent[] | null;
  /** How the group or thing of an alarm is called. */
  readonly nameOfAlarm: (event: Pick<AlarmEvent, "rule" | "group" | "alarm">) => Text | null;
  /** Warnings and works that touch the period. */
  readonly events: readonly CityEvent[];
  readonly feeds: readonly FeedFacts[];
  readonly feedTitles: ReadonlyMap<string, Text>;
  readonly revised: readonly RevisedFacts[];
}

/** What a city folder says of a briefing: `briefings/<id>.json` with its defaults filled in. */

import type { BriefingComparisonKind, SectionKind } from "../../../shared/briefing.ts";
import type { Domain, Text } from "../../../shared/city.ts";

/** Of the calendar: the last that is over, or the one that runs. `incident`: from the alarm of one of these rules on. */
export type DefinedPeriod =
  | { readonly of: "shift"; readonly hours: number }
  | { readonly of: "day" | "week" | "month" | "quarter"; readonly until: "end" | "now" }
  | { readonly of: "incident"; readonly rules: readonly string[] };

/** When it is issued, in the city's zone. */
export interface BriefingTime {
  /** `HH:MM`. */
  readonly at: string;
  /** 1 Monday … 7 Sunday. */
  readonly weekdays: readonly number[];
  /** Days of the month and months; `null`: all. */
  readonly monthDays: readonly number[] | null;
  readonly months: readonly number[] | null;
  readonly onHolidays: boolean;
}

/** The figures that tell of requests; `null` where the city has none. */
export interface ServiceFigures {
  readonly opened: string | null;
  readonly closed: string | null;
  readonly open: string | null;
  readonly overdue: string | null;
  readonly oldest: string | null;
  readonly repeat: string | null;
}

/**
 * A figure that areas or departments are compared by. A count is fair `per` inhabitant; a share is one `of` a count, whose
 * size says how much of a difference may be chance.
 */
export interface FairComparison {
  readonly indicator: string;
  /** A grouping of the indicator, such as `area.district`. */
  readonly by: string;
  readonly per: "inhabitants" | null;
  readonly of: string | null;
}

export interface BriefingDefinition {
  readonly id: string;
  readonly title: Text;
  /** Whom it is for. */
  readonly audience: Text;
  readonly period: DefinedPeriod;
  readonly comparison: BriefingComparisonKind | null;
  readonly sections: readonly SectionKind[];
  /** The score that it begins with. */
  readonly score: string | null;
  /** Whose figures, alarms and feeds it tells of. */
  readonly domains: readonly Domain[];
  /** The figures that are watched; `null`: all of the domains that have a direction. */
  readonly indicators: readonly string[] | null;
  readonly services: ServiceFigures | null;
  readonly compare: readonly FairComparison[];
  /** Roles. */
  readonly recipients: readonly string[];
  /** Empty: it is only made when somebody asks, or when an alarm opens it. */
  readonly schedule: readonly BriefingTime[];
}

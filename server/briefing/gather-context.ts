/** What a briefing is gathered from. */

import type { AlarmEvent } from "../../shared/alarms.ts";
import type { CityEvent } from "../../shared/city-event.ts";
import type { IndicatorDefinition } from "../../shared/city.ts";
import type { ClockKind } from "../../shared/clock.ts";
import type { CityFolder } from "../city-folder/city-folder.ts";
import type { BriefingFacts, Span } from "../core/briefing/facts.ts";
import type { Past } from "../http/past.ts";
import type { DefinitionLog } from "./definition-log.ts";

/** An indicator of the folder that runs, with the feeds that it needs. */
export type KnownIndicator = IndicatorDefinition & { readonly feeds: readonly string[] };

export interface GatherContext {
  readonly folder: Pick<
    CityFolder,
    "settings" | "departments" | "holidays" | "areas" | "feeds" | "rules" | "basemapPath"
  >;
  readonly indicators: readonly KnownIndicator[];
  /** Of now. */
  readonly seriesIds: Iterable<string>;
  readonly clock: ClockKind;
  readonly past: Pick<Past, "points" | "seriesOf" | "moments">;
  /** Rejects when the log cannot be read. */
  readonly alarmEvents: (span: Span) => Promise<readonly AlarmEvent[]>;
  readonly nameOfAlarm: BriefingFacts["nameOfAlarm"];
  /** Of what was known at `knownAt`. */
  readonly cityEvents: (span: Span, knownAt: number, signal: AbortSignal) => Promise<readonly CityEvent[]>;
  readonly definitions: Pick<DefinitionLog, "changes">;
}

/** What `advance` needs to know of the city folder. Made once per epoch. */

import type { AlarmRule } from "../../../shared/alarms.ts";
import { inputsOf, isDerived, type IndicatorDefinition } from "../../../shared/city.ts";
import type { Kind } from "../../../shared/kinds.ts";
import type { FeedEntry } from "../feeds/feed-entry.ts";
import type { AreaIndex } from "./areas.ts";

export interface PlannedFeed extends FeedEntry {
  readonly gives: readonly Kind[];
}

export interface CityPlan {
  readonly zone: string;
  readonly feeds: readonly PlannedFeed[];
  readonly indicators: readonly IndicatorDefinition[];
  readonly rules: readonly AlarmRule[];
  readonly areas: AreaIndex;
}

/** The feeds an indicator needs: those that give its kind, or those it names. Derived ones need their inputs' feeds. */
export function feedsOf(
  definition: IndicatorDefinition,
  plan: Pick<CityPlan, "feeds" | "indicators">,
): readonly string[] {
  if (isDerived(definition.measure)) {
    const feeds = inputsOf(definition).flatMap((id) => {
      const input = plan.indicators.find((indicator) => indicator.id === id);
      return input ? feedsOf(input, plan) : [];
    });
    return [...new Set(feeds)];
  }
  if ("scheduled" in definition.measure) return [definition.measure.scheduled];
  const kind = definition.reads;
  if (kind === null) return [];
  return plan.feeds
    .filter((feed) => (definition.from ? definition.from.includes(feed.id) : feed.gives.includes(kind)))
    .map((feed) => feed.id);
}

/** Builders for city plans and updates in tests: only what a test is about has to be said. */

import type { AlarmRule } from "../shared/alarms.ts";
import type { IndicatorDefinition } from "../shared/city.ts";
import { entityId, type EntityOf } from "../shared/entity.ts";
import type { Kind } from "../shared/kinds.ts";
import { indexAreas } from "../server/core/city/areas.ts";
import type { FeedWord } from "../server/core/city/changes.ts";
import type { CityPlan, PlannedFeed } from "../server/core/city/plan.ts";
import type { Update } from "../server/core/feeds/connector.ts";

/** When everything in these tests is received, unless they say otherwise. */
export const noon = Date.UTC(2026, 2, 7, 12, 0);

/** A feed that gives bikes, fresh for a minute and dropped after ten. */
export function plannedFeed(feed: Partial<PlannedFeed> = {}): PlannedFeed {
  return {
    id: "bikes",
    title: { en: "Bikes", zh: "单车" },
    spec: "gbfs",
    transport: { type: "file", files: [], maxBytes: 1e6 },
    department: "mobility",
    supplier: null,
    licence: "CC0-1.0",
    attribution: null,
    cadenceSeconds: 30,
    staleAfterSeconds: 60,
    dropAfterSeconds: 600,
    keepSeconds: 3600,
    agreement: null,
    schedule: null,
    keepBodiesDays: 0,
    muted: null,
    options: {},
    gives: ["Station", "StationStatus", "Vehicle"],
    ...feed,
  };
}

export function indicator(definition: Partial<IndicatorDefinition>): IndicatorDefinition {
  return {
    id: "transport.stations",
    domain: "transport",
    department: "mobility",
    title: { en: "Stations", zh: "站点" },
    definition: { en: "Stations that report.", zh: "有报告的站点。" },
    unit: "count",
    better: "neither",
    target: null,
    reads: "StationStatus",
    from: null,
    where: {},
    window: null,
    measure: { count: true },
    by: [],
    staleAfterSeconds: 60,
    revision: "",
    groupTitles: {},
    replacedBy: null,
    ...definition,
  };
}

/** A rule that more than 20 of `transport.stations` are an alarm at once, until there are less than 15. */
export function alarmRule(rule: Partial<AlarmRule> = {}): AlarmRule {
  return {
    id: "transport.many-stations",
    enabled: true,
    domain: "transport",
    title: { en: "Many stations", zh: "站点过多" },
    consequence: { en: "Nobody knows.", zh: "未知。" },
    indicator: "transport.stations",
    when: { above: 20, clearBelow: 15 },
    by: [],
    groups: null,
    onDelaySeconds: 0,
    offDelaySeconds: 0,
    priority: "medium",
    latch: false,
    response: { text: { en: "Look.", zh: "查看。" }, checklist: [], sop: null, withinSeconds: 600 },
    owner: "mobility",
    backup: null,
    validTimes: [],
    maintenance: [],
    suppressedBy: [],
    shelveAtMostSeconds: 3600,
    revision: "",
    ...rule,
  };
}

export function plan(city: Partial<CityPlan> = {}): CityPlan {
  return {
    zone: "America/Los_Angeles",
    feeds: [plannedFeed()],
    indicators: [],
    rules: [],
    areas: indexAreas([]),
    ...city,
  };
}

export function entity<K extends Kind>(
  kind: K,
  sourceId: string,
  entity: Partial<Omit<EntityOf<K>, "kind" | "sourceId" | "id">> = {},
): EntityOf<K> {
  const feedId = entity.feedId ?? "bikes";
  return {
    observedAt: null,
    receivedAt: noon,
    position: null,
    quality: "good",
    fields: {},
    ...entity,
    id: entityId(feedId, kind, sourceId),
    kind,
    feedId,
    sourceId,
  };
}

/** A feed's word with a full update of scope `body`, unless `update` says otherwise. */
export function word(update: Partial<Update>, about: Partial<Omit<FeedWord, "update">> = {}): FeedWord {
  return {
    feedId: "bikes",
    receivedAt: noon,
    shiftMs: 0,
    restored: false,
    ...about,
    update: {
      mode: "full",
      scope: "body",
      version: null,
      publishedAt: null,
      entities: [],
      observations: [],
      notices: [],
      ...update,
    },
  };
}

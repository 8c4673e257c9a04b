import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import { earliestSensibleAt } from "../instant.ts";
import type { EntityNotes } from "./entity-notes.ts";
import { inMilliseconds, latestAt, textOrNull, type Source } from "./judge.ts";
import {
  enumText,
  type AlertMessage,
  type EntitySelector,
  type TimeRange,
  type Translation,
} from "./message.ts";

/** An Alert. It keeps the RT entity id: alerts have no other, and the standard asks for a stable one. */
export function readServiceAlert(
  entityIdOfFeed: string,
  message: AlertMessage,
  source: Source,
  notes: EntityNotes,
): EntityOf<"ServiceAlert"> {
  const { feed, receivedAt } = source;
  noteSelectors(entityIdOfFeed, message.informedEntities, notes);
  const period = periodAt(message.activePeriods, receivedAt);
  return {
    id: entityId(feed.id, "ServiceAlert", entityIdOfFeed),
    kind: "ServiceAlert",
    feedId: feed.id,
    sourceId: entityIdOfFeed,
    observedAt: null,
    receivedAt,
    position: null,
    quality: "good",
    fields: {
      cause: enumText("cause", message.cause),
      effect: enumText("effect", message.effect),
      severityLevel: enumText("severityLevel", message.severityLevel),
      headerText: bestText(message.headerText),
      ...chineseOf(message.headerText),
      url: bestText(message.url),
      startsAt: period && instantOf(period.start),
      endsAt: period && instantOf(period.end),
      agencyIds: distinct(message.informedEntities, (selector) => selector.agencyId),
      routeIds: distinct(
        message.informedEntities,
        (selector) => selector.routeId || (selector.trip?.routeId ?? ""),
      ),
      tripIds: distinct(message.informedEntities, (selector) => selector.trip?.tripId ?? ""),
      stopIds: distinct(message.informedEntities, (selector) => selector.stopId),
    },
  };
}

/** Whether another of the alert's periods takes over as time passes, so that it must be read again. */
export function hasSeveralPeriods(message: AlertMessage): boolean {
  return message.activePeriods.length > 1;
}

function instantOf(seconds: number): number | null {
  const at = inMilliseconds(seconds);
  return at >= earliestSensibleAt && at <= latestAt ? at : null;
}

/** The period in force at `now`, else the next to come, else the last; `null` when the alert always holds. */
function periodAt(periods: readonly TimeRange[], now: number): TimeRange | null {
  const starts = (period: TimeRange): number => instantOf(period.start) ?? -Infinity;
  const ends = (period: TimeRange): number => instantOf(period.end) ?? Infinity;
  const ordered = [...periods].sort((a, b) => starts(a) - starts(b));
  return ordered.find((period) => ends(period) > now) ?? ordered.at(-1) ?? null;
}

/** English when there is English, else the text without a language, else the first. */
function bestText(translations: readonly Translation[]): string | null {
  const best =
    translations.find(({ language }) => /^en\b/i.test(language)) ??
    translations.find(({ language }) => language === "") ??
    translations[0];
  return textOrNull(best?.text.trim() ?? "");
}

/** BCP 47, the best first: our Chinese faces are in Simplified Chinese. */
const chineseLanguages = [/^zh-Hans\b/i, /^zh-CN\b/i, /^zh$/i, /^zh\b/i];

/** The header in Chinese, so that a Chinese face need not show the English. */
function chineseOf(translations: readonly Translation[]): EntityOf<"ServiceAlert">["fields"] {
  const [chinese] = chineseLanguages.flatMap((wanted) =>
    translations.filter(({ language }) => wanted.test(language)),
  );
  const text = textOrNull(chinese?.text.trim() ?? "");
  return text === null || translations.length === 1 ? {} : { headerTextZh: text };
}

function distinct(
  selectors: readonly EntitySelector[],
  pick: (selector: EntitySelector) => string,
): string[] {
  const values = new Set<string>();
  for (const selector of selectors) {
    const value = pick(selector);
    if (value !== "") values.add(value);
  }
  return [...values];
}

function noteSelectors(id: string, selectors: readonly EntitySelector[], notes: EntityNotes): void {
  if (selectors.length === 0) notes.add("E032", "warning", () => `alert ${id}: no informed_entity`);
  for (const { agencyId, routeId, routeType, stopId, trip } of selectors) {
    const isBare = agencyId === "" && routeId === "" && stopId === "" && Number.isNaN(routeType) && !trip;
    if (isBare) notes.add("E033", "warning", () => `alert ${id}: an informed_entity without any selector`);
    if (trip && routeId !== "" && trip.routeId !== "" && trip.routeId !== routeId) {
      notes.add("E031", "error", () => `alert ${id}: route_id ${routeId}, but its trip's is ${trip.routeId}`);
    }
  }
}

/** The page's live store and its hooks. A component reads one key and renders again only when that key changes. */

import { useCallback, useRef, useSyncExternalStore } from "react";
import type { Alarm, AlarmSystem } from "../../shared/alarms.ts";
import type { CityClock } from "../../shared/clock.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import { isInForce, type Note } from "../../shared/note.ts";
import type { Moment } from "../../shared/moment.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { ShiftBody } from "../../shared/shift.ts";
import type { CityBody, Reading, Topic, WallBody } from "../../shared/protocol.ts";
import type { WallNow } from "../../shared/wall-show.ts";
import { cityTicker } from "./city-ticker.ts";
import {
  groupsKey,
  LiveStore,
  type Connection,
  type Entities,
  type GroupReading,
  type Indicator,
} from "./live-store.ts";

export type { Connection, Entities, GroupReading, Indicator } from "./live-store.ts";

export const store = new LiveStore();

function useKey<T>(key: string, read: () => T): T {
  return useSyncExternalStore(
    useCallback((listener: () => void) => store.subscribe(key, listener), [key]),
    read,
    read,
  );
}

/** Like `useKey` for a key that is a topic: subscribed at the server while somebody reads it; `null` wants none. */
function useTopic<T>(topic: Topic | null, read: () => T): T {
  return useSyncExternalStore(
    useCallback(
      (listener: () => void) => {
        if (topic === null) return () => undefined;
        const release = store.want([topic]);
        const stop = store.subscribe(topic, listener);
        return () => {
          stop();
          release();
        };
      },
      [topic],
    ),
    read,
    read,
  );
}

/** The newest reading of an indicator or of one of its groups; `null` before the first. */
export function useReading(seriesId: string): Reading | null {
  return useKey(`reading/${seriesId}`, () => store.reading(seriesId));
}

/** Several things of one sort, in the order of their ids. The same array until one of them changes. */
function useEach<T>(
  sort: "reading" | "feed" | "entities",
  ids: readonly string[],
  find: (id: string) => T,
): readonly T[] {
  const kept = useRef<readonly T[]>([]);
  const read = (): readonly T[] => {
    const now = ids.map(find);
    const same = now.length === kept.current.length && now.every((one, i) => one === kept.current[i]);
    if (!same) kept.current = now;
    return kept.current;
  };
  const joined = ids.join("\n");
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = joined.split("\n").map((id) => store.subscribe(`${sort}/${id}`, listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [sort, joined],
  );
  return useSyncExternalStore(subscribe, read, read);
}

/** The newest readings of several series, in their order. */
export function useReadings(seriesIds: readonly string[]): readonly (Reading | null)[] {
  return useEach("reading", seriesIds, (id) => store.reading(id));
}

/** These feeds, in their order, `null` for what the city has not: who reads them is not told of the others. */
export function useFeedsOf(ids: readonly string[]): readonly (FeedStatus | null)[] {
  return useEach("feed", ids, (id) => store.feed(id));
}

/** An indicator's definition; `null` when the city has none of that id (yet). */
export function useIndicator(id: string): Indicator | null {
  return useKey(`indicator/${id}`, () => store.indicator(id));
}

/** The readings of one grouping (`area.neighborhood`), one per group. */
export function useGroups(indicatorId: string, dimension: string): readonly GroupReading[] {
  return useKey(groupsKey(indicatorId, dimension), () => store.groups(indicatorId, dimension));
}

export function useFeeds(): readonly FeedStatus[] {
  return useKey("feeds", () => store.feeds);
}

/** What an operator says about an indicator now, `null` when nothing. */
export function useNote(indicator: string): Note | null {
  const note = useKey(`note/${indicator}`, () => store.note(indicator));
  const now = useCityNow(1_000);
  return note !== null && now !== null && isInForce(note, now) ? note : null;
}

/** Every alarm that is not normal; subscribed while the component is mounted and `isWanted`. */
export function useAlarms(isWanted = true): readonly Alarm[] {
  return useTopic(isWanted ? "alarms" : null, () => store.alarms);
}

/** City time at which alarms were last judged, as the last pulse said; `null` where they are not. */
export function useJudgedAt(): number | null {
  return useKey("judged", () => store.judgedAt);
}

/** How the alarms fare; `null` before the first word of it. */
export function useAlarmSystem(): AlarmSystem | null {
  return useTopic("alarms", () => store.alarmSystem);
}

/** Hand-overs that wait, and whether anything else of shifts was written; subscribed while the component is mounted. */
export function useShift(): ShiftBody | null {
  return useTopic("shift", () => store.shift);
}

/** What mattered in the last 24 hours, in the order it happened; `null` before the first word of it. Subscribed while the component is mounted. */
export function useMoments(): readonly Moment[] | null {
  return useTopic("moments", () => store.moments);
}

export function useCity(): CityBody | null {
  return useKey("city", () => store.city);
}

/** `undefined` before the server answered; `wall: null` when the city has no such wall. */
export function useWall(id: string): WallBody | undefined {
  return useTopic(`wall/${id}`, () => store.wall(id));
}

/** What the city's walls show; subscribed while the component is mounted. */
export function useWallsNow(): readonly WallNow[] {
  return useTopic("walls", () => store.wallsNow);
}

/** The entities of a kind, by slot, subscribed while the component is mounted and `isWanted`. */
export function useEntities(kind: Kind, isWanted = true): Entities {
  return useTopic(isWanted ? `entities/${kind}` : null, () => store.entities(kind));
}

/** Those of the kinds that a map shows of which nobody recorded anything at the moment of the past that is shown. */
export function useNotRecorded(kinds: readonly Kind[]): readonly Kind[] {
  const flags = useEach("entities", kinds, (kind) => store.entities(kind as Kind).isNotRecorded);
  return kinds.filter((_, i) => flags[i]);
}

export function useConnection(): Connection {
  return useKey("connection", () => store.connection);
}

/** What kind of time the city's clock shows and how fast it runs; `null` before the first pulse. */
export function useClock(): Pick<CityClock, "kind" | "speed"> | null {
  return useKey("clock", () => store.clock);
}

/** City time in epoch milliseconds at the last whole `everyMs`; `null` before the first pulse. `leastMs`: as `cityTicker`. */
export function useCityNow(everyMs: number, leastMs?: number): number | null {
  const ticker = cityTicker(store, everyMs, leastMs);
  return useSyncExternalStore(ticker.subscribe, ticker.now, ticker.now);
}

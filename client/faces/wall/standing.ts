/** How the wall's figures stand against their targets: facts for the summary and for what is announced. */

import { useMemo } from "react";
import type { Domain } from "../../../shared/city.ts";
import type { FeedStatus } from "../../../shared/feed.ts";
import type { CityBody, Reading } from "../../../shared/protocol.ts";
import { tilesOfWall, type WallDefinition } from "../../../shared/wall.ts";
import {
  useCity,
  useCityNow,
  useConnection,
  useFeeds,
  useReadings,
  type Indicator,
} from "../../live/store.ts";
import { tileState, type TileState } from "./tile-state.ts";

export interface Standing {
  readonly domain: Domain;
  readonly indicator: Indicator;
  readonly state: TileState;
}

/** Every one of these figures that the city knows, in their order. */
export function standings(
  ids: readonly string[],
  city: CityBody,
  readings: ReadonlyMap<string, Reading | null>,
  feeds: readonly FeedStatus[],
  now: number,
  connected: boolean,
): Standing[] {
  const indicators = new Map(city.indicators.map((indicator) => [indicator.id, indicator]));
  return ids.flatMap((id): Standing[] => {
    const indicator = indicators.get(id);
    if (!indicator) return [];
    const own = feeds.filter((feed) => indicator.feeds.includes(feed.id));
    const state = tileState(readings.get(id) ?? null, indicator, own, now, connected);
    return [{ domain: indicator.domain, indicator, state }];
  });
}

/** Whether a figure takes part in the count of figures on target. */
export function hasTarget({ indicator }: Standing): boolean {
  return indicator.target !== null && indicator.better !== "neither";
}

/** Whether nothing can be said about the target now. */
export function isUnknown({ state }: Standing): boolean {
  return state.data !== "live" && state.data !== "late";
}

/** Those off target, the largest gap relative to its target first. */
export function worstFirst(all: readonly Standing[]): Standing[] {
  return all.filter(({ state }) => state.off !== null).toSorted((a, b) => relativeGap(b) - relativeGap(a));
}

function relativeGap({ indicator, state }: Standing): number {
  const target = indicator.target ?? 0;
  return Math.abs((state.value ?? target) - target) / Math.max(Math.abs(target), 1);
}

/** The figures that have a tile somewhere on the wall. */
export function useStandings(wall: WallDefinition): readonly Standing[] {
  const city = useCity();
  const feeds = useFeeds();
  const ids = useMemo(() => tilesOfWall(wall), [wall]);
  const readings = useReadings(ids);
  const now = useCityNow(1_000);
  const { state } = useConnection();
  if (city === null || now === null) return [];
  const byId = new Map(ids.map((id, i) => [id, readings[i] ?? null]));
  return standings(ids, city, byId, feeds, now, state === "connected");
}

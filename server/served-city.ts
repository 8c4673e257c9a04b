/** The running city as the API answers of it. */

import type { CityClock } from "../shared/clock.ts";
import type { Epochs } from "./epochs.ts";
import type { HistoryHealth } from "./history/host.ts";
import type { ServedCity } from "./http/app.ts";

export function servedCity(
  epochs: Epochs,
  clock: CityClock,
  clients: number,
  history: HistoryHealth,
): ServedCity {
  const { folder, live } = epochs.current;
  return {
    settings: folder.settings,
    holidays: folder.holidays,
    areas: folder.areas,
    areaIndex: live.city.plan.areas,
    basemapPath: folder.basemapPath,
    get body() {
      return live.broadcast.cityBody();
    },
    get feeds() {
      return epochs.feedStatuses(clock.cityAt);
    },
    readings: live.city.readings,
    clock,
    clients,
    history,
    refusedChange: epochs.refusedLines,
    *entities(kind) {
      for (const [, { entity }] of live.city.table(kind).entries()) yield entity;
    },
  };
}

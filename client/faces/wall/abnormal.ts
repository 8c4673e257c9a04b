/** Whether a part has something abnormal to say now; a part that is shown only then gives way to the next otherwise. */

import { isHidden } from "../../../shared/alarms.ts";
import { indicatorsOfPart, type Part, type Slot, type WallDefinition } from "../../../shared/wall.ts";
import { useAlarms, useCityNow, useConnection, useEntities, useFeeds } from "../../live/store.ts";
import { isInForce } from "../../map/warnings.ts";
import { useStandings } from "./standing.ts";

/** Judges the parts of these slots. */
export function useAbnormal(wall: WallDefinition, slots: readonly Slot[]): (part: Part) => boolean {
  const standings = useStandings(wall);
  const feeds = useFeeds();
  const { state } = useConnection();
  const now = useCityNow(5_000);
  const asksForWarnings = slots.flat().some(({ show, when }) => show === "warnings" && when === "abnormal");
  const warnings = useEntities("CapAlert", asksForWarnings);
  const asksForAlarms = slots.flat().some(({ show, when }) => show === "alarms" && when === "abnormal");
  const alarms = useAlarms(asksForAlarms);
  const isOff = (id: string): boolean =>
    standings.some((one) => one.indicator.id === id && one.state.off !== null);
  return (part) => {
    switch (part.show) {
      case "data":
      case "feeds":
        return state !== "connected" || feeds.some((feed) => feed.status !== "fresh");
      case "alarms":
        return state !== "connected" || alarms.some((alarm) => !isHidden(alarm));
      case "warnings":
        return Array.from(warnings.rows.values()).some((row) => isInForce(row, now));
      case "off-target":
      case "moments":
      case "briefing":
        return standings.some((one) => one.state.off !== null);
      case "score":
      case "tiles":
      case "ranking":
      case "distribution":
      case "headways":
      case "trend":
      case "today":
        return indicatorsOfPart(part).some(isOff);
    }
  };
}

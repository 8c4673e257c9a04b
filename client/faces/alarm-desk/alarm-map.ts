import { useMemo } from "react";
import type { Alarm } from "../../../shared/alarms.ts";
import type { SceneMap } from "../../../shared/wall.ts";
import { useCity, useIndicator } from "../../live/store.ts";

/**
 * The map that shows what an alarm is about: the things of its rule, or the areas shaded by its figure; `null` when it is
 * about neither.
 */
export function useAlarmMap({ rule, indicator: id }: Pick<Alarm, "rule" | "indicator">): SceneMap | null {
  const indicator = useIndicator(id ?? "");
  const level = indicator?.by.find((by) => by.startsWith("area."))?.slice("area.".length);
  const when = useCity()?.rules.find((one) => one.id === rule)?.when;
  const kind = when && "each" in when ? when.each : undefined;
  return useMemo(() => {
    const shade = indicator && level !== undefined ? { indicator: indicator.id, level } : null;
    return kind === undefined && shade === null ? null : { layers: kind ? [kind] : [], shade };
  }, [kind, indicator, level]);
}

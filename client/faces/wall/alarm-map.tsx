import { useMemo, type ComponentProps } from "react";
import { isHidden, urgency, type Alarm } from "../../../shared/alarms.ts";
import { useAlarms, useCity, useCityNow, useConnection } from "../../live/store.ts";
import { gatherByPlace, type AlarmMark } from "../../map/alarm-marks.ts";
import { CityMap } from "../../map/city-map.tsx";
import { useAreas } from "../../map/ground-data.ts";
import { formatAge } from "../../words/format-age.ts";
import { useWords } from "../../words/words.ts";
import { useAlarmNames } from "../alarm-desk/naming.ts";

const minuteMs = 60_000;

/** The map of the city with its alarms at their areas and places. */
export default function AlarmMap(props: Omit<ComponentProps<typeof CityMap>, "marks">) {
  const marks = useAlarmMarks(props.map.shade?.level ?? null);
  return <CityMap {...props} marks={marks} />;
}

/** The alarms that are somewhere on a map, the most urgent and then the newest first; none without a link: they may be over. */
function useAlarmMarks(shaded: string | null): readonly AlarmMark[] {
  const { t, text, language } = useWords();
  const alarms = useAlarms();
  const city = useCity();
  const nameOf = useAlarmNames();
  const level = shaded ?? city?.areaLevels[0]?.level ?? null;
  const areas = useAreas(level) ?? null;
  const now = useCityNow(minuteMs);
  const isLinked = useConnection().state === "connected";
  return useMemo(() => {
    if (!isLinked) return [];
    const shown = alarms.filter((alarm) => alarm.isActive && !isHidden(alarm)).toSorted(mostUrgentFirst);
    return gatherByPlace(shown, city?.rules ?? [], areas, level).map(
      ({ alarm, rule, geometry, others }): AlarmMark => {
        const age = formatAge(Math.max((now ?? alarm.since) - alarm.since, 0) / 1000, language);
        const detail = t("alarms.onMap", { priority: t(`alarms.priorities.${alarm.priority}`), age });
        const area = areas?.features.find((one) => one.geometry === geometry)?.properties.name;
        return {
          id: alarm.id,
          priority: alarm.priority,
          isKnown: alarm.state !== "unacknowledged",
          area: area ? text(area) : null,
          title: area ? text(rule.title) : nameOf(alarm, rule),
          detail: others > 0 ? `${detail} · ${t("alarms.moreHere", { count: others })}` : detail,
          geometry,
        };
      },
    );
  }, [alarms, city, nameOf, areas, level, now, isLinked, t, text, language]);
}

function mostUrgentFirst(a: Alarm, b: Alarm): number {
  return urgency(b.priority) - urgency(a.priority) || b.since - a.since;
}

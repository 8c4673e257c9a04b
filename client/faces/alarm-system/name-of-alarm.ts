/** What an alarm of the log is called, of which only the id is known. */

import { useMemo } from "react";
import { parseSeriesId } from "../../../shared/city.ts";
import { useAlarms, useCity } from "../../live/store.ts";
import { useAlarmNames } from "../alarm-desk/naming.ts";

export function useNameOfAlarm(): (id: string) => string {
  const nameOf = useAlarmNames();
  const alarms = useAlarms();
  const city = useCity();
  return useMemo(() => {
    const rules = new Map(city?.rules.map((rule) => [rule.id, rule]));
    return (id) => {
      const { indicator: ruleId, group } = parseSeriesId(id);
      const rule = rules.get(ruleId);
      if (!rule) return id;
      // Only one that is there now knows what its thing calls itself.
      const about = alarms.find((alarm) => alarm.id === id)?.about ?? null;
      return nameOf({ group, about, indicator: rule.indicator }, rule);
    };
  }, [nameOf, alarms, city]);
}

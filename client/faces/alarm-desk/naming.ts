/** What an alarm is called, its rule's title and what it is about, and what its state is called. */

import "../../words/alarm-words.ts";
import type { Alarm, AlarmEvent, AlarmRule } from "../../../shared/alarms.ts";
import type { AreaCollection } from "../../../shared/areas.ts";
import { parseSeriesId } from "../../../shared/city.ts";
import type { FeedStatus } from "../../../shared/feed.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useMemo } from "react";
import { useAlarms, useCity, useFeeds } from "../../live/store.ts";
import { useAreas } from "../../map/ground-data.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import { groupTitle } from "../group-title.ts";

interface Known {
  readonly city: CityBody | null;
  readonly feeds: readonly FeedStatus[];
  readonly areas: AreaCollection | null;
}

/** What of an alarm says what it is called. */
type NamedAlarm = Pick<Alarm, "group" | "about" | "indicator">;

/** Pure: the name of an alarm in a language. */
export function alarmName(
  { group, about, indicator }: NamedAlarm,
  rule: Pick<AlarmRule, "title">,
  known: Known,
  { text, t, language }: UsedWords,
): string {
  const title = text(rule.title);
  const of = about
    ? text(about)
    : group === null
      ? null
      : groupName(group, indicator, known, { text, language });
  return of === null ? title : t("alarms.of", { title, group: of });
}

/** Pure: its state; `isGone`: it is over and no longer among the city's alarms. */
export function stateInWords(
  { state, suppressedBy }: Alarm,
  isGone: boolean,
  { t }: Pick<UsedWords, "t">,
): string {
  if (isGone) return t("alarms.states.normal");
  if (state === "suppressed" && suppressedBy === "valid-times") return t("alarms.notValid");
  return t(`alarms.states.${state}`);
}

/** Pure: what happened to an alarm or was done with it; `rule`: its rule as it is now, where there is one. */
export function eventInWords(
  { kind, text }: Pick<AlarmEvent, "kind" | "text">,
  rule: Pick<AlarmRule, "response"> | undefined,
  { t, text: inWords }: Pick<UsedWords, "t" | "text">,
): string {
  if (kind === "check" || kind === "uncheck") {
    const step = rule?.response.checklist.find(({ en }) => en === text);
    return t(`desk.events.${kind}`, { text: step ? inWords(step) : (text ?? "") });
  }
  if (kind === "suppressed" && text === "valid-times") return t("alarms.notValid");
  if (kind === "assign" && text === null) return t("desk.givenBack");
  return t(`desk.events.${kind}`, { text: text ?? "" });
}

function groupName(
  group: string,
  indicator: string | null,
  { city, feeds, areas }: Known,
  { text, language }: Pick<UsedWords, "text" | "language">,
): string {
  const split = group.indexOf(":");
  const [by, key] = [group.slice(0, split), group.slice(split + 1)];
  const feed = by === "feed" ? feeds.find(({ id }) => id === key) : undefined;
  if (feed) return text(feed.title);
  if (city === null) return key;
  const titles = city.indicators.find(({ id }) => id === indicator)?.groupTitles ?? {};
  return groupTitle(key, by, { city, areas, titles }, language);
}

/** Names alarms with what this page knows of the city. */
export function useAlarmNames(): (alarm: NamedAlarm, rule: Pick<AlarmRule, "title">) => string {
  const words = useWords();
  const city = useCity();
  const feeds = useFeeds();
  const areas = useAreas(city?.areaLevels[0]?.level ?? null) ?? null;
  return useMemo(() => {
    const known = { city, feeds, areas };
    return (alarm, rule) => alarmName(alarm, rule, known, words);
  }, [city, feeds, areas, words]);
}

/** Names alarms by their ids, one that is over by its rule alone; `null` where the city has no such rule. */
export function useAlarmNamesById(): (id: string) => string | null {
  const { text } = useWords();
  const alarms = useAlarms();
  const rules = useCity()?.rules;
  const nameOf = useAlarmNames();
  return (id) => {
    const rule = rules?.find((one) => one.id === parseSeriesId(id).indicator);
    if (!rule) return null;
    const alarm = alarms.find((one) => one.id === id);
    return alarm ? nameOf(alarm, rule) : text(rule.title);
  };
}

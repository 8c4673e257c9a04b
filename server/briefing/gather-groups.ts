/** Areas and departments of a figure, with the sizes that they are fairly held to. */

import type { Text } from "../../shared/city.ts";
import { parseSeriesId, seriesId } from "../../shared/city.ts";
import { polygonsOf, type Area } from "../../shared/areas.ts";
import type { FairComparison } from "../core/briefing/definition.ts";
import type { BriefingFacts, ComparedFacts } from "../core/briefing/facts.ts";
import { askedOf, statisticOf } from "./asking.ts";
import type { GatherContext, KnownIndicator } from "./gather-context.ts";
import { readValues, type Reader } from "./series-reading.ts";

/** More groups are no comparison that anybody reads. */
const groupsAtMost = 80;

export async function gatherGroups(
  context: GatherContext,
  reader: Reader,
  asked: readonly FairComparison[],
  period: BriefingFacts["period"],
): Promise<readonly ComparedFacts[]> {
  const present = [...context.seriesIds];
  const found: ComparedFacts[] = [];
  for (const one of asked) {
    const indicator = context.indicators.find(({ id }) => id === one.indicator);
    if (indicator) found.push(await gatherOne(context, reader, { asked: one, indicator, period, present }));
  }
  return found;
}

interface GroupsAsked {
  readonly asked: FairComparison;
  readonly indicator: KnownIndicator;
  readonly period: BriefingFacts["period"];
  readonly present: readonly string[];
}

async function gatherOne(
  context: GatherContext,
  reader: Reader,
  { asked, indicator, period, present }: GroupsAsked,
): Promise<ComparedFacts> {
  const { feeds, ...definition } = indicator;
  const areas = context.folder.areas.find(({ level }) => asked.by === `area.${level}`)?.areas;
  const keys = areas
    ? areas.map(({ id }) => `${asked.by}:${id}`)
    : await groupKeys(context, reader, { asked, present });
  const series = keys.map((key) => seriesId(indicator.id, key));
  const statistic = statisticOf(indicator, period);
  const told = await readValues(reader, series, askedOf(period, statistic, period), statistic);
  const whole = asked.of;
  const sizes =
    whole === null
      ? keys.map((_, i) => areas?.[i]?.population ?? null)
      : (
          await readValues(
            reader,
            keys.map((key) => seriesId(whole, key)),
            askedOf(period, "mean", period),
            "mean",
          )
        ).map(({ value }) => value);
  return {
    asked,
    definition,
    statistic,
    feeds,
    groups: keys.map((key, i) => {
      const area = areas?.[i];
      return {
        series: series[i]!,
        name: area?.name ?? nameOf(key, indicator, context),
        told: told[i]!,
        size: sizes[i]!,
        area: area ? { id: area.id, rings: ringsOf(area) } : null,
      };
    }),
  };
}

/** Every group that there is or was, in the order of their keys. */
async function groupKeys(
  { past }: GatherContext,
  { signal }: Reader,
  { asked, present }: Pick<GroupsAsked, "asked" | "present">,
): Promise<readonly string[]> {
  const prefix = `${asked.indicator}{${asked.by}:`;
  const ids = [...(await past.seriesOf(asked.indicator, signal)), ...present].filter((id) =>
    id.startsWith(prefix),
  );
  return [...new Set(ids)]
    .toSorted()
    .slice(0, groupsAtMost)
    .flatMap((id) => parseSeriesId(id).group ?? []);
}

function nameOf(key: string, { groupTitles }: KnownIndicator, { folder }: GatherContext): Text {
  const value = key.slice(key.indexOf(":") + 1);
  const department = folder.departments.find(({ id }) => id === value);
  return groupTitles[value] ?? department?.title ?? { en: value, zh: value };
}

/** To about a hundred metres, and so that neighbours still meet: the same corner is rounded alike in both. */
function ringsOf({ geometry }: Area): readonly (readonly (readonly [number, number])[])[] {
  const round = (degrees: number): number => Math.round(degrees * 1000) / 1000;
  return polygonsOf(geometry).flatMap((rings) =>
    rings.map((ring) => {
      const rounded = ring.map(([x, y]): readonly [number, number] => [round(x!), round(y!)]);
      return rounded.filter(([x, y], i) => i === 0 || x !== rounded[i - 1]![0] || y !== rounded[i - 1]![1]);
    }),
  );
}

/** How the group of a figure or of an alarm is called. */

import type { Text } from "../shared/city.ts";
import type { CityFolder } from "./city-folder/city-folder.ts";

/** An area by its name, a feed or department by its title, else the field's value; `null` without a group. */
export function groupName(
  group: string | null,
  indicator: string | null,
  {
    feeds,
    departments,
    areas,
    indicators,
  }: Pick<CityFolder, "feeds" | "departments" | "areas" | "indicators">,
): Text | null {
  if (group === null) return null;
  const split = group.indexOf(":");
  const [grouping, key] = [group.slice(0, split), group.slice(split + 1)];
  const plain = { en: key, zh: key };
  if (grouping === "feed") return feeds.find(({ id }) => id === key)?.title ?? plain;
  if (grouping === "department") return departments.find(({ id }) => id === key)?.title ?? plain;
  if (grouping.startsWith("area.")) {
    const layer = areas.find(({ level }) => grouping === `area.${level}`);
    return layer?.areas.find(({ id }) => id === key)?.name ?? plain;
  }
  return indicators.find(({ id }) => id === indicator)?.groupTitles[key] ?? plain;
}

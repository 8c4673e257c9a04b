/** How a group of a figure is called. Pure. */

import type { AreaCollection } from "../../shared/areas.ts";
import type { Language, Text } from "../../shared/city.ts";
import type { CityBody } from "../../shared/protocol.ts";

/** The group's own name: as its indicator calls it, of its area or department; else its id in readable letters. */
export function groupTitle(
  id: string,
  by: string,
  known: {
    readonly city: CityBody;
    readonly areas: AreaCollection | null;
    readonly titles: Readonly<Record<string, Text>>;
  },
  language: Language,
): string {
  if (Object.hasOwn(known.titles, id)) return known.titles[id]![language];
  const area = known.areas?.features.find((feature) => feature.properties.id === id);
  if (area) return area.properties.name[language];
  const department = isOwner(by) && known.city.departments.find((one) => one.id === id);
  if (department) return department.title[language];
  const spaced = id.replaceAll(/[-_]/g, " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function isOwner(by: string): boolean {
  return by === "department" || by === "agencyResponsible";
}

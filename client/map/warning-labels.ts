/** The words beside the areas of official warnings. */

import type { Language } from "../../shared/city.ts";
import { formatDay, formatTime } from "../words/format-time.ts";
import { wordsIn } from "../words/words.ts";
import type { MapLabel } from "./map-labels.ts";
import type { WarningArea } from "./warnings.ts";

/** An end within this is said by its time alone. */
const todayMs = 18 * 3_600_000;

export function warningLabels(
  areas: readonly WarningArea[],
  language: Language,
  zone: string,
  now: number | null,
): readonly MapLabel[] {
  return areas.map((area) => ({ geometry: area.geometry, element: labelOf(area, language, zone, now) }));
}

function labelOf(area: WarningArea, language: Language, zone: string, now: number | null): HTMLElement {
  const t = wordsIn(language);
  const element = document.createElement("div");
  element.dataset["severity"] = area.severity;
  const lines = [
    t("map.warning.head", { severity: t(`map.warning.severity.${area.severity}`) }),
    area.headline,
    area.expiresAt === null
      ? ""
      : t("map.warning.until", { time: endOf(area.expiresAt, language, zone, now) }),
  ];
  for (const line of lines.filter((text) => text !== "")) {
    const span = document.createElement("span");
    span.textContent = line;
    element.append(span);
  }
  return element;
}

function endOf(at: number, language: Language, zone: string, now: number | null): string {
  const time = formatTime(at, zone, language);
  return now !== null && at - now < todayMs ? time : `${formatDay(at, zone, language)} ${time}`;
}

/** The words beside the areas of official warnings, as elements over the symbols like the areas' names. */

import type { Language } from "../../shared/city.ts";
import { formatDay, formatTime } from "../words/format-time.ts";
import { wordsIn } from "../words/words.ts";
import type { NameBox } from "./area-names.ts";
import { labelPlaces, type Box, type WarningArea } from "./warnings.ts";

/** An end within this is said by its time alone. */
const todayMs = 18 * 3_600_000;

export class WarningLabels {
  readonly #layer: HTMLElement;
  #labels: readonly { readonly area: WarningArea; readonly element: HTMLElement }[] = [];

  constructor(container: HTMLElement, className: string) {
    this.#layer = document.createElement("div");
    this.#layer.className = className;
    // The list names the warnings to those who cannot see the map.
    this.#layer.setAttribute("aria-hidden", "true");
    container.append(this.#layer);
  }

  remove(): void {
    this.#layer.remove();
  }

  write(areas: readonly WarningArea[], language: Language, zone: string, now: number | null): void {
    this.#labels = areas.map((area) => ({ area, element: labelOf(area, language, zone, now) }));
    this.#layer.replaceChildren(...this.#labels.map(({ element }) => element));
  }

  /**
   * Puts every label where its area is; returns what they cover. One that has no room is left out: its outline stays,
   * and the list and the warnings' own part have its words.
   */
  place(
    project: (place: [number, number]) => { readonly x: number; readonly y: number },
    view: Box,
    gap: number,
    cost: (box: Box) => number,
  ): NameBox[] {
    const labels = this.#labels.map(({ area, element }) => ({
      geometry: area.geometry,
      size: { width: element.offsetWidth, height: element.offsetHeight },
    }));
    return labelPlaces(labels, project, view, gap, cost).flatMap((place, i) => {
      const [{ element }, { size }] = [this.#labels[i]!, labels[i]!];
      element.style.visibility = place ? "inherit" : "hidden";
      if (!place) return [];
      element.style.transform = `translate(${place.x.toFixed(1)}px, ${place.y.toFixed(1)}px)`;
      return [{ x: place.x + size.width / 2, y: place.y + size.height / 2, ...size }];
    });
  }
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

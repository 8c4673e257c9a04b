/** Words beside areas and places, as elements over the symbols like the areas' names. */

import type { MultiPolygon, Polygon } from "geojson";
import type { NameBox } from "./area-names.ts";
import { labelPlaces, type Box } from "./warnings.ts";

export interface MapLabel {
  readonly geometry: Polygon | MultiPolygon;
  /** Where its middle has to be, instead of beside the area. */
  readonly at?: [number, number] | null;
  readonly element: HTMLElement;
}

export class MapLabels {
  readonly #layer: HTMLElement;
  #labels: readonly MapLabel[] = [];

  constructor(container: HTMLElement, className: string) {
    this.#layer = document.createElement("div");
    this.#layer.className = className;
    // The list and the parts beside the map have the same words for those who cannot see it.
    this.#layer.setAttribute("aria-hidden", "true");
    container.append(this.#layer);
  }

  remove(): void {
    this.#layer.remove();
  }

  /** The most important first. */
  write(labels: readonly MapLabel[]): void {
    this.#labels = labels;
    this.#layer.replaceChildren(...labels.map(({ element }) => element));
  }

  /**
   * Puts every label beside what it is of, or in its middle; returns what they cover. One that has no room is left out: its outline stays,
   * and the list or a part beside the map has its words.
   */
  place(
    project: (place: [number, number]) => { readonly x: number; readonly y: number },
    view: Box,
    gap: number,
    cost: (box: Box) => number,
  ): NameBox[] {
    const labels = this.#labels.map(({ geometry, at = null, element }) => ({
      geometry,
      at,
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

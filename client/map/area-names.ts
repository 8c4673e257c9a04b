/**
 * The areas' names as elements over the symbols, with a halo, because a name under forty buses cannot be read. MapLibre
 * draws its labels on the ground, below the overlay of live things.
 */

import type { AreaCollection } from "../../shared/areas.ts";
import type { Language } from "../../shared/city.ts";
import { areaLabels } from "./area-shapes.ts";

/** A name's middle and size in CSS pixels. */
export interface NameBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Which names are shown: each that meets none before it and nothing `covered`, so the most important come first. */
export function freeNames(
  boxes: readonly NameBox[],
  gap: number,
  covered: readonly NameBox[] = [],
): boolean[] {
  const taken: NameBox[] = [...covered];
  return boxes.map((box) => {
    const free = taken.every(
      (other) =>
        Math.abs(box.x - other.x) * 2 >= box.width + other.width + 2 * gap ||
        Math.abs(box.y - other.y) * 2 >= box.height + other.height + 2 * gap,
    );
    if (free) taken.push(box);
    return free;
  });
}

/** Size of a name in u at a zoom of a 1080 canvas. */
export function nameSize(zoom: number): number {
  return Math.min(Math.max(17.5 + (zoom - 12) * 2.25, 16), 24);
}

/** From this zoom of a 1080 canvas on names are shown. */
const namedFromZoom = 10;

interface Name {
  readonly element: HTMLElement;
  readonly place: readonly [number, number];
  /** Measured at `measuredPx`. */
  readonly width: number;
  readonly height: number;
}

const measuredPx = 20;

/** Keeps the names of a map in place. */
export class AreaNames {
  readonly #layer: HTMLElement;
  #names: readonly Name[] = [];

  constructor(container: HTMLElement, className: string) {
    this.#layer = document.createElement("div");
    this.#layer.className = className;
    // The list and the figures name the areas to those who cannot see the map.
    this.#layer.setAttribute("aria-hidden", "true");
    container.append(this.#layer);
  }

  remove(): void {
    this.#layer.remove();
  }

  /** Writes other names; the fonts must be there. */
  write(areas: AreaCollection | null, language: Language): void {
    const labels = areas ? areaLabels(areas, language).features : [];
    this.#layer.style.fontSize = `${measuredPx}px`;
    const written = labels
      .toSorted((a, b) => a.properties.rank - b.properties.rank)
      .map(({ properties, geometry }) => {
        const element = document.createElement("span");
        element.textContent = properties.name;
        return { element, place: geometry.coordinates as [number, number] };
      });
    this.#layer.replaceChildren(...written.map(({ element }) => element));
    this.#names = written.map((name) => ({
      ...name,
      width: name.element.offsetWidth,
      height: name.element.offsetHeight,
    }));
  }

  /** Puts every name where `project` says; `zoom` is that of a 1080 canvas, `scale` CSS pixels per u. */
  place(
    project: (place: [number, number]) => { x: number; y: number },
    zoom: number,
    scale: number,
    covered: readonly NameBox[],
  ): void {
    const size = nameSize(zoom) * scale;
    const factor = size / measuredPx;
    const boxes = this.#names.map(({ place, width, height }) => ({
      ...project([...place]),
      width: width * factor,
      height: height * factor,
    }));
    const free = zoom < namedFromZoom ? boxes.map(() => false) : freeNames(boxes, 3 * scale, covered);
    this.#layer.style.fontSize = `${size}px`;
    this.#names.forEach(({ element }, i) => {
      const { x, y } = boxes[i]!;
      element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`;
      // Not "visible": the names of a map that is not shown are not either.
      element.style.visibility = free[i] ? "inherit" : "hidden";
    });
  }
}

/** An outline over the map: corner by corner as somebody draws it, and whole as it lies there. */

import type { MultiPolygon, Polygon } from "geojson";
import { polygonsOf } from "../../shared/areas.ts";

type Place = readonly [lon: number, lat: number];

export interface Drawing {
  /** What lies there; `null`: nothing yet. */
  readonly outline: Polygon | MultiPolygon | null;
  /** What is drawn now, as far as it is. */
  readonly corners: readonly Place[];
  /** Hears where somebody pressed; `isFirst`: on the first corner once more. `null`: nothing is drawn now. */
  readonly onCorner: ((place: Place, isFirst: boolean) => void) | null;
}

/** Pixels around the first corner that mean that corner, wide enough for a finger. */
const reach = 16;

type Project = (place: [number, number]) => { readonly x: number; readonly y: number };

export class DrawnOutline {
  readonly #svg = part("svg");
  readonly #outline = part("path");
  readonly #line = part("path");
  readonly #middle = part("path");
  #drawing: Drawing | null = null;

  /** `classes` are those of the drawing, what lies there, what is drawn, and the mark of the middle. */
  constructor(
    element: HTMLElement,
    classes: readonly [svg: string, outline: string, line: string, middle: string],
  ) {
    [this.#svg, this.#outline, this.#line, this.#middle].forEach((one, i) => {
      one.setAttribute("class", classes[i]!);
    });
    this.#svg.setAttribute("aria-hidden", "true");
    this.#outline.setAttribute("fill-rule", "evenodd");
    this.#svg.append(this.#outline, this.#line, this.#middle);
    element.append(this.#svg);
  }

  remove(): void {
    this.#svg.remove();
  }

  set(drawing: Drawing | null): void {
    this.#drawing = drawing;
  }

  paint(project: Project, width: number, height: number): void {
    const { outline, corners = [], onCorner = null } = this.#drawing ?? { outline: null };
    this.#outline.setAttribute("d", outline === null ? "" : polygonsOf(outline).flat().map((ring) => ringPath(ring, project)).join(" ")); // prettier-ignore
    const points = corners.map((corner) => project([...corner]));
    const line = points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join(" ");
    this.#line.setAttribute("d", `${line} ${points.map(dot).join(" ")}`);
    const [x, y] = [width / 2, height / 2];
    this.#middle.setAttribute("d", onCorner === null ? "" : `M${x - 10} ${y}h20M${x} ${y - 10}v20`);
  }

  /** Tells whoever draws that this place was pressed. `false`: nobody draws. */
  press(place: Place, project: Project): boolean {
    const { onCorner = null, corners = [] } = this.#drawing ?? {};
    if (onCorner === null) return false;
    const [first] = corners;
    const [a, b] = [project([...place]), first && project([...first])];
    onCorner(place, b !== undefined && Math.hypot(a.x - b.x, a.y - b.y) <= reach);
    return true;
  }
}

function ringPath(ring: readonly (readonly number[])[], project: Project): string {
  const points = ring.map(([lon, lat]) => project([lon!, lat!]));
  return `${points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join(" ")}Z`;
}

function dot({ x, y }: { readonly x: number; readonly y: number }): string {
  return `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0`;
}

function part<K extends "svg" | "path">(name: K): SVGElementTagNameMap[K] {
  return document.createElementNS("http://www.w3.org/2000/svg", name);
}

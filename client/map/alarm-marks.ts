/** Alarms on the map: an outline around the area with shape and words in its middle, or a ring at the place with them beside it. */

import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon } from "geojson";
import { urgency, type Alarm, type AlarmRule, type Priority } from "../../shared/alarms.ts";
import { polygonsOf, type AreaCollection } from "../../shared/areas.ts";
import { deepestPoint, ringArea } from "../../shared/polygon.ts";
import { priorityNumber, priorityShapes } from "../look/priority-shapes.ts";
import type { MapLabel } from "./map-labels.ts";

type Place = Polygon | MultiPolygon | Point;

export interface AlarmMark {
  readonly id: string;
  readonly priority: Priority;
  /** Somebody knows of it, or it is over. */
  readonly isKnown: boolean;
  /** The name of the area it is about; the words stand in the place of that name. `null` for a place. */
  readonly area: string | null;
  readonly title: string;
  readonly detail: string;
  readonly geometry: Place;
}

/**
 * The alarms of known rules that are somewhere on a map, those of each place together, in their order: the first of them, and
 * how many others there are.
 */
export function gatherByPlace<
  T extends Pick<Alarm, "id" | "rule" | "position" | "group">,
  R extends Pick<AlarmRule, "id">,
>(
  alarms: readonly T[],
  rules: readonly R[],
  areas: AreaCollection | null,
  level: string | null,
): readonly { readonly alarm: T; readonly rule: R; readonly geometry: Place; readonly others: number }[] {
  const gathered = new Map<string, { alarm: T; rule: R; geometry: Place; others: number }>();
  for (const alarm of alarms) {
    const rule = rules.find(({ id }) => id === alarm.rule);
    const geometry = placeOfAlarm(alarm, areas, level);
    if (rule === undefined || geometry === null) continue;
    const key = alarm.position === null ? (alarm.group ?? alarm.id) : alarm.id;
    const known = gathered.get(key);
    if (known) known.others++;
    else gathered.set(key, { alarm, rule, geometry, others: 0 });
  }
  return Array.from(gathered.values());
}

/** Where an alarm is, on a map with these areas: its thing's place, else the area it is about; `null`: nowhere in particular. */
export function placeOfAlarm(
  { position, group }: Pick<Alarm, "position" | "group">,
  areas: AreaCollection | null,
  level: string | null,
): Place | null {
  if (position !== null) return { type: "Point", coordinates: [...position] };
  const prefix = `area.${level}:`;
  if (level === null || !group?.startsWith(prefix)) return null;
  const id = group.slice(prefix.length);
  return areas?.features.find(({ properties }) => properties.id === id)?.geometry ?? null;
}

/** As MapLibre draws them; the most urgent last, so that it lies on top. */
export function markFeatures(
  marks: readonly AlarmMark[],
): FeatureCollection<Place, { readonly priority: Priority; readonly isKnown: boolean }> {
  const features = marks
    .toSorted((a, b) => urgency(a.priority) - urgency(b.priority))
    .map(({ geometry, priority, isKnown }): Feature<Place, { priority: Priority; isKnown: boolean }> => ({
      type: "Feature",
      properties: { priority, isKnown },
      geometry,
    }));
  return { type: "FeatureCollection", features };
}

/** More words than these would hide the city; every area and place has its outline all the same. */
const namedAtMost = 4;

export function markLabels(marks: readonly AlarmMark[]): readonly MapLabel[] {
  return marks
    .slice(0, namedAtMost)
    .map((mark) => ({
      geometry: areaAround(mark.geometry),
      at: mark.area === null ? null : middleOf(mark.geometry),
      element: labelOf(mark),
    }));
}

/** Where the name of an area stands. */
function middleOf(geometry: Place): [number, number] | null {
  if (geometry.type === "Point") return null;
  const [largest] = polygonsOf(geometry).toSorted((a, b) => ringArea(b[0] ?? []) - ringArea(a[0] ?? []));
  return largest ? deepestPoint(largest) : null;
}

/** A place as an area of no size. */
function areaAround(geometry: Place): Polygon | MultiPolygon {
  if (geometry.type !== "Point") return geometry;
  const at = geometry.coordinates;
  return { type: "Polygon", coordinates: [[at, at, at, at]] };
}

const svg = "http://www.w3.org/2000/svg";

function labelOf({ priority, isKnown, area, title, detail }: AlarmMark): HTMLElement {
  const element = document.createElement("div");
  element.dataset["priority"] = priority;
  element.dataset["known"] = String(isKnown);
  const lines = area === null ? [title, detail] : [area, title, detail];
  const words = document.createElement("p");
  words.append(
    ...lines.map((line) => {
      const span = document.createElement("span");
      span.textContent = line;
      return span;
    }),
  );
  element.append(shapeOf(priority), words);
  return element;
}

function shapeOf(priority: Priority): SVGElement {
  const { outline, baseline } = priorityShapes[priority];
  const shape = document.createElementNS(svg, "svg");
  shape.setAttribute("viewBox", "0 0 20 20");
  const path = document.createElementNS(svg, "path");
  path.setAttribute("d", outline);
  const number = document.createElementNS(svg, "text");
  number.setAttribute("x", "10");
  number.setAttribute("y", String(baseline));
  number.setAttribute("text-anchor", "middle");
  number.textContent = String(priorityNumber(priority));
  shape.append(path, number);
  return shape;
}

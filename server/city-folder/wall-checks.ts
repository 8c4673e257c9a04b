/** Whether a wall names indicators, areas and kinds that the folder has, and fits its screen at a size that can be read. */

import { fieldsRead } from "../core/indicators/meter.ts";
import { misfits, readableMetres, typeScale, type Misfit } from "../../shared/viewing.ts";
import type { Part, SceneDefinition, Viewing, WallDefinition } from "../../shared/wall.ts";
import { regionNames } from "../../shared/wall.ts";
import type { FolderFiles, Loaded } from "./folder-files.ts";
import type { JsonPath } from "./json-document.ts";
import { oneOf, type Known } from "./known.ts";

type Wall = Loaded<Pick<WallDefinition, "viewing" | "scenes">>;

export function checkWalls(files: FolderFiles, known: Known, walls: readonly Wall[]): void {
  for (const wall of walls) {
    const check = new WallCheck(files, known, wall);
    wall.value.scenes.forEach((scene, s) => check.scene(scene, ["scenes", s]));
  }
}

class WallCheck {
  readonly #files: FolderFiles;
  readonly #known: Known;
  readonly #wall: Wall;
  readonly #sceneIds = new Set<string>();

  constructor(files: FolderFiles, known: Known, wall: Wall) {
    this.#files = files;
    this.#known = known;
    this.#wall = wall;
  }

  scene(scene: SceneDefinition, path: JsonPath): void {
    if (this.#sceneIds.has(scene.id))
      this.#blame([...path, "id"], "setting", "an id that no other scene has");
    this.#sceneIds.add(scene.id);
    this.#map(scene, path);
    this.#regions(scene.regions, [...path, "regions"]);
    for (const [shape, regions] of Object.entries(scene.variations))
      this.#regions(regions, [...path, "variations", shape]);
    for (const misfit of misfits(scene, this.#wall.value.viewing))
      this.#blame(path, "setting", roomInWords(misfit, this.#wall.value.viewing));
  }

  #regions(regions: Partial<SceneDefinition["regions"]>, path: JsonPath): void {
    for (const name of regionNames)
      regions[name]?.forEach((slot, s) => slot.forEach((part, p) => this.#part(part, [...path, name, s, p])));
  }

  #part(part: Part, path: JsonPath): void {
    switch (part.show) {
      case "tiles":
        part.indicators.forEach((id, i) => {
          const at = [...path, "indicators", i];
          if (this.#indicator(at, id) && !id.startsWith(`${part.domain}.`))
            this.#blame(at, "setting", `an indicator of the part's domain, ${part.domain}`);
        });
        return;
      case "trend":
      case "today":
        part.indicators.forEach((id, i) => this.#indicator([...path, "indicators", i], id));
        return;
      case "score":
        this.#indicator([...path, "indicator"], part.indicator);
        return;
      case "headways":
        this.#ofHeadways([...path, "indicator"], part.indicator);
        return;
      case "ranking":
      case "distribution":
        this.#grouped([...path, "indicator"], part.indicator, part.by);
        return;
      case "off-target":
      case "data":
      case "feeds":
      case "warnings":
      case "moments":
        return;
    }
  }

  #map({ map }: SceneDefinition, path: JsonPath): void {
    if (!map) return;
    const { feeds, areas } = this.#known;
    const allSound = feeds.loaded.length === feeds.ids.size;
    map.layers.forEach((kind, i) => {
      if (allSound && !feeds.loaded.some((feed) => feed.gives?.includes(kind) !== false))
        this.#blame([...path, "map", "layers", i], "reference", "a kind that a feed of this folder gives");
    });
    if (!map.shade) return;
    const { indicator, level } = map.shade;
    if (areas.has(level)) this.#grouped([...path, "map", "shade", "indicator"], indicator, `area.${level}`);
    else
      this.#blame(
        [...path, "map", "shade", "level"],
        "reference",
        oneOf("a level of city.json", level, areas.keys()),
      );
  }

  #grouped(path: JsonPath, id: string, by: string): void {
    if (!this.#indicator(path, id)) return;
    const indicator = this.#known.indicators.loaded.find(({ value }) => value.id === id);
    if (indicator && !indicator.value.by.includes(by))
      this.#blame(path, "reference", `an indicator with "by": ["${by}"]`);
  }

  /** Headways are worked out only for a city with an indicator that reads them. */
  #ofHeadways(path: JsonPath, id: string): void {
    if (!this.#indicator(path, id)) return;
    const indicator = this.#known.indicators.loaded.find(({ value }) => value.id === id);
    if (indicator && !fieldsRead(indicator.value).includes("headwayPercent"))
      this.#blame(path, "reference", 'an indicator that reads "headwayPercent" of TripUpdate');
  }

  #indicator(path: JsonPath, id: string): boolean {
    const { ids } = this.#known.indicators;
    if (!ids.has(id)) this.#blame(path, "reference", oneOf("an indicator of this folder", id, ids));
    return ids.has(id);
  }

  #blame(path: JsonPath, code: "setting" | "reference", expected: string): void {
    this.#files.blame(this.#wall, path, code, expected);
  }
}

/** What does not fit and what would help. */
function roomInWords({ region, side, neededUnits, roomUnits }: Misfit, viewing: Viewing): string {
  const { distanceMetres, diagonalInches } = viewing;
  const nearest = readableMetres({ ...viewing, distanceMetres: 0 }).figures;
  const size = `${Math.ceil(neededUnits)} units of ${side} for its region ${region}, where ${Math.floor(roomUnits)} are left`;
  const scale = typeScale(viewing);
  const closer =
    scale > 1 ? `, people closer than ${distanceMetres} m (from ${nearest.toFixed(1)} m the most fits)` : "";
  return `what can be read on a ${diagonalInches} inch screen from ${distanceMetres} m: the scene needs ${size}; it takes fewer parts or tiles${closer} or a larger screen`;
}

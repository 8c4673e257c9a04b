/**
 * Whether a wall names indicators, areas and kinds that the folder has, and fits its screen at a size that can be read.
 * What a wall names is looked up in the file as it is written, so that a fault elsewhere in it hides none of these.
 */

import { domains, type Domain } from "../../shared/city.ts";
import { isKind } from "../../shared/kinds.ts";
import { fieldsRead } from "../core/indicators/sample.ts";
import { misfits, readableMetres, typeScale, type Misfit } from "../../shared/viewing.ts";
import { regionNames, type Viewing, type WallDefinition } from "../../shared/wall.ts";
import { valueAt } from "./fault.ts";
import type { FolderFiles, Loaded } from "./folder-files.ts";
import type { JsonPath } from "./json-document.ts";
import { oneOf, type Known } from "./known.ts";
import { dottedId } from "./words.ts";

type Wall = Loaded<Pick<WallDefinition, "viewing" | "scenes">>;

/** Checks every wall file that is JSON; `walls` are those that are sound by themselves. */
export function checkWalls(files: FolderFiles, known: Known, walls: readonly Wall[]): void {
  for (const file of files.listRead("walls")) {
    const check = new WallCheck(files, known, file);
    new Place(file.document.value).at("scenes").items.forEach((scene) => {
      check.scene(scene);
    });
  }
  for (const wall of walls)
    wall.value.scenes.forEach((scene, s) => {
      for (const misfit of misfits(scene, wall.value.viewing))
        files.blame(wall, ["scenes", s], "setting", roomInWords(misfit, wall.value.viewing));
    });
}

/** A value of a JSON file, of whatever type it is, and where it stands. */
class Place {
  readonly value: unknown;
  readonly path: JsonPath;

  constructor(value: unknown, path: JsonPath = []) {
    this.value = value;
    this.path = path;
  }

  get text(): string | null {
    return typeof this.value === "string" ? this.value : null;
  }

  get items(): readonly Place[] {
    return Array.isArray(this.value) ? this.value.map((item, i) => new Place(item, [...this.path, i])) : [];
  }

  get members(): readonly Place[] {
    const { value } = this;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? Object.keys(value).map((key) => this.at(key)) : [];
  }

  at(key: string): Place {
    return new Place(valueAt(this.value, [key]), [...this.path, key]);
  }
}

class WallCheck {
  readonly #files: FolderFiles;
  readonly #known: Known;
  readonly #wall: Loaded<unknown>;
  readonly #sceneIds = new Set<string>();

  constructor(files: FolderFiles, known: Known, wall: Loaded<unknown>) {
    this.#files = files;
    this.#known = known;
    this.#wall = wall;
  }

  scene(scene: Place): void {
    const id = scene.at("id");
    if (id.text !== null && this.#sceneIds.has(id.text))
      this.#blame(id, "setting", "an id that no other scene has");
    if (id.text !== null) this.#sceneIds.add(id.text);
    this.#map(scene.at("map"));
    for (const regions of [scene.at("regions"), ...scene.at("variations").members])
      for (const name of regionNames)
        for (const slot of regions.at(name).items) for (const part of slot.items) this.#part(part);
  }

  #part(part: Place): void {
    const domain = part.at("show").text === "tiles" ? domains.find(isText(part.at("domain"))) : undefined;
    for (const indicator of part.at("indicators").items) this.#tile(indicator, domain);
    this.#briefing(part.at("definition"));
    const by = part.at("by").text;
    if (part.at("show").text === "headways") this.#ofHeadways(part.at("indicator"));
    else if (by === null) this.#indicator(part.at("indicator"));
    else this.#grouped(part.at("indicator"), by);
  }

  #tile(indicator: Place, domain: Domain | undefined): void {
    if (this.#indicator(indicator) && domain !== undefined && !indicator.text!.startsWith(`${domain}.`))
      this.#blame(indicator, "setting", `an indicator of the part's domain, ${domain}`);
  }

  #map(map: Place): void {
    const { feeds, areas } = this.#known;
    const allSound = feeds.loaded.length === feeds.ids.size;
    for (const layer of map.at("layers").items) {
      const kind = layer.text;
      if (kind === null || !isKind(kind) || !allSound) continue;
      if (!feeds.loaded.some((feed) => feed.gives?.includes(kind) !== false))
        this.#blame(layer, "reference", "a kind that a feed of this folder gives");
    }
    const [level, indicator] = [map.at("shade").at("level"), map.at("shade").at("indicator")];
    if (level.text !== null && areas.has(level.text)) return this.#grouped(indicator, `area.${level.text}`);
    if (level.text !== null)
      this.#blame(level, "reference", oneOf("a level of city.json", level.text, areas.keys()));
    this.#indicator(indicator);
  }

  #grouped(indicator: Place, by: string): void {
    if (!this.#indicator(indicator)) return;
    const named = this.#known.indicators.loaded.find(({ value }) => value.id === indicator.text);
    if (named && !named.value.by.includes(by))
      this.#blame(indicator, "reference", `an indicator with "by": ["${by}"]`);
  }

  #briefing(definition: Place): void {
    const { briefings } = this.#known;
    if (definition.text !== null && !briefings.has(definition.text))
      this.#blame(definition, "reference", oneOf("a briefing of this folder", definition.text, briefings));
  }

  /** Headways are worked out only for a city with an indicator that reads them. */
  #ofHeadways(indicator: Place): void {
    if (!this.#indicator(indicator)) return;
    const named = this.#known.indicators.loaded.find(({ value }) => value.id === indicator.text);
    if (named && !fieldsRead(named.value).includes("headwayPercent"))
      this.#blame(indicator, "reference", 'an indicator that reads "headwayPercent" of TripUpdate');
  }

  /** Whether the folder has it; what is no id at all is already a fault of the file's schema. */
  #indicator(place: Place): boolean {
    const { ids } = this.#known.indicators;
    if (place.text === null || !dottedId.safeParse(place.text).success) return false;
    if (!ids.has(place.text))
      this.#blame(place, "reference", oneOf("an indicator of this folder", place.text, ids));
    return ids.has(place.text);
  }

  #blame({ path }: Place, code: "setting" | "reference", expected: string): void {
    this.#files.blame(this.#wall, path, code, expected);
  }
}

function isText(place: Place): (word: string) => boolean {
  return (word) => word === place.value;
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

/** Whether a wall names indicators, areas and kinds that the folder has. */

import type { WallDefinition } from "../../shared/city.ts";
import type { FolderFiles, Loaded } from "./folder-files.ts";
import type { JsonPath } from "./json-document.ts";
import { oneOf, type Known } from "./known.ts";

type Wall = Loaded<Pick<WallDefinition, "columns" | "map">>;

export function checkWalls(files: FolderFiles, known: Known, walls: readonly Wall[]): void {
  for (const wall of walls) {
    wall.value.columns.forEach(({ domain, indicators }, c) =>
      indicators.forEach((id, i) => {
        const path: JsonPath = ["columns", c, "indicators", i];
        if (!checkIndicator(files, known, wall, path, id)) return;
        if (!id.startsWith(`${domain}.`))
          files.blame(wall, path, "setting", `an indicator of the column's domain, ${domain}`);
      }),
    );
    checkMap(files, known, wall);
  }
}

function checkIndicator(files: FolderFiles, known: Known, wall: Wall, path: JsonPath, id: string): boolean {
  if (known.indicators.ids.has(id)) return true;
  files.blame(wall, path, "reference", oneOf("an indicator of this folder", id, known.indicators.ids));
  return false;
}

function checkMap(files: FolderFiles, known: Known, wall: Wall): void {
  const { layers, shade } = wall.value.map;
  const allSound = known.feeds.loaded.length === known.feeds.ids.size;
  layers.forEach((kind, i) => {
    if (allSound && !known.feeds.loaded.some((feed) => feed.gives?.includes(kind) !== false))
      files.blame(wall, ["map", "layers", i], "reference", "a kind that a feed of this folder gives");
  });
  if (!shade) return;
  const levelKnown = known.areas.has(shade.level);
  if (!levelKnown)
    files.blame(
      wall,
      ["map", "shade", "level"],
      "reference",
      oneOf("a level of city.json", shade.level, known.areas.keys()),
    );
  if (!checkIndicator(files, known, wall, ["map", "shade", "indicator"], shade.indicator) || !levelKnown)
    return;
  const indicator = known.indicators.loaded.find(({ value }) => value.id === shade.indicator);
  if (indicator && !indicator.value.by.includes(`area.${shade.level}`))
    files.blame(
      wall,
      ["map", "shade", "indicator"],
      "reference",
      `an indicator with "by": ["area.${shade.level}"]`,
    );
}

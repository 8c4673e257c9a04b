import { join } from "node:path";
import { expect, it } from "vitest";
import { misfits } from "../../shared/viewing.ts";
import { screenShapes } from "../../shared/wall.ts";
import { readCityFolder } from "./city-folder.ts";
import { faultLine } from "./fault.ts";
import { findRecordings } from "./recordings.ts";

const recordings = findRecordings();

it.skipIf(recordings === null).each(["demo-city", "san-francisco"])(
  "every scene of %s fits every shape of screen, not only that of its own wall",
  (name) => {
    const dir = join(import.meta.dirname, "../../fixtures", name);
    const city = readCityFolder(dir, { recordings: recordings ?? "", env: {} });
    if (!city.ok) throw new Error(city.failure.map(faultLine).join("\n"));
    const found = city.value.walls.flatMap((wall) =>
      screenShapes.flatMap((shape) =>
        wall.scenes.flatMap((scene) =>
          // From near by, because a screen of the same diagonal is lower the wider it is.
          misfits(scene, { ...wall.viewing, shape, distanceMetres: 1 }).map(
            ({ region, side, neededUnits, roomUnits }) =>
              `${shape} ${scene.id} ${region}: ${side} ${neededUnits} u in ${roomUnits} u`,
          ),
        ),
      ),
    );
    expect(found).toEqual([]);
  },
);

/** A scripted city whose vehicles all move, for the benchmarks that open its wall in a real browser. */

import type { Page } from "playwright-core";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import { Dictionary, encodeEntityColumns } from "../../shared/entity-frame.ts";
import { entityId, type EntityOf } from "../../shared/entity.ts";
import { findBrowser } from "../../server/briefing/print/find-browser.ts";
import { browserAdvice } from "../browser/browser.ts";
import { harbourCity, startAt } from "../browser/harbour-city.ts";
import { startScriptedCity, type ScriptedCity } from "../browser/scripted-city.ts";
import type { NotHere } from "./benchmark.ts";

export const points = 20_000;
/** The smallest wall whose map lies beside the figures: machines may draw on the processor. */
export const viewport = { width: 1280, height: 720 };
export const updateEveryMs = 1_000;

export interface MovingCity extends ScriptedCity {
  /** Sends every vehicle a step on its way. */
  step(): void;
  /** Gives every figure another value. */
  measure(): void;
}

/** Vehicles on small circles all over the city, each reporting its heading. */
function vehicleAt(i: number, step: number, observedAt: number): EntityOf<"VehiclePosition"> {
  const turn = (step + i) / 8;
  return {
    id: entityId("trains", "VehiclePosition", String(i)),
    kind: "VehiclePosition",
    feedId: "trains",
    sourceId: String(i),
    observedAt,
    receivedAt: observedAt,
    position: [
      -122.51 + ((i * 31) % 1499) / 10_000 + Math.cos(turn) / 1000,
      37.71 + ((i * 17) % 1093) / 10_000 + Math.sin(turn) / 1000,
    ],
    quality: "good",
    fields: { label: String(i), routeName: String(i % 80), bearing: (i * 7) % 360, delaySeconds: i % 600 },
  };
}

/** Serves the built client with a wall whose map shows `vehicles` vehicles and nothing else. */
export async function startMovingCity(vehicles: number, speed = 1): Promise<MovingCity> {
  const script = harbourCity("calm", { kind: speed === 1 ? "live" : "simulated", speed });
  const dictionary = new Dictionary();
  const slots = Array.from({ length: vehicles }, (_, i) => i);
  const columnsAt = (step: number, at: number): ArrayBuffer => {
    const entities = slots.map((i) => vehicleAt(i, step, at));
    return encodeEntityColumns("VehiclePosition", entities, slots, dictionary);
  };
  const columns = columnsAt(0, startAt);
  const ids = slots.map((i) => [i, vehicleAt(i, 0, startAt).id] as const);
  const texts = dictionary.since(1);
  const [scene] = script.wall.scenes;
  const map = { layers: ["VehiclePosition" as const], shade: null };
  const city = await startScriptedCity(
    {
      ...script,
      wall: { ...script.wall, scenes: [{ ...scene!, map }] },
      entities: [
        { kind: "VehiclePosition", count: vehicles, columns, ids, removed: [], firstText: 1, texts },
      ],
    },
    clientDir,
  );
  let steps = 0;
  return {
    ...city,
    step() {
      city.move("VehiclePosition", columnsAt(++steps, city.cityNow()));
    },
    measure() {
      const observedAt = city.cityNow();
      const drift = 1 + (steps % 7) / 100;
      city.read(
        script.readings.map((reading) => ({
          ...reading,
          value: reading.value === null ? null : reading.value * drift,
          observedAt,
        })),
      );
    },
  };
}

/** Builds the client; or why a browser cannot be driven here. */
export async function clientOrNot(): Promise<NotHere | null> {
  if (findBrowser() === null) return { notHere: browserAdvice };
  await buildClientIfNeeded();
  return null;
}

/** Opens the wall and waits until its map is there. */
export async function openMap(page: Page, city: ScriptedCity): Promise<void> {
  await page.goto(`${city.url}/wall/city?lang=en&theme=dark`);
  await page.getByLabel("Map of Harbour City").waitFor();
}

/** Counts in `symbolFrames` how often the map's symbols are drawn: nothing else on the wall is drawn as points. */
export async function countSymbolFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counted = globalThis as unknown as { symbolFrames: number };
    counted.symbolFrames = 0;
    const gl = WebGL2RenderingContext.prototype;
    const draw = gl.drawArrays;
    gl.drawArrays = function (
      this: WebGL2RenderingContext,
      mode: number,
      first: number,
      count: number,
    ): void {
      if (mode === this.POINTS && count > 0) counted.symbolFrames++;
      draw.call(this, mode, first, count);
    };
  });
}

/** How often the symbols were drawn since the page was loaded. */
export function symbolFrames(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { symbolFrames: number }).symbolFrames);
}

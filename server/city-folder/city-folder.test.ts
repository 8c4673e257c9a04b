import { afterEach, describe, expect, it } from "vitest";
import { readCityFolder, type CityFolder } from "./city-folder.ts";
import { faultLine } from "./fault.ts";
import { sampleFiles, writeFolder, type WrittenFolder } from "./sample-folder.ts";

let folder: WrittenFolder | null = null;
afterEach(() => folder?.remove());

function read(files: Record<string, unknown>, env: Record<string, string> = {}) {
  folder?.remove();
  folder = writeFolder(files);
  return readCityFolder(folder.dir, { recordings: folder.recordings, env });
}

function sound(files: Record<string, unknown> = sampleFiles(), env: Record<string, string> = {}): CityFolder {
  const city = read(files, env);
  if (!city.ok) throw new Error(city.failure.map(faultLine).join("\n"));
  return city.value;
}

describe("a sound city folder", () => {
  it("is read with its defaults filled in", () => {
    const city = sound();
    expect(city.settings).toMatchObject({
      id: "harbour-town",
      basemap: null,
      areaLevels: [{ level: "district" }],
    });
    expect(city.areas.map((layer) => layer.areas.map((area) => area.id))).toEqual([["harbour", "mission"]]);
    expect(city.feeds.find((feed) => feed.id === "bikes")).toMatchObject({
      transport: { everySeconds: 60, timeoutSeconds: 20 },
      dropAfterSeconds: 1_800,
      keepSeconds: 86_400,
      supplier: "bike-works",
      options: {},
    });
    expect(city.indicators[0]).toMatchObject({ domain: "transport", target: null, from: null, window: null });
    expect(city.walls[0]).toMatchObject({ viewing: { distanceMetres: 3.5, diagonalInches: 55 } });
  });

  it("resolves recordings, and times of the city without an offset in its zone", () => {
    const transport = sound().feeds.find((feed) => feed.id === "bikes-recorded")?.transport;
    expect(transport).toMatchObject({
      recordings: [{ name: "station_status", path: `${folder?.recordings}/bikes/station_status.json` }],
      fromAt: Date.UTC(2022, 8, 16, 1, 47),
      toAt: Date.UTC(2022, 8, 16, 1, 57, 31),
    });
  });

  it("keeps secrets out of the data", () => {
    const city = sound(sampleFiles(), { BIKES_KEY: "s3cret" });
    const transport = city.feeds.find((feed) => feed.id === "bikes")?.transport;
    const key = transport?.type === "poll" ? transport.headers["x-key"] : undefined;
    expect(JSON.stringify(city)).not.toContain("s3cret");
    expect(typeof key === "function" && key()).toBe("s3cret");
  });

  it("fails loudly when a secret is asked for that the environment does not have", () => {
    const transport = sound().feeds.find((feed) => feed.id === "bikes")?.transport;
    const key = transport?.type === "poll" ? transport.headers["x-key"] : undefined;
    expect(() => (typeof key === "function" ? key() : key)).toThrow("BIKES_KEY is not set");
  });
});

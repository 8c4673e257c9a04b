import { readFileSync } from "node:fs";
import { join } from "node:path";
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

/** The JSON of a page of docs, block by block. */
function shownIn(page: string): { readonly id: string }[] {
  const text = readFileSync(join(import.meta.dirname, "../../docs", page), "utf8");
  return [...text.matchAll(/```json\n([^]*?)```/g)].map(([, json]) => JSON.parse(json!) as { id: string });
}

// Vitest types its matchers as any.
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

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

  it("says who asks, and allows inside what it names, or what stands in for a source", () => {
    const files = sampleFiles();
    files["city.json"] = {
      ...(files["city.json"] as object),
      allowHosts: ["sensors.internal"],
      contact: "mailto:data@harbour.example",
    };
    const bikes = files["feeds/bikes.json"] as object;
    files["feeds/bikes-made-up.json"] = {
      ...bikes,
      id: "bikes-made-up",
      transport: { type: "poll", url: { simulator: "/gbfs.json" } },
    };
    const outgoing = sound(files).feeds.map(({ id, transport }) => [
      id,
      transport.type === "poll" ? transport.outgoing : null,
    ]);
    const userAgent = matching(/^Citydeck\/\d+\.\d+\.\d+ \(\+mailto:data@harbour\.example\)$/);
    expect(Object.fromEntries(outgoing)).toEqual({
      bikes: { allowHosts: ["sensors.internal"], userAgent },
      "bikes-made-up": { allowHosts: ["simulator.invalid"], userAgent },
      "bikes-recorded": null,
    });
  });

  it("may have the feeds that docs/adding-a-feed.md shows", () => {
    const shown = shownIn("adding-a-feed.md");
    expect(shown.map(({ id }) => id).join(" ")).toBe(
      "bikes timetable trips counters tide air gauges services calls air gate",
    );
    const files = sampleFiles();
    files["city.json"] = { ...(files["city.json"] as object), contact: "https://harbour.example/" };
    for (const feed of shown) files[`feeds/${feed.id}.json`] = { ...feed, department: "mobility" };
    files["feeds/calls.sql"] = "SELECT $1";
    expect(sound(files).feeds.map(({ id }) => id)).toContain("services");
  });

  it("may be what docs/starting-a-city.md and the pages after it show", () => {
    const [city, departments] = shownIn("starting-a-city.md");
    const [bikes] = shownIn("adding-a-feed.md");
    const [indicator] = shownIn("adding-an-indicator.md");
    const [wall] = shownIn("adding-a-wall.md");
    const files = {
      "city.json": city,
      "departments.json": departments,
      [`feeds/${bikes!.id}.json`]: bikes,
      [`indicators/${indicator!.id}.json`]: indicator,
      [`walls/${wall!.id}.json`]: wall,
    };
    const { feeds, indicators, walls } = sound(files);
    expect([feeds, indicators, walls].map((all) => all.length)).toEqual([1, 1, 1]);
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

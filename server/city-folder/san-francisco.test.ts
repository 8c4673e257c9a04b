import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { domains } from "../../shared/city.ts";
import { readCityFolder } from "./city-folder.ts";
import { faultLine } from "./fault.ts";
import { findRecordings, recordingsDir } from "./recordings.ts";

const dir = join(import.meta.dirname, "../../fixtures/san-francisco");
const recordings = findRecordings();
if (recordings === null) console.log(`skipped: no recordings at ${recordingsDir()}, set CITYDECK_RECORDINGS`);

describe("fixtures/san-francisco", () => {
  it("has no other fault than missing recordings on a machine without them", () => {
    const city = readCityFolder(dir, { recordings: join(dir, "no-recordings"), env: {} });
    const faults = city.ok ? [] : city.failure;
    expect(faults.filter((fault) => fault.kind !== "recording-not-found").map(faultLine)).toEqual([]);
    expect(faults).not.toEqual([]);
  });

  it.skipIf(recordings === null)("is sound, with eight indicators per domain and all neighborhoods", () => {
    const city = readCityFolder(dir, { recordings: recordings ?? "", env: {} });
    if (!city.ok) throw new Error(city.failure.map(faultLine).join("\n"));
    for (const domain of domains)
      expect(city.value.indicators.filter((each) => each.domain === domain).length).toBeGreaterThanOrEqual(8);
    expect(city.value.areas[0]?.areas).toHaveLength(37);
    expect(city.value.basemapPath).toMatch(/sf\.pmtiles$/);
  });
});

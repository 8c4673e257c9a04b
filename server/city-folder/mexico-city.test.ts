import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCityFolder } from "./city-folder.ts";
import { faultLine } from "./fault.ts";
import { findRecordings, recordingsDir } from "./recordings.ts";

const dir = join(import.meta.dirname, "../../fixtures/mexico-city");
const recordings = findRecordings();
if (recordings === null) console.log(`skipped: no recordings at ${recordingsDir()}, set CITYDECK_RECORDINGS`);

describe("fixtures/mexico-city", () => {
  it("has no other fault than missing recordings on a machine without them", () => {
    const city = readCityFolder(dir, { recordings: join(dir, "no-recordings"), env: {} });
    const faults = city.ok ? [] : city.failure;
    expect(faults.filter((fault) => fault.kind !== "recording-not-found").map(faultLine)).toEqual([]);
    expect(faults).not.toEqual([]);
  });

  it.skipIf(recordings === null)("is sound: 48 hours of bikes", () => {
    const city = readCityFolder(dir, { recordings: recordings ?? "", env: {} });
    if (!city.ok) throw new Error(city.failure.map(faultLine).join("\n"));
    const [feed] = city.value.feeds;
    expect(feed).toMatchObject({ id: "bikes", transport: { type: "replay" } });
    const { fromAt, toAt } = feed!.transport as { fromAt: number; toAt: number };
    expect(toAt - fromAt).toBe(48 * 3_600_000);
  });
});

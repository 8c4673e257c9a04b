/** Briefings that a city must not have, and the line that says what is wrong with each. */

import { expect, test } from "vitest";
import { readCityFolder } from "./city-folder.ts";
import { faultLine } from "./fault.ts";
import { sampleFiles, writeFolder } from "./sample-folder.ts";

type Json = Record<string, unknown>;

const title = { en: "Morning", zh: "早间" };

function read(briefing: Json) {
  const files = sampleFiles();
  files["briefings/morning.json"] = {
    version: 1,
    id: "morning",
    title,
    audience: title,
    period: { of: "day" },
    sections: ["targets"],
    ...briefing,
  };
  const folder = writeFolder(files);
  try {
    return readCityFolder(folder.dir, { recordings: folder.recordings, env: {} });
  } finally {
    folder.remove();
  }
}

function linesOf(briefing: Json): string[] {
  const city = read(briefing);
  return city.ok ? [] : city.failure.map(faultLine);
}

test("a sound briefing has its defaults", () => {
  const city = read({ schedule: [{ at: "06:30" }] });
  if (!city.ok) throw new Error(city.failure.map(faultLine).join("\n"));
  expect(city.value.briefings).toEqual([
    {
      id: "morning",
      title,
      audience: title,
      period: { of: "day", until: "end" },
      comparison: null,
      sections: ["targets"],
      score: null,
      domains: ["transport", "security", "community"],
      indicators: null,
      services: null,
      compare: [],
      recipients: [],
      schedule: [
        { at: "06:30", weekdays: [1, 2, 3, 4, 5, 6, 7], monthDays: null, months: null, onHolidays: true },
      ],
    },
  ]);
});

test("what a briefing names has to be there", () => {
  const lines = linesOf({
    indicators: ["transport.stations-emty"],
    recipients: ["mayor"],
    score: "transport.stations-empty",
    period: { of: "incident", rules: ["transport.none"] },
    schedule: [{ at: "06:30" }],
  });
  expect(lines).toHaveLength(5);
  expect(lines.join("\n")).toContain('perhaps "transport.stations-empty"');
  expect(lines.join("\n")).toContain("an alarm opens it, not a time");
});

test("a section without what it tells of is a fault, and so is one that comes twice", () => {
  expect(linesOf({ sections: ["score", "services", "areas"] })).toHaveLength(3);
  expect(linesOf({ sections: ["targets", "targets"] })).toHaveLength(1);
});

test("a comparison that would not be fair is refused", () => {
  const compare = (change: Json): string[] =>
    linesOf({ compare: [{ indicator: "transport.stations-empty", by: "area.district", ...change }] });
  expect(compare({}).join("\n")).toContain("a share in percent, and the count that it is a share of");
  expect(compare({ of: "transport.stations-empty" }).join("\n")).toContain("a count that is grouped by");
  expect(compare({ per: "inhabitants" }).join("\n")).toContain(
    'a level of areas that each have a "population"',
  );
});

test("a time of day that there is none of is a fault", () => {
  expect(linesOf({ schedule: [{ at: "25:00" }] })[0]).toContain("schedule");
});

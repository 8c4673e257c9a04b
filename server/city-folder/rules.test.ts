/** Alarm rules that a city must not have, and the line that says what is wrong with each. */

import { expect, test } from "vitest";
import { readCityFolder } from "./city-folder.ts";
import { faultLine } from "./fault.ts";
import { sampleFiles, writeFolder } from "./sample-folder.ts";

type Json = Record<string, unknown>;

const sample = sampleFiles()["rules/transport.stations-empty.json"] as Json;

function read(rules: readonly Json[]) {
  const files = sampleFiles();
  for (const rule of rules) {
    const whole = { ...sample, ...rule };
    files[`rules/${String(whole["id"])}.json`] = whole;
  }
  const folder = writeFolder(files);
  try {
    return readCityFolder(folder.dir, { recordings: folder.recordings, env: {} });
  } finally {
    folder.remove();
  }
}

function linesOf(...rules: readonly Json[]): string[] {
  const city = read(rules);
  return city.ok ? [] : city.failure.map(faultLine);
}

test("a sound rule has its defaults, its domain and a revision", () => {
  const city = read([
    { maintenance: [{ from: "2026-12-01T22:00", to: "2026-12-02T04:00", reason: sample["title"] }] },
  ]);
  expect(city.ok && city.value.rules).toMatchObject([
    {
      id: "transport.stations-empty",
      domain: "transport",
      groups: null,
      onDelaySeconds: 600,
      offDelaySeconds: 0,
      latch: false,
      backup: null,
      suppressedBy: [],
      response: { checklist: [], sop: null, withinSeconds: 1800 },
      maintenance: [
        { fromAt: Date.parse("2026-12-01T22:00-08:00"), toAt: Date.parse("2026-12-02T04:00-08:00") },
      ],
      revision: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    },
  ]);
});

test("a rule that is not enabled contradicts nobody, and nobody can wait for it", () => {
  const other = { id: "transport.again", when: sample["when"] };
  expect(linesOf(other).length).toBe(1);
  expect(linesOf({ ...other, enabled: false })).toEqual([]);
  const both = {
    id: "transport.both",
    indicator: null,
    by: [],
    when: { atLeast: 2, of: ["transport.stations-empty", "transport.again"] },
    tests: [{ series: "2", everySeconds: 60 }],
  };
  expect(linesOf({ ...other, enabled: false }, both)).toEqual([
    expect.stringContaining("expected at most 1, as many of them as are enabled"),
  ]);
});

test("words do not change a rule's revision, bounds do", () => {
  const revision = (rule: Json) => {
    const city = read([rule]);
    return city.ok ? city.value.rules[0]?.revision : null;
  };
  expect(revision({ consequence: { en: "x", zh: "x" }, priority: "high" })).toBe(revision({}));
  expect(revision({ when: { above: 21, clearBelow: 15 } })).not.toBe(revision({}));
});

const waits = (id: string, of: readonly string[], rule: Json = {}): Json => ({
  id,
  indicator: null,
  by: [],
  when: { atLeast: 1, of },
  ...rule,
});

test.each<[string, readonly Json[], string]>([
  ["nobody owns it", [{ owner: undefined }], "owner: found nothing, expected a text"],
  [
    "an owner whom the city does not have",
    [{ owner: "mobilty" }],
    'owner: found "mobilty", expected a department of departments.json, perhaps "mobility"',
  ],
  [
    "a backup that is the owner",
    [{ backup: "mobility" }],
    'backup: found "mobility", expected another department',
  ],
  [
    "no response",
    [{ response: undefined }],
    "rules/transport.stations-empty.json:1: response: found nothing, expected an object",
  ],
  [
    "a test that tells of another instant",
    [{ tests: [{ series: "5x3 25x12", everySeconds: 60, activeAtSeconds: 600 }] }],
    "tests[0].activeAtSeconds: found 600, expected 840: that is when this series makes it active",
  ],
  [
    "a test of what never happens",
    [{ tests: [{ series: "5x30", everySeconds: 60, activeAtSeconds: 600 }] }],
    "tests[0].activeAtSeconds: found 600, expected nothing: this series never makes it active",
  ],
  [
    "a test that passes over the end",
    [{ tests: [{ series: "25x12 5x3", everySeconds: 60, activeAtSeconds: 600 }] }],
    "tests[0].clearAtSeconds: found nothing, expected 780: that is when this series makes it clear",
  ],
  [
    "a series in no notation",
    [{ tests: [{ series: "5*3", everySeconds: 60 }] }],
    'tests[0].series: found "5*3", expected samples in Prometheus',
  ],
  [
    "a band for a rule that asks for none",
    [{ tests: [{ series: "5", everySeconds: 60, usual: { low: 1, high: 2 } }] }],
    "expected what is usual during the test",
  ],
  ["no test", [{ tests: [] }], "tests: found [], expected at least 1 entries"],
  [
    "an indicator that is not there",
    [{ indicator: "transport.stations-ful" }],
    'indicator: found "transport.stations-ful", expected an indicator of this folder',
  ],
  [
    "a grouping that the figure lacks",
    [{ by: ["feed"] }],
    'by[0]: found "feed", expected a grouping of transport.stations-empty',
  ],
  [
    "an area that is not there",
    [{ groups: ["area.district:harbor"] }],
    'groups[0]: found "area.district:harbor", expected an area of the city, perhaps "area.district:harbour"',
  ],
  [
    "a percentage over 100",
    [{ when: { above: 100, clearBelow: 90 } }],
    "when.above: found 100, expected a bound below 100: it can never be active",
  ],
  [
    "a share below nothing",
    [{ when: { above: 10, clearBelow: 0 } }],
    "when.clearBelow: found 0, expected a bound above 0: it can never clear",
  ],
  [
    "what is active and clear at once",
    [{ when: { above: 10, clearBelow: 20 } }],
    "when.clearBelow: found 20, expected at most 10: a value in between would be active and clear at once",
  ],
  [
    "the same with the lower bound",
    [{ when: { below: 10, clearAbove: 5 } }],
    "when.clearAbove: found 5, expected at least 10",
  ],
  [
    "a rise that never clears",
    [{ when: { risesBy: 10, withinSeconds: 600, clearBelow: 0 } }],
    "when.clearBelow: found 0, expected above 0",
  ],
  [
    "two conditions in one",
    [{ when: { above: 10, clearBelow: 5, below: 1, clearAbove: 2 } }],
    "expected one of above and clearBelow; below and clearAbove",
  ],
  [
    "a feed that is not there",
    [{ id: "platform.silent", indicator: null, by: [], when: { silent: "down", feeds: ["bike"] } }],
    'when.feeds[0]: found "bike", expected a feed of this folder, perhaps "bikes"',
  ],
  [
    "things that no feed gives",
    [{ id: "security.warnings", indicator: null, by: [], when: { each: "CapAlert" } }],
    'when.each: found "CapAlert", expected a kind that a feed of this city gives',
  ],
  [
    "a field that the things lack",
    [
      {
        id: "transport.x",
        indicator: null,
        by: [],
        when: { each: "StationStatus", where: { severity: "Extreme" } },
      },
    ],
    "when.where.severity",
  ],
  [
    "more than there are",
    [
      waits("transport.both", ["transport.stations-empty"], {
        when: { atLeast: 2, of: ["transport.stations-empty"] },
      }),
    ],
    "when.atLeast: found 2, expected at most 1",
  ],
  [
    "rules that wait for each other",
    [waits("transport.a", ["transport.b"]), waits("transport.b", ["transport.a"])],
    'rules/transport.a.json:16: when.of[0]: found "transport.b", expected a rule that does not wait for this one',
  ],
  [
    "a rule that hides its own cause",
    [waits("transport.a", ["transport.stations-empty"]), { suppressedBy: ["transport.a"] }],
    'suppressedBy[0]: found "transport.a", expected a rule that does not wait for this one',
  ],
  ["a parent that is not there", [{ suppressedBy: ["platform.silent"] }], "expected a rule of this folder"],
  [
    "an hour that does not exist",
    [{ validTimes: [{ from: "06:00", to: "25:00" }] }],
    'validTimes[0].to: found "25:00", expected a time of day such as "06:30"',
  ],
  [
    "work that ends before it begins",
    [{ maintenance: [{ from: "2026-12-02T04:00", to: "2026-12-01T22:00", reason: sample["title"] }] }],
    'maintenance[0].to: found "2026-12-01T22:00", expected a time after from, 2026-12-02T04:00',
  ],
  [
    "what is worse being less urgent",
    [{ id: "transport.stations-very-empty", when: { above: 40, clearBelow: 35 }, priority: "low" }],
    "when.above: found 40, expected a bound that fits the priority: transport.stations-empty is medium, this is low",
  ],
  [
    "the same alarm twice",
    [{ id: "transport.stations-void", priority: "high" }],
    "when.above: found 20, expected another bound than that of transport.stations-empty, which is the same alarm",
  ],
  [
    "two of which one is always active",
    [{ id: "transport.stations-fine", when: { below: 30, clearAbove: 35 } }],
    "when.below: found 30, expected at most 20: else this or transport.stations-empty is always active",
  ],
])("%s is a fault", (_name, rules, line) => {
  expect(linesOf(...rules).join("\n")).toContain(line);
});

test("a count may clear at 0, which is below 1", () => {
  const tests = [{ series: "0 1 0", everySeconds: 60, activeAtSeconds: 60, clearAtSeconds: 120 }];
  const count = {
    id: "transport.late",
    indicator: "transport.stations-count",
    by: [],
    onDelaySeconds: 0,
    tests,
  };
  const files = sampleFiles();
  files["indicators/transport.stations-count.json"] = {
    ...(files["indicators/transport.stations-empty.json"] as Json),
    id: "transport.stations-count",
    unit: "count",
    measure: { count: true },
  };
  files["rules/transport.late.json"] = { ...sample, ...count, when: { above: 0, clearBelow: 1 } };
  const folder = writeFolder(files);
  const city = readCityFolder(folder.dir, { recordings: folder.recordings, env: {} });
  folder.remove();
  expect(city.ok ? [] : city.failure.map(faultLine)).toEqual([]);
});

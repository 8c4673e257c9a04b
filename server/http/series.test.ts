import { expect, test } from "vitest";
import { indicator, noon } from "../../test/planned-city.ts";
import { readSeriesQuery } from "./series.ts";

const [bikes, docks] = ["transport.bikes", "transport.docks"].map((id) => ({
  ...indicator({ id, by: ["area.district"] }),
  feeds: ["bikes"],
}));
const groups = ["harbour", "hills"].map((area) => `{area.district:${area}}`);
const ids = [bikes!, docks!].flatMap(({ id }) => ["", ...groups].map((group) => `${id}${group}`));

async function read(
  query: Readonly<Record<string, string>>,
): Promise<Awaited<ReturnType<typeof readSeriesQuery>>> {
  return readSeriesQuery(query, {
    indicators: [bikes!, docks!],
    seriesOf: (indicator) => Promise.resolve(ids.filter((id) => id.startsWith(`${indicator}{`))),
    zone: "Europe/Berlin",
    now: noon,
    mostBuckets: 10_000,
  });
}

async function idsOf(query: Readonly<Record<string, string>>): Promise<unknown> {
  const asked = await read(query);
  return asked.ok ? asked.value.ids.map(({ id }) => id) : asked.failure;
}

test("groups of several indicators at once", async () => {
  expect(await idsOf({ indicator: "transport.bikes,transport.docks", by: "area.district" })).toEqual(
    ["transport.bikes", "transport.docks"].flatMap((id) => groups.map((group) => `${id}${group}`)),
  );
});

test("a series that is named twice is told once", async () => {
  expect(await idsOf({ indicator: "transport.bikes,transport.docks,transport.bikes" })).toEqual([
    "transport.bikes",
    "transport.docks",
  ]);
});

test("a group may be called anything, commas and braces too", async () => {
  const named = ["transport.bikes{name:Quay 1, north}", "transport.docks{name:{x}}", "transport.docks"];
  expect(await idsOf({ indicator: named.join(",") })).toEqual(named);
});

test("a stretch, its buckets and what is beside it", async () => {
  const asked = await read({
    indicator: "transport.bikes",
    from: "2026-01-01",
    to: "2026-01-05T00:00+01:00",
    bucket: "auto",
    points: "100",
    compare: "week,previous,week",
    asOf: "1767571200000",
  });
  expect(asked).toEqual({
    ok: true,
    value: {
      ids: [{ id: "transport.bikes", definition: bikes }],
      fromAt: Date.parse("2025-12-31T23:00Z"),
      toAt: Date.parse("2026-01-04T23:00Z"),
      bucket: "hour",
      compare: ["week", "previous"],
      asOf: 1_767_571_200_000,
    },
  });
});

test.each([
  ["from", { from: "2026-01-02", to: "2026-01-01" }],
  ["from", { from: "2026-01-02", to: "2026-01-02" }],
  ["from", { from: "1969-12-31" }],
  ["from", { from: "-86400000" }],
  ["from", { from: "" }],
  ["from", { from: "2026-02-31T00:00Z" }],
  // Without an offset an hour of the autumn is two, and one of the spring none.
  ["from", { from: "2025-10-26T02:30" }],
  ["from", { from: "9".repeat(400) }],
  ["to", { to: "2999-01-01" }],
  ["to", { to: "9999999999999" }],
  ["to", { to: "'; DROP TABLE minutes; --" }],
  ["to", { to: "\ud800" }],
  ["bucket", { bucket: "year" }],
  ["bucket", { bucket: "90" }],
  ["bucket", { bucket: "1e3" }],
  ["bucket", { from: "1970-01-01", bucket: "60" }],
  ["points", { bucket: "auto", points: "0" }],
  ["points", { points: "NaN" }],
  ["compare", { compare: "decade" }],
  ["compare", { compare: "" }],
  ["asOf", { asOf: "2027-01-01" }],
  ["indicator", { indicator: "transport.bikes{area" }],
  ["indicator", { indicator: "," }],
  ["indicator", { indicator: "__proto__" }],
  ["by", { by: "constructor" }],
  ["__proto__x", { ["__proto__x"]: "1" }],
])("what cannot be used names %s: %o", async (parameter, query) => {
  const asked = await read({ indicator: "transport.bikes", ...query });
  expect(asked).toMatchObject({ ok: false, failure: { parameter } });
  if (!asked.ok) {
    expect(asked.failure.detail.startsWith(parameter)).toBe(true);
    expect(asked.failure.detail.length).toBeLessThan(300);
    expect(asked.failure.detail.isWellFormed()).toBe(true);
  }
});

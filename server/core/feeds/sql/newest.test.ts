import { expect, test } from "vitest";
import { newestKey, newestOf, sinceOf, tellsNews } from "./newest.ts";

const receivedAt = Date.parse("2026-11-23T09:00:00Z");
const newest = (type: string, ...texts: (string | null)[]) =>
  newestOf(texts, { name: "c", type }, "Europe/Lisbon", receivedAt);

test("whole numbers are compared as such, however long", () => {
  expect(newest("int8", "9", "10", null, "-3").newest).toBe("10");
  expect(newest("int8", "9007199254740993", "9007199254740992").newest).toBe("9007199254740993");
  expect(newest("int4").newest).toBeNull();
});

test("times are compared to the microsecond, whatever the length of their fraction", () => {
  const times = ["2026-11-23 08:00:00.1+00", "2026-11-23 08:00:00.100001+00", "2026-11-23 08:00:00+00"];
  expect(newest("timestamptz", ...times).newest).toBe("2026-11-23 08:00:00.100001+00");
  expect(newest("timestamp", "2026-11-23 08:00:00", "2026-11-23 08:00:00.5").newest).toBe(
    "2026-11-23 08:00:00.5",
  );
  expect(newest("date", "2026-11-22", "2026-11-23").newest).toBe("2026-11-23");
});

test("infinity, years before Christ and the future are not where we stand", () => {
  const texts = ["infinity", "-infinity", "0044-03-15 00:00:00+00 BC", "2026-11-23 08:00:00+00"];
  expect(newest("timestamptz", ...texts, "2099-01-01 00:00:00+00")).toEqual({
    newest: "2026-11-23 08:00:00+00",
    future: 1,
  });
});

test("only whole numbers and times tell what is new", () => {
  expect(
    ["int2", "int4", "int8", "timestamptz", "timestamp", "date"].filter(
      (type) => !tellsNews({ name: "c", type }),
    ),
  ).toEqual([]);
  expect(
    ["text", "uuid", "numeric", "float8", "json"].filter((type) => tellsNews({ name: "c", type })),
  ).toEqual([]);
});

test.each([
  ["2026-11-23 08:00:30.5+00", 60, "2026-11-23 07:59:30.500+00"],
  ["2026-11-23 08:00:30.500001+00", 0, "2026-11-23 08:00:30.500001+00"],
  ["2026-01-01 00:00:00", 1, "2025-12-31 23:59:59.000"],
  ["2026-11-23", 60, "2026-11-22"],
  ["9007199254740993", 60, "9007199254740993"],
])("from %s with an overlap of %i s it asks since %s", (text, overlapSeconds, since) => {
  expect(sinceOf({ [newestKey("c")]: text }, "c", overlapSeconds)).toBe(since);
});

test("at first, and for another column, there is nothing to ask from", () => {
  expect(sinceOf(null, "c", 60)).toBeNull();
  expect(sinceOf({ [newestKey("other")]: "7" }, "c", 60)).toBeNull();
});

import { expect, test } from "vitest";
import { NoExtract } from "./history.ts";
import { parseExtract } from "./extract.ts";

const revisions = { "a.one": "r1", "a.two": "r2" };

function parse(text: string, fromByte = 0) {
  return parseExtract(Buffer.from(text), { file: "", fromByte, isWhole: true, knownAt: 7, revisions });
}

test("minutes and hours are told apart, an empty value is one that nobody knows", () => {
  const { minutes, hours, toAt, refused } = parse(
    [
      "series,at,seconds,value",
      "a.one,2026-11-27T10:00:00Z,60,4.25",
      '"a.one{name:East, West}",2026-11-27T10:00:00Z,60,',
      "a.two,2026-11-27T10:00:00Z,3600,-1e-3\r",
      "",
    ].join("\n"),
  );
  expect(refused).toBeNull();
  expect(toAt).toBe(Date.parse("2026-11-27T11:00:00Z"));
  expect(minutes).toMatchObject({
    series: ["a.one", "a.one{name:East, West}"],
    mean: Float64Array.of(4.25, Number.NaN),
    freshSeconds: Uint8Array.of(60, 0),
    code: Uint8Array.of(0, 3),
    revisions: ["r1"],
    knownAt: Float64Array.of(7, 7),
  });
  expect(hours).toMatchObject({
    series: ["a.two"],
    mean: Float64Array.of(-0.001),
    freshSeconds: Uint32Array.of(3600),
  });
});

test("a line that cannot be taken is counted, and the others are taken", () => {
  const bad = [
    "a.one,2026-11-27T10:00:30Z,60,1",
    "a.one,2026-11-27 10:00,60,1",
    "a.one,2026-11-27T10:00:00Z,61,1",
    "a.one,2026-11-27T10:00:00Z,60,many",
    "b.one,2026-11-27T10:00:00Z,60,1",
    "a.one",
    "a.one,2026-11-27T10:00:00Z,60,Infinity",
  ];
  const { minutes, refused } = parse([...bad, "a.one,2026-11-27T10:01:00Z,60,1"].join("\n"), 99);
  expect(minutes.at).toHaveLength(1);
  expect(refused).toMatchObject({ count: bad.length, reason: expect.stringContaining(bad[0]!) as unknown });
});

test("another file is none", () => {
  expect(() => parse("time,value\n1,2\n")).toThrow(NoExtract);
  expect(parse("").refused).toBeNull();
});

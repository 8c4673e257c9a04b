import { describe, expect, it } from "vitest";
import type { Entity } from "./entity.ts";
import {
  bareBuffer,
  decodeEntityFrame,
  Dictionary,
  encodeEntityColumns,
  encodeGeometries,
} from "./entity-frame.ts";

it("carries the extent of the rows that have one", () => {
  const square = [[0, 0], [1, 0], [1, 1], [0, 0]]; // prettier-ignore
  const warning = (sourceId: string, about: object): Entity => ({
    id: `w/CapAlert/${sourceId}`,
    kind: "CapAlert",
    feedId: "w",
    sourceId,
    observedAt: 1,
    receivedAt: 1,
    position: null,
    quality: "good",
    fields: { headline: sourceId },
    ...about,
  });
  const geometry = { type: "Polygon", coordinates: [square] };
  const entities = [warning("a", {}), warning("b", { geometry })];
  const texts = new Dictionary();
  const columns = encodeEntityColumns("CapAlert", entities, [4, 7], texts);
  const frame = {
    kind: "CapAlert" as const,
    count: 2,
    columns,
    ids: [],
    removed: [],
    firstText: 1,
    texts: texts.since(1),
    ...encodeGeometries(entities, [4, 7]),
  };
  const rows = decodeEntityFrame(frame, { ids: new Map(), texts: [] });
  expect(rows.map((row) => row.fields["headline"])).toEqual(["a", "b"]);
  expect(rows.map((row) => row.geometry)).toEqual([undefined, geometry]);
  expect(encodeGeometries(entities.slice(0, 1), [4])).toEqual({});
});

describe("bareBuffer", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4);

  it.each([
    ["an ArrayBuffer", bytes.buffer],
    ["a view into a larger buffer", Uint8Array.of(9, 1, 2, 3, 4, 9).subarray(1, 5)],
    ["the browser's pair for an extension", [0, bytes.buffer]],
  ])("takes %s", (_, columns) => {
    expect(Array.from(new Uint8Array(bareBuffer(columns)))).toEqual([1, 2, 3, 4]);
  });

  it("refuses what holds no bytes", () => {
    expect(() => bareBuffer("1234")).toThrow(TypeError);
  });
});

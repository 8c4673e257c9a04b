import { describe, expect, it } from "vitest";
import { bareBuffer } from "./entity-frame.ts";

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

import { describe, expect, it } from "vitest";
import { freeNames, nameSize } from "./area-names.ts";

const box = (x: number, y: number) => ({ x, y, width: 100, height: 20 });

describe("freeNames", () => {
  it("shows a name that meets none before it", () => {
    expect(freeNames([box(0, 0), box(90, 5), box(110, 5), box(0, 25)], 3)).toEqual([true, false, true, true]);
  });

  it("shows no name where something else stands", () => {
    expect(freeNames([box(0, 0), box(200, 0)], 3, [box(10, 0)])).toEqual([false, true]);
  });

  it("lets a hidden name hide nobody", () => {
    expect(freeNames([box(0, 0), box(60, 0), box(120, 0)], 0)).toEqual([true, false, true]);
  });
});

it("never writes a name smaller than a wall allows", () => {
  for (const zoom of [3, 10, 12, 15, 20]) expect(nameSize(zoom)).toBeGreaterThanOrEqual(16);
});

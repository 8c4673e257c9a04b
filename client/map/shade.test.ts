import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundUp, shadeAreas, shadeSteps, writtenShade } from "./shade.ts";

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `a${i}`);
const shadeOf = (...values: (number | null)[]) =>
  shadeAreas(
    ids(values.length),
    values.map((value, i) => ({ id: `a${i}`, value })),
  );

describe("roundUp", () => {
  it.each([
    [7, 10],
    [2.1, 2.5],
    [1, 1],
    [0.03, 0.05],
    [430, 500],
  ])("%d → %d", (size, expected) => {
    expect(roundUp(size)).toBeCloseTo(expected, 9);
  });
});

describe("shadeAreas", () => {
  it("cuts into equal steps between round numbers", () => {
    const shade = shadeOf(0, 12, 69);
    expect(shade.bounds).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(shade.top).toBe(70);
    expect(Array.from(shade.stepOf.values())).toEqual([0, 1, 6]);
  });

  it("never splits whole numbers", () => {
    expect(shadeOf(0, 1, 2).bounds).toEqual([0, 1, 2]);
  });

  it("knows nothing of areas without a value or without a reading, and says so", () => {
    const shade = shadeAreas(
      ["a", "b", "c"],
      [
        { id: "a", value: 3 },
        { id: "b", value: null },
      ],
    );
    expect(shade.unknown).toEqual(["b", "c"]);
    expect(shade.stepOf.has("b")).toBe(false);
  });

  it("has no steps when nothing is known", () => {
    expect(shadeOf(null, null)).toMatchObject({ bounds: [], unknown: ["a0", "a1"] });
  });

  it("puts every value into the step whose bounds hold it", () => {
    const value = fc.oneof(
      fc.integer({ min: 0, max: 100_000 }),
      fc.double({ min: -1_000, max: 1_000, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
        const { bounds, top, stepOf } = shadeOf(...values);
        expect(bounds.length).toBeLessThanOrEqual(shadeSteps);
        const slack = (top - bounds[0]!) * 1e-6;
        values.forEach((one, i) => {
          const step = stepOf.get(`a${i}`)!;
          expect(one).toBeGreaterThanOrEqual(bounds[step]! - slack);
          expect(one).toBeLessThanOrEqual((bounds[step + 1] ?? top) + slack);
        });
      }),
      { seed: 8700 },
    );
  });
});

describe("writtenShade", () => {
  it("has round steps of the unit that its legend names", () => {
    const readings = [
      { id: "a0", value: 130 },
      { id: "a1", value: 900 },
      { id: "a2", value: null },
    ];
    const shade = writtenShade(ids(3), readings, "seconds", "en");
    expect([shade.unit, ...shade.bounds.map(shade.write)]).toEqual([
      "min",
      "2",
      "4",
      "6",
      "8",
      "10",
      "12",
      "14",
    ]);
    expect(shade.unknown).toEqual(["a2"]);
    expect(writtenShade(ids(1), [{ id: "a0", value: 0.25 }], "percent", "zh").unit).toBe("%");
  });
});

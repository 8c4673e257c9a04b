import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundUp, shadeAreas, shadeChange, shadeSteps, writtenShade } from "./shade.ts";

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

describe("shadeChange", () => {
  const changeOf = (...changes: (number | null)[]) =>
    shadeChange(
      ids(changes.length),
      changes.map((value, i) => ({ id: `a${i}`, value })),
    );

  it("has about the same in the middle, and as much room for less as for more", () => {
    const shade = changeOf(0, 4.9, -4.9, 5, -5, 19, -12, null);
    expect([...shade.bounds, shade.top]).toEqual([-20, -15, -10, -5, 5, 10, 15, 20]);
    expect(Array.from(shade.stepOf.values())).toEqual([3, 3, 3, 4, 2, 6, 1]);
    expect(shade.unknown).toEqual(["a7"]);
  });

  it("is one colour where nothing changed", () => {
    expect(Array.from(changeOf(0, 0).stepOf.values())).toEqual([3, 3]);
  });

  it("gives less and more the colours of the same strength, whatever the changes are", () => {
    const change = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), (changes) => {
        const there = changeOf(...changes).stepOf;
        const back = changeOf(...changes.map((one) => -one)).stepOf;
        changes.forEach((one, i) => {
          const step = there.get(`a${i}`)!;
          expect(step + back.get(`a${i}`)!).toBe(6);
          if (one !== 0 && step !== 3) expect(step > 3).toBe(one > 0);
        });
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  it("says more by a sign", () => {
    const shade = writtenShade(["a"], [{ id: "a", value: 600 }], "seconds", "en", "change");
    expect(shade.bounds.map(shade.write)).toEqual(["−10", "−7.5", "−5", "−2.5", "+2.5", "+5", "+7.5"]);
    expect(shade.unit).toBe("min");
  });
});

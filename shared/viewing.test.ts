import { describe, expect, it } from "vitest";
import { bezelShare, canvasOf, misfits, readableMetres, typeScale } from "./viewing.ts";
import type { Part, SceneDefinition, Viewing } from "./wall.ts";

const desk: Viewing = {
  distanceMetres: 3.5,
  diagonalInches: 55,
  shape: "16:9",
  screens: { across: 1, bezelMillimetres: 0 },
};

function tiles(count: number): Part {
  const indicators = Array.from({ length: count }, (_, i) => `transport.figure-${i}`);
  return { show: "tiles", domain: "transport", indicators, compact: false, when: "always" };
}

function scene(right: readonly Part[], map = true): SceneDefinition {
  return {
    id: "overview",
    title: { en: "Overview", zh: "总览" },
    seconds: 30,
    map: map ? { layers: [], shade: null } : null,
    regions: {
      left: [[{ show: "data", when: "always" }]],
      centre: [],
      beside: [],
      right: right.map((part) => [part]),
      bottom: [],
    },
    variations: {},
  };
}

describe("the type scale of a wall", () => {
  it("is that of the drawing where its figures can be read, and grows with the distance", () => {
    expect(typeScale({ ...desk, distanceMetres: 2 })).toBe(1);
    expect(typeScale({ ...desk, distanceMetres: 7.08 })).toBeCloseTo(2, 2);
    expect(typeScale({ ...desk, distanceMetres: 7.08, diagonalInches: 110 })).toBe(1);
  });

  it("keeps figures readable from the distance that the wall is set for", () => {
    for (const distanceMetres of [1, 3.5, 6, 12])
      expect(readableMetres({ ...desk, distanceMetres }).figures).toBeGreaterThanOrEqual(
        distanceMetres - 1e-9,
      );
  });

  it("leaves a smaller canvas, and a wide one for screens side by side", () => {
    expect(canvasOf(desk)).toEqual({ width: 1_920, height: 1_080 });
    expect(canvasOf({ ...desk, distanceMetres: 7.08 }).height).toBeCloseTo(540, 0);
    const pair: Viewing = { ...desk, screens: { across: 2, bezelMillimetres: 12 } };
    expect(canvasOf(pair).width).toBeCloseTo(3_840 + 1_920 * bezelShare(pair), 6);
    expect(canvasOf({ ...desk, shape: "9:16" })).toEqual({ width: 1_080, height: 1_920 });
  });
});

describe("a scene", () => {
  it("fits with twelve figures, not with twenty", () => {
    expect(misfits(scene([tiles(4), tiles(4), tiles(4)]), desk)).toEqual([]);
    expect(misfits(scene([tiles(20)]), desk)).toEqual([
      { region: "right", side: "height", neededUnits: 1_202, roomUnits: 978 },
    ]);
  });

  it("that fits a near screen does not fit a far one, neither in height nor in width", () => {
    const far = { ...desk, distanceMetres: 7.08 };
    expect(misfits(scene([tiles(12)]), far).map(({ region, side }) => [region, side])).toEqual([
      ["map", "width"],
      ["right", "height"],
    ]);
  });

  it("is stacked on an upright screen", () => {
    const upright: Viewing = { ...desk, shape: "9:16", distanceMetres: 3.5 };
    expect(misfits(scene([tiles(12)]), { ...upright, distanceMetres: 1.8 })).toEqual([]);
    expect(misfits(scene([tiles(60)]), upright)).not.toEqual([]);
  });

  it("needs a drawing's room for each figure of a trend", () => {
    const trend = (count: number): Part => ({
      show: "trend",
      indicators: Array.from({ length: count }, (_, i) => `transport.figure-${i}`),
      hours: 6,
      when: "always",
    });
    expect(misfits(scene([tiles(10), trend(1)]), desk)).toEqual([]);
    expect(misfits(scene([tiles(10), trend(2)]), desk)).toEqual([
      { region: "right", side: "height", neededUnits: 1_074, roomUnits: 978 },
    ]);
  });

  it("takes the tallest candidate of a slot into account", () => {
    const tall: SceneDefinition = scene([tiles(2)]);
    const slot = [{ ...tiles(20), when: "abnormal" as const }, tiles(2)];
    expect(misfits({ ...tall, regions: { ...tall.regions, right: [slot] } }, desk)).not.toEqual([]);
  });
});

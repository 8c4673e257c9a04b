import { expect, test } from "vitest";
import { readWallShowing } from "./wall-show.ts";

test("of what a screen says only what it shows is taken, since everybody is told", () => {
  const rest = { more: "x".repeat(100_000) };
  for (const shows of [{ scene: "mobility" }, { alarm: "storm" }, { sent: "map" }, { sent: "view" }])
    expect(readWallShowing({ wall: "main", shows: { ...shows, ...rest }, ...rest })).toEqual({
      wall: "main",
      shows,
    });
});

test("what is no word of a screen is nothing", () => {
  const words = [null, "main", {}, { wall: "main" }, { wall: 1, shows: { scene: "a" } }];
  const shows = [null, {}, { scene: 1 }, { alarm: "x".repeat(501) }, { sent: "film" }];
  for (const word of [...words, ...shows.map((one) => ({ wall: "main", shows: one }))])
    expect(readWallShowing(word)).toBeNull();
});

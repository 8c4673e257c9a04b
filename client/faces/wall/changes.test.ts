import { expect, it } from "vitest";
import { changesBetween, type Standings } from "./changes.ts";

function standings(change: Partial<Standings>): Standings {
  return { connected: true, feeds: new Map(), off: new Set(), on: new Set(), ...change };
}

it("says what a feed became, but not its first word", () => {
  const before = standings({
    feeds: new Map([
      ["a", "fresh"],
      ["b", "down"],
      ["c", "waiting"],
    ]),
  });
  const after = standings({
    feeds: new Map([
      ["a", "down"],
      ["b", "fresh"],
      ["c", "fresh"],
      ["d", "stale"],
    ]),
  });
  expect(changesBetween(before, after)).toEqual([
    { what: "feedDown", feed: "a" },
    { what: "feedLive", feed: "b" },
  ]);
});

it("says when a figure leaves its target and returns, not when it becomes unknown", () => {
  const before = standings({ on: new Set(["a", "b"]), off: new Set(["c"]) });
  const after = standings({ on: new Set(["c"]), off: new Set(["a"]) });
  expect(changesBetween(before, after)).toEqual([
    { what: "offTarget", indicator: "a" },
    { what: "onTarget", indicator: "c" },
  ]);
});

it("says only the lost link when the link is lost", () => {
  const before = standings({ on: new Set(["a"]) });
  expect(changesBetween(before, standings({ connected: false, off: new Set(["a"]) }))).toEqual([
    { what: "disconnected" },
  ]);
});

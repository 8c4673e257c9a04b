import { describe, expect, it } from "vitest";
import type { Reading } from "../../../shared/protocol.ts";
import { tileState } from "./tile-state.ts";

const now = 1_000_000;
const definition = { better: "higher", target: 88, staleAfterSeconds: 180 } as const;
const feed = { observedAt: now - 20_000, cadenceSeconds: 30 };

function reading(change: Partial<Reading>): Reading {
  return {
    id: "transport.on-time",
    value: 91,
    state: "fresh",
    reason: null,
    quality: "good",
    observedAt: now - 20_000,
    oldestAt: null,
    ...change,
  };
}

describe("tileState", () => {
  it("is live and on target", () => {
    expect(tileState(reading({}), definition, [feed], now, true)).toEqual({
      data: "live",
      value: 91,
      ageSeconds: 20,
      fuse: 20 / 180,
      off: null,
    });
  });

  it("takes the age from the feed that still confirms an unchanged value", () => {
    const old = reading({ observedAt: now - 600_000 });
    expect(tileState(old, definition, [feed], now, true).ageSeconds).toBe(20);
  });

  it("is as old as its oldest needed feed", () => {
    const feeds = [feed, { observedAt: now - 50_000, cadenceSeconds: 60 }];
    expect(tileState(reading({ observedAt: now - 50_000 }), definition, feeds, now, true).ageSeconds).toBe(
      50,
    );
  });

  it("is late after two cadences and still judged", () => {
    const state = tileState(
      reading({ value: 71, observedAt: now - 61_000 }),
      definition,
      [{ ...feed, observedAt: now - 61_000 }],
      now,
      true,
    );
    expect([state.data, state.off]).toEqual(["late", "below"]);
  });

  it("keeps the last value when stale and does not judge it", () => {
    const stale = reading({ value: 71, state: "stale", reason: "stale", observedAt: now - 420_000 });
    expect(tileState(stale, definition, [feed], now, true)).toEqual({
      data: "stale",
      value: 71,
      ageSeconds: 420,
      fuse: 1,
      off: null,
    });
  });

  it("is down with the last value, and without one after it was dropped", () => {
    const kept = reading({ state: "stale", reason: "source-down" });
    const dropped = reading({ value: null, state: "none", reason: "source-down" });
    expect([kept, dropped].map((one) => tileState(one, definition, [feed], now, true))).toMatchObject([
      { data: "down", value: 91 },
      { data: "down", value: null },
    ]);
  });

  it("tells no data, not applicable and waiting apart", () => {
    const none = (reason: "no-data" | "not-applicable") => reading({ value: null, state: "none", reason });
    expect(
      [none("no-data"), none("not-applicable"), null].map((one) => {
        const state = tileState(one, definition, [feed], now, true);
        return [state.data, state.value, state.fuse];
      }),
    ).toEqual([
      ["no-data", null, null],
      ["not-applicable", null, null],
      ["waiting", null, null],
    ]);
  });

  it("says that the link is lost before it says that a value is on or off target", () => {
    const state = tileState(reading({ value: 71 }), definition, [feed], now, false);
    expect([state.data, state.off, state.value]).toEqual(["unlinked", null, 71]);
  });

  it("judges by the better direction only", () => {
    const judge = (better: "higher" | "lower" | "neither", value: number) =>
      tileState(reading({ value }), { ...definition, better }, [feed], now, true).off;
    expect([judge("lower", 89), judge("lower", 88), judge("neither", 10), judge("higher", 10)]).toEqual([
      "above",
      null,
      null,
      "below",
    ]);
  });
});

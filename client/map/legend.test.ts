import { describe, expect, it } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import { feedsOfKind, legendEntry } from "./legend.ts";

const now = 1_000_000;
function call(slot: number, status: string): EntityRow {
  return {
    slot,
    id: `fire/DispatchCall/${slot}`,
    kind: "DispatchCall",
    position: [0, 0],
    estimated: false,
    observedAt: now,
    fields: { status },
  };
}
const mapOf = (...rows: EntityRow[]) => new Map(rows.map((row) => [row.slot, row]));

describe("feedsOfKind", () => {
  it("takes the feeds of the things and of the indicators that read the kind", () => {
    const indicators = [
      { reads: "DispatchCall" as const, feeds: ["ambulance"] },
      { reads: "Vehicle" as const, feeds: ["bikes"] },
      { reads: null, feeds: ["all"] },
    ];
    expect(Array.from(feedsOfKind("DispatchCall", [call(1, "open")], indicators))).toEqual([
      "ambulance",
      "fire",
    ]);
  });
});

describe("legendEntry", () => {
  const fresh = { id: "fire", status: "fresh" as const, observedAt: now - 3_000 };

  it("counts what is drawn and gives the age of the oldest feed", () => {
    const older = { id: "ambulance", status: "fresh" as const, observedAt: now - 9_000 };
    expect(
      legendEntry("DispatchCall", mapOf(call(1, "open"), call(2, "closed")), [fresh, older], now),
    ).toEqual({ kind: "DispatchCall", count: 1, state: "fresh", ageSeconds: 9 });
  });

  it("counts none as 0 only while a feed is good", () => {
    expect(legendEntry("DispatchCall", new Map(), [fresh], now).count).toBe(0);
    const down = { ...fresh, status: "down" as const };
    expect(legendEntry("DispatchCall", new Map(), [down], now)).toMatchObject({ count: null, state: "down" });
    expect(legendEntry("DispatchCall", new Map(), [], now)).toMatchObject({ count: null, state: "none" });
  });

  it("is as bad as its worst feed", () => {
    const stale = { id: "ambulance", status: "stale" as const, observedAt: null };
    expect(legendEntry("DispatchCall", mapOf(call(1, "open")), [fresh, stale], now).state).toBe("stale");
  });
});

import { expect, test } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { FeedStatusWord } from "../../shared/feed.ts";
import { LiveThings, type ThingStore } from "./live-things.ts";
import { symbolNames } from "./symbols.ts";

const now = 1_000_000;
const instant = { now, nowMs: 0, steps: true };
const call: EntityRow = {
  slot: 1,
  id: "calls/DispatchCall/1",
  kind: "DispatchCall",
  position: [0, 0],
  estimated: false,
  observedAt: now,
  fields: {},
};

/** A store with one call, whose feed and connection a test changes. */
function storeOfOne() {
  const listeners = new Map<string, () => void>();
  const state = { feed: "fresh" as FeedStatusWord, connection: "connected" as "connected" | "disconnected" };
  const store: ThingStore = {
    subscribe(key, listener) {
      listeners.set(key, listener);
      return () => listeners.delete(key);
    },
    want: () => () => undefined,
    entities: () => ({ rows: new Map([[call.slot, call]]) }),
    feed: () => ({ status: state.feed }),
    get connection() {
      return { state: state.connection };
    },
  };
  const change = (key: "feeds" | "connection", to: Partial<typeof state>): void => {
    Object.assign(state, to);
    listeners.get(key)?.();
  };
  return { store, change };
}

test("a symbol follows the state of its feed, and a lost server is believed nothing", () => {
  const { store, change } = storeOfOne();
  let told = 0;
  const things = new LiveThings(store, ["DispatchCall"], [0, 0], () => told++);
  const drawn = (): string | undefined => {
    things.refresh(instant);
    return symbolNames[things.columns("DispatchCall")!.symbols[0]!];
  };
  expect(drawn()).toBe("call");
  change("feeds", {});
  expect(told).toBe(0);
  change("feeds", { feed: "down" });
  expect([told, drawn()]).toEqual([1, "call-stale"]);
  change("feeds", { feed: "fresh" });
  expect(drawn()).toBe("call");
  change("connection", { connection: "disconnected" });
  expect(drawn()).toBe("call-stale");
});

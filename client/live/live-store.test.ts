import { describe, expect, it, vi } from "vitest";
import { Dictionary, encodeEntityColumns } from "../../shared/entity-frame.ts";
import type { EntityOf } from "../../shared/entity.ts";
import type { Body, Frame, Reading, Topic } from "../../shared/protocol.ts";
import { LiveStore } from "./live-store.ts";

function reading(id: string, value: number): Reading {
  return { id, value, state: "fresh", reason: null, quality: "good", observedAt: 1_000, oldestAt: null };
}

function frame<B extends Body>(topic: Topic, mode: Frame["mode"], body: B): Frame<B> {
  return { topic, mode, epoch: "a", seq: 1, cityAt: 1_000, body };
}

function vehicle(id: string, lon: number): EntityOf<"VehiclePosition"> {
  return {
    id,
    kind: "VehiclePosition",
    feedId: "trains",
    sourceId: id,
    observedAt: 5_000,
    receivedAt: 6_000,
    position: [lon, 37.7],
    quality: "good",
    fields: { bearing: 90, label: id },
  };
}

describe("LiveStore", () => {
  it("tells only the listeners of what changed", () => {
    const store = new LiveStore();
    const a = vi.fn<() => void>();
    const b = vi.fn<() => void>();
    store.subscribe("reading/a", a);
    store.subscribe("reading/b", b);
    store.apply(frame("indicators", "delta", { readings: [reading("a", 1)] }));
    expect([a.mock.calls.length, b.mock.calls.length]).toEqual([1, 0]);
    expect(store.reading("a")?.value).toBe(1);
  });

  it("keeps what a delta does not mention and drops what a snapshot does not", () => {
    const store = new LiveStore();
    store.apply(frame("indicators", "snapshot", { readings: [reading("a", 1), reading("b", 2)] }));
    store.apply(frame("indicators", "delta", { readings: [reading("b", 3)] }));
    expect([store.reading("a")?.value, store.reading("b")?.value]).toEqual([1, 3]);
    const gone = vi.fn<() => void>();
    store.subscribe("reading/a", gone);
    store.apply(frame("indicators", "snapshot", { readings: [reading("b", 4)] }));
    expect(store.reading("a")).toBeNull();
    expect(gone).toHaveBeenCalledOnce();
  });

  it("gives the same groups until one of them changes", () => {
    const store = new LiveStore();
    store.apply(
      frame("indicators", "snapshot", {
        readings: [reading("a", 3), reading("a{area.district:north}", 1), reading("a{department:fire}", 2)],
      }),
    );
    const groups = store.groups("a", "area.district");
    expect(groups.map((group) => group.name)).toEqual(["north"]);
    store.apply(frame("indicators", "delta", { readings: [reading("a{department:fire}", 5)] }));
    expect(store.groups("a", "area.district")).toBe(groups);
    store.apply(frame("indicators", "delta", { readings: [reading("a{area.district:south}", 5)] }));
    expect(store.groups("a", "area.district").map((group) => group.name)).toEqual(["north", "south"]);
  });

  it("adds, moves and removes entities by slot", () => {
    const store = new LiveStore();
    const dictionary = new Dictionary();
    const body = (
      entities: EntityOf<"VehiclePosition">[],
      slots: number[],
      removed: number[],
      first: number,
    ) => {
      const columns = encodeEntityColumns("VehiclePosition", entities, slots, dictionary);
      const ids = entities.map((entity, i) => [slots[i]!, entity.id] as const);
      const texts = dictionary.since(first);
      return {
        kind: "VehiclePosition" as const,
        count: entities.length,
        columns,
        ids,
        removed,
        firstText: first,
        texts,
      };
    };
    store.want(["entities/VehiclePosition"]);
    store.apply(
      frame("entities/VehiclePosition", "snapshot", body([vehicle("x", 1), vehicle("y", 2)], [1, 2], [], 1)),
    );
    const before = store.entities("VehiclePosition");
    store.apply(
      frame("entities/VehiclePosition", "delta", body([vehicle("y", 3)], [2], [1], dictionary.size + 1)),
    );
    const after = store.entities("VehiclePosition");
    expect(after.version).toBe(before.version + 1);
    expect(
      Array.from(after.rows.values(), (row) => [row.id, row.position?.[0], row.fields["label"]]),
    ).toEqual([["y", 3, "y"]]);
    // The slot of what is gone may be somebody else's in the same frame.
    store.apply(
      frame("entities/VehiclePosition", "delta", body([vehicle("z", 9)], [2], [2], dictionary.size + 1)),
    );
    expect(store.entities("VehiclePosition").rows.get(2)?.id).toBe("z");
  });

  it("remembers a refusal until the entities come", () => {
    const store = new LiveStore();
    store.refuse({ reason: "token", topic: "entities/DispatchCall" });
    expect(store.entities("DispatchCall").refused).toBe("token");
  });

  it("wants a topic until its last reader leaves, then forgets what it held", () => {
    const store = new LiveStore();
    const changed = vi.fn<() => void>();
    store.onWanted = changed;
    const one = store.want(["wall/city"]);
    const two = store.want(["wall/city"]);
    store.apply(frame("wall/city", "snapshot", { wall: null, sent: null }));
    one();
    one();
    expect(store.wanted).toEqual(["wall/city"]);
    two();
    store.forgetUnwanted();
    expect(store.wanted).toEqual([]);
    expect(store.wall("city")).toBeUndefined();
    expect(changed).toHaveBeenCalledTimes(4);
  });

  it("says a changed clock once, not at every pulse", () => {
    const store = new LiveStore();
    const changed = vi.fn<() => void>();
    store.subscribe("clock", changed);
    const heard = { monotonicMs: 0, wallMs: 0 };
    store.setAnchor({ clock: { kind: "live", cityAt: 1_000, speed: 1 }, heard });
    store.setAnchor({ clock: { kind: "live", cityAt: 3_000, speed: 1 }, heard });
    expect(changed).toHaveBeenCalledOnce();
    expect(store.cityNow({ monotonicMs: 500, wallMs: 500 })).toBe(3_500);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { OldestObservation } from "./oldest.ts";

test("after any history, the oldest is what looking at all says, and what is over does not pile up", () => {
  const change = fc.record({ thing: fc.nat(5), at: fc.option(fc.nat(400), { nil: null }) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
      const oldest = new OldestObservation();
      const held = new Map<number, number>();
      for (const { thing, at } of changes) {
        const before = held.get(thing);
        if (at !== null) oldest.add(at);
        if (before !== undefined) oldest.remove(before);
        if (at === null) held.delete(thing);
        else held.set(thing, at);
        expect(oldest.read()).toBe(held.size === 0 ? null : Math.min(...held.values()));
        expect(oldest.waiting).toBeLessThan(64 + 4 * 6 + 2);
      }
    }),
    { seed: 7, numRuns: 100 },
  );
});

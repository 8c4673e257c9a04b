import fc from "fast-check";
import { expect, test } from "vitest";
import { ExpiryHeap } from "./expiry-heap.ts";

test("gives entries back by instant", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 })), (instants) => {
      const heap = new ExpiryHeap();
      instants.forEach((at, i) => {
        heap.push(at, i);
      });
      const out: number[] = [];
      while (heap.size > 0) {
        expect(heap.nextAt).toBeLessThanOrEqual(1000);
        const { at, what } = heap.pop();
        expect(instants[what]).toBe(at);
        out.push(at);
      }
      expect(out).toEqual(instants.toSorted((a, b) => a - b));
      expect(heap.nextAt).toBe(Number.POSITIVE_INFINITY);
    }),
    { seed: 11 },
  );
});

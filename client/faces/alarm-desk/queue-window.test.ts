import fc from "fast-check";
import { expect, it } from "vitest";
import { alarm, rule } from "../../../test/alarm-samples.ts";
import { rowOf, type QueueLine } from "./queue.ts";
import { heightOf, windowOf } from "./queue-window.ts";

const heights = { plain: 53, gathered: 84 };
const row = rowOf(alarm(), rule("transport.few-bikes"));
const plain: QueueLine = { row, behind: [] };
const gathered: QueueLine = { row, behind: [row] };

it("draws a short list whole", () => {
  const lines = Array<QueueLine>(200).fill(plain);
  expect(windowOf(lines, heights, 5_000, 6_000)).toEqual({ from: 0, to: 200, before: 0, after: 0 });
});

it("draws what is in sight, and the list is as long as if it were drawn whole", () => {
  const someLines = fc.array(fc.constantFrom(plain, gathered), { minLength: 201, maxLength: 2_000 });
  fc.assert(
    fc.property(someLines, fc.integer({ min: -2_000, max: 200_000 }), (lines, top) => {
      const bottom = top + 1_080;
      const { from, to, before, after } = windowOf(lines, heights, top, bottom);
      const whole = heightOf(lines, heights, 0, lines.length);
      const drawn = heightOf(lines, heights, from, to);
      expect(before + drawn + after).toBe(whole);
      expect(before <= Math.max(0, Math.min(top, whole - 1))).toBe(true);
      expect(before + drawn >= Math.min(Math.max(bottom, 0), whole)).toBe(true);
      expect(to - from).toBeLessThan(60);
    }),
  );
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { placeAnnotations, type LaneRoom, type Spanned } from "./annotation-lanes.ts";

const room: LaneRoom = {
  fromAt: 1_000,
  toAt: 2_000,
  width: 1_000,
  lanes: 2,
  longest: 100,
  gap: 10,
  widthOf: (text) => text.length * 10,
};
const span = (fromAt: number, toAt: number, text = "fair"): Spanned => ({ fromAt, toAt, text });
const place = (...items: Spanned[]) => placeAnnotations(items, room);

it("gives overlapping ones lanes of their own, and what finds none has no words", () => {
  const lanes = place(span(1_100, 1_300), span(1_200, 1_250), span(1_210, 1_220), span(1_400, 1_400));
  expect(lanes.map(({ lane }) => lane)).toEqual([0, 1, null, 0]);
});

it("counts the words to the room that a moment takes", () => {
  expect(place(span(1_100, 1_100), span(1_130, 1_130)).map(({ lane }) => lane)).toEqual([0, 1]);
  expect(place(span(1_100, 1_100), span(1_180, 1_180)).map(({ lane }) => lane)).toEqual([0, 0]);
});

it("cuts at the ends of what is shown, and says so", () => {
  expect(place(span(0, 9_000), span(0, 999), span(2_000, 2_100))).toMatchObject([
    { left: 0, right: 1_000, goesOnLeft: true, goesOnRight: true },
  ]);
});

it("shortens long words, on one line, and has them before a moment at the right edge", () => {
  const [long] = place(span(1_990, 1_990, "market\nin the   square"));
  expect(long).toMatchObject({ text: "market in…", textLeft: 880, isTextBefore: true });
});

it("never lays one over another", () => {
  const spans = fc.array(
    fc.record({
      fromAt: fc.integer({ min: 0, max: 3_000 }),
      long: fc.integer({ min: 0, max: 800 }),
      text: fc.string(),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(spans, (all) => {
      const items = all.map(({ fromAt, long, text }) => ({ fromAt, toAt: fromAt + long, text }));
      const placed = placeAnnotations(items, room);
      for (const lane of [0, 1]) {
        let end = Number.NEGATIVE_INFINITY;
        for (const one of placed.filter((other) => other.lane === lane)) {
          expect(Math.min(one.left, one.textLeft)).toBeGreaterThanOrEqual(end);
          end = Math.max(one.right, one.textLeft + room.widthOf(one.text));
        }
      }
    }),
  );
});

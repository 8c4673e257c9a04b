import fc from "fast-check";
import { expect, test } from "vitest";
import { cut, PieceJoiner } from "./pieces.ts";

test("whatever is cut is put together again, also after one that broke off", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 50 }),
      fc.nat(5),
      (whole, mostBytes, brokenOff) => {
        const joiner = new PieceJoiner();
        const pieces = cut(whole, mostBytes);
        for (const piece of pieces.slice(0, -1).slice(0, brokenOff)) expect(joiner.add(piece)).toBeNull();
        const joined = pieces.map((piece) => joiner.add(piece));
        expect(joined.slice(0, -1)).toEqual(pieces.slice(0, -1).map(() => null));
        expect(joined.at(-1)).toEqual(whole);
        for (const { bytes } of pieces) expect(bytes.byteLength).toBeLessThanOrEqual(mostBytes);
      },
    ),
    { seed: 3 },
  );
});

test("a piece whose beginning is missing makes no whole", () => {
  const joiner = new PieceJoiner();
  const [, second] = cut(Uint8Array.of(1, 2, 3), 2);
  expect(joiner.add(second!)).toBeNull();
});

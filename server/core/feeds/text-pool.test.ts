import fc from "fast-check";
import { expect, test } from "vitest";
import { TextPool } from "./text-pool.ts";

test("reads what a TextDecoder reads, whatever it read before", () => {
  const pool = new TextPool();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.uint8Array({ max: 0x7f, maxLength: 12 }),
    fc.uint8Array({ max: 1, maxLength: 9 }),
    fc.string({ unit: "grapheme", maxLength: 9 }).map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(bytes, fc.nat({ max: 5 }), (text, before) => {
      const around = new Uint8Array(before + text.length + 3).fill(0x39);
      around.set(text, before);
      const expected = decoder.decode(text);
      for (let turn = 0; turn < 2; turn++)
        expect(pool.read(around, before, before + text.length)).toBe(expected);
    }),
    { seed: 20_241_120, numRuns: 5_000 },
  );
});

test("texts that take each other's slots stay apart", () => {
  const pool = new TextPool();
  const stops = Array.from({ length: 200_000 }, (_, i) => String(i));
  const encoded = stops.map((stop) => new TextEncoder().encode(stop));
  for (let turn = 0; turn < 2; turn++)
    expect(encoded.every((bytes, at) => pool.read(bytes, 0, bytes.length) === stops[at])).toBe(true);
});

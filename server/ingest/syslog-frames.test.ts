import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameReader } from "./syslog-frames.ts";

/** The messages of a stream that comes in pieces of these sizes; `…` behind those that were cut. */
function read(stream: string | Uint8Array, sizes: readonly number[] = [], maxBytes = 100): string[] {
  const bytes = Buffer.from(stream);
  const messages: string[] = [];
  const reader = new FrameReader(maxBytes, {
    line: (line, isCut) => messages.push(Buffer.from(line).toString() + (isCut ? "…" : "")),
  });
  let at = 0;
  for (const size of sizes) reader.push(bytes.subarray(at, (at += size)));
  reader.push(bytes.subarray(at));
  reader.end();
  return messages;
}

test.each<[string, string, string[]]>([
  ["line feeds", "<13>one\n<13>two\n", ["<13>one", "<13>two"]],
  ["a last line without an end", "<13>one\n<13>two", ["<13>one", "<13>two"]],
  ["NULs", "<13>one\0<13>two\0", ["<13>one", "<13>two"]],
  ["empty lines", "\n\n<13>one\n\n", ["<13>one"]],
  ["lengths", "7 <13>one7 <13>two", ["<13>one", "<13>two"]],
  ["a line feed inside", "8 <13>o\nne7 <13>two", ["<13>o\nne", "<13>two"]],
  [
    "both, one after the other",
    "7 <13>one<13>two\n9 <13>three<13>four\n",
    ["<13>one", "<13>two", "<13>three", "<13>four"],
  ],
  ["lines that start with digits", "2026-11-23 one\n12 two\n", ["2026-11-23 one", "12 two"]],
  ["a length that never ends", "99 <13>one", []],
])("%s", (_, stream, expected) => {
  expect(read(stream)).toEqual(expected);
});

test("a message that is too long is cut, and the next one is whole", () => {
  const long = "<13>" + "x".repeat(300);
  const cut = `${long.slice(0, 100)}…`;
  expect(read(`${long}\n<13>two\n`)).toEqual([cut, "<13>two"]);
  expect(read(`${long.length} ${long}7 <13>two`)).toEqual([cut, "<13>two"]);
  expect(read("9999999 <13>" + "x".repeat(1_000))).toEqual([`${`<13>${"x".repeat(1_000)}`.slice(0, 100)}…`]);
});

test("however a stream is cut into pieces, its messages are the same", () => {
  const message = fc
    .string({ unit: "grapheme-ascii", maxLength: 150 })
    .map((text) => `<13>${text.replaceAll("\n", "")}`);
  const frame = fc
    .tuple(message, fc.boolean())
    .map(([text, isCounted]) => (isCounted ? `${text.length} ${text}` : `${text}\n`));
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 8 }),
      fc.array(fc.nat(60), { maxLength: 20 }),
      (frames, sizes) => {
        const stream = frames.join("");
        expect(read(stream, sizes)).toEqual(read(stream));
        expect(read(stream).length).toBe(frames.length);
      },
    ),
    { seed: 2, numRuns: 500 },
  );
});

test("any bytes in any pieces hold no more than a message", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(fc.nat(50), { maxLength: 10 }),
      (bytes, sizes) => {
        for (const message of read(bytes, sizes, 20)) expect(Buffer.byteLength(message)).toBeLessThan(70);
      },
    ),
    { seed: 6, numRuns: 500 },
  );
});

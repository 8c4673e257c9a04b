import { expect, it } from "vitest";
import { LastBodies } from "./last-bodies.ts";

const body = (name: string, bytes: Uint8Array) => ({
  part: { name, url: null, bytes },
  decodedAt: 1,
  receivedAt: 2,
});
const namesOf = (bodies: LastBodies, feed: string) => bodies.of(feed).map(({ part }) => part.name);

it("keeps the last body of each part, the last one first", () => {
  const bodies = new LastBodies();
  bodies.put("a", body("one", new Uint8Array([1])));
  bodies.put("a", body("two", new Uint8Array([2])));
  bodies.put("b", body("one", new Uint8Array([3])));
  bodies.put("a", body("one", new Uint8Array([4])));
  expect(bodies.of("a").map(({ part }) => [part.name, ...part.bytes])).toEqual([
    ["one", 4],
    ["two", 2],
  ]);
});

it("is bounded: a large body is not kept, and the oldest makes room", () => {
  const bodies = new LastBodies({ each: 10, total: 1_100 });
  bodies.put("a", body("one", new Uint8Array(8)));
  bodies.put("b", body("one", new Uint8Array(8)));
  bodies.put("b", body("two", new Uint8Array(8)));
  expect([namesOf(bodies, "a"), namesOf(bodies, "b")]).toEqual([[], ["two", "one"]]);
  bodies.put("b", body("two", new Uint8Array(11)));
  expect(namesOf(bodies, "b")).toEqual(["one"]);
});

/** What a body lies in. */
const roomOf = (bodies: LastBodies): ArrayBufferLike => bodies.of("a")[0]!.part.bytes.buffer;

it("lets go of what a body came in", () => {
  const bodies = new LastBodies();
  for (const came of [new Uint8Array(100_000), Buffer.alloc(100_000)]) {
    bodies.put("a", body("one", came.subarray(0, 4)));
    came.fill(1);
    expect([...bodies.of("a")[0]!.part.bytes]).toEqual([0, 0, 0, 0]);
    expect(roomOf(bodies).byteLength).toBeLessThan(10);
  }
});

it("what was handed out stays as it was when the next body comes", () => {
  const bodies = new LastBodies();
  bodies.put("a", body("one", new Uint8Array([1, 1, 1])));
  const [handedOut] = bodies.of("a");
  bodies.put("a", body("one", new Uint8Array([2, 2])));
  expect([...handedOut!.part.bytes]).toEqual([1, 1, 1]);
  expect([...bodies.of("a")[0]!.part.bytes]).toEqual([2, 2]);
});

it("takes no new memory for bodies of nearly one length", () => {
  const bodies = new LastBodies();
  const came = new Uint8Array(1 << 20);
  bodies.put("a", body("one", came));
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 20; i++) bodies.put("a", body("one", came.subarray(0, came.length - i * 1_000)));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 19);
});

it("counts what a body costs beside its bytes: very many small ones are bounded too", () => {
  const bodies = new LastBodies({ each: 10, total: 1 << 20 });
  for (let i = 0; i < 20_000; i++) bodies.put("a", body(`topic ${i}`, new Uint8Array(1)));
  const names = namesOf(bodies, "a");
  expect(names[0]).toBe("topic 19999");
  expect(names.length).toBeGreaterThan(500);
  expect(names.length).toBeLessThan(3_000);
});

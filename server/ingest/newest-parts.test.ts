import { expect, test } from "vitest";
import { NewestParts } from "./newest-parts.ts";

test("remembers the parts that were spoken of last", () => {
  const parts = new NewestParts<number>(2);
  parts.set("a", 1);
  parts.set("b", 2);
  parts.set("a", 3);
  parts.set("c", 4);
  expect(["a", "b", "c"].map((name) => parts.get(name))).toEqual([3, undefined, 4]);
  expect(parts.oldest).toBe(3);
  parts.retain(new Set(["c"]));
  expect([parts.get("a"), parts.oldest]).toEqual([undefined, 4]);
  parts.delete("c");
  expect(parts.oldest).toBeUndefined();
});

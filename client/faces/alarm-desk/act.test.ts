import { expect, it } from "vitest";
import { commandOf } from "./act.ts";

const duty = { position: "Transport desk", shift: "Night" };
const comment = (text: string) => ({ action: "comment", text }) as const;

it("says again by the same key what had no answer, and all else by a key of its own", () => {
  const first = commandOf(comment("A van is coming"), ["a", "b"], duty, null);
  expect(first).toMatchObject({ action: "comment", alarms: ["a", "b"], position: "Transport desk" });
  expect(commandOf(comment("A van is coming"), ["a", "b"], duty, first)).toEqual(first);
  for (const other of [
    commandOf(comment("A van is coming"), ["a", "b"], duty, null),
    commandOf(comment("No van is coming"), ["a", "b"], duty, first),
    commandOf(comment("A van is coming"), ["a"], duty, first),
    commandOf(comment("A van is coming"), ["a", "b"], { ...duty, shift: "Day" }, first),
  ])
    expect(other.key).not.toBe(first.key);
});

import { expect, test } from "vitest";
import { sameSecret } from "./same-secret.ts";

test.each([
  ["a token", "a token", true],
  ["a token", "a tokem", false],
  ["a token", "a token ", false],
  ["", "a token", false],
])("%j and %j: %s", (given, expected, same) => {
  expect(sameSecret(given, expected)).toBe(same);
});

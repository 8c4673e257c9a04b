import { expect, it } from "vitest";
import { mayReload } from "./reload-guard.ts";

it("reloads once a minute for the same protocol, at once for another", () => {
  const kept = new Map<string, string>();
  const memory = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  expect(mayReload(() => memory, 2, 1_000)).toBe(true);
  expect(mayReload(() => memory, 2, 2_000)).toBe(false);
  expect(mayReload(() => memory, 3, 3_000)).toBe(true);
  expect(mayReload(() => memory, 3, 64_000)).toBe(true);
});

it("never reloads where the browser forbids to remember it", () => {
  const forbidden = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };
  expect(mayReload(forbidden, 2, 1_000)).toBe(false);
});

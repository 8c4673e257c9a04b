import { expect, test } from "vitest";
import { nextAt } from "./note-form.tsx";

test("a time is the next one of the city's clocks, across a change of them too", () => {
  const zone = "Europe/Lisbon";
  const at = (iso: string): number => Date.parse(iso);
  expect(nextAt("16:00", at("2026-12-02T15:59:59Z"), zone)).toBe(at("2026-12-02T16:00Z"));
  expect(nextAt("16:00", at("2026-12-02T16:00:00Z"), zone)).toBe(at("2026-12-03T16:00Z"));
  // Clocks go back in the night to 25 October 2026: 16:00 is an hour later in UTC.
  expect(nextAt("16:00", at("2026-10-24T18:00:00Z"), zone)).toBe(at("2026-10-25T16:00Z"));
});

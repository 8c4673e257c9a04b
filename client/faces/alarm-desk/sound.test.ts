import { expect, it } from "vitest";
import { alarm, noon } from "../../../test/alarm-samples.ts";
import { newsOf, newsWithinSeconds } from "./sound.ts";

const one = alarm({ id: "a", priority: "medium" });
const urgent = alarm({ id: "b", priority: "critical" });
const nothing = { open: new Set<string>(), hidden: new Set<string>() };
const late = noon + newsWithinSeconds * 1_000 + 1;

it("is heard once for each time an alarm comes, by the most urgent of what comes together", () => {
  const first = newsOf([one, urgent], nothing, noon);
  expect(first.priority).toBe("critical");
  expect(newsOf([one, urgent], first.heard, noon).priority).toBeNull();
  const again = alarm({ ...one, occurrence: 2 });
  expect(newsOf([again, urgent], first.heard, noon).priority).toBe("medium");
});

it("is silent about what was there when the page was opened or the line came back", () => {
  expect(newsOf([one], null, noon).priority).toBeNull();
  expect(newsOf([one], nothing, late).priority).toBeNull();
});

it("is silent about what somebody knows or what is hidden", () => {
  const known = [alarm({ id: "c", state: "acknowledged" }), alarm({ id: "d", state: "suppressed" })];
  expect(newsOf(known, nothing, noon).priority).toBeNull();
});

it("is heard when an alarm comes out of hiding, however long it has been there", () => {
  for (const state of ["shelved", "suppressed", "out-of-service"] as const) {
    const hidden = newsOf([alarm({ ...one, state })], null, noon);
    expect(newsOf([one], hidden.heard, late).priority).toBe("medium");
    expect(newsOf([alarm({ ...one, state: "acknowledged" })], hidden.heard, late).priority).toBeNull();
  }
});

it("takes as news what is so in seconds of the wall where a city's clock runs fast", () => {
  expect(newsOf([one], nothing, noon + 600_000, 60).priority).toBe("medium");
  expect(newsOf([one], nothing, noon + 1_000_000, 60).priority).toBeNull();
});

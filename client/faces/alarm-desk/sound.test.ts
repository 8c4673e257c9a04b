import { expect, it } from "vitest";
import { alarm, noon } from "../../../test/alarm-samples.ts";
import { newsOf, newsWithinMs } from "./sound.ts";

const one = alarm({ id: "a", priority: "medium" });
const urgent = alarm({ id: "b", priority: "critical" });

it("is heard once for each time an alarm comes, by the most urgent of what comes together", () => {
  const first = newsOf([one, urgent], new Set(), noon);
  expect(first.priority).toBe("critical");
  expect(newsOf([one, urgent], first.heard, noon).priority).toBeNull();
  const again = alarm({ ...one, occurrence: 2 });
  expect(newsOf([again, urgent], first.heard, noon).priority).toBe("medium");
});

it("is silent about what was there when the page was opened or the line came back", () => {
  expect(newsOf([one], null, noon).priority).toBeNull();
  expect(newsOf([one], new Set(), noon + newsWithinMs + 1).priority).toBeNull();
});

it("is silent about what somebody knows or what is hidden", () => {
  const known = [alarm({ id: "c", state: "acknowledged" }), alarm({ id: "d", state: "suppressed" })];
  expect(newsOf(known, new Set(), noon).priority).toBeNull();
});

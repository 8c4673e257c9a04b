import { expect, it } from "vitest";
import { alarm, noon } from "../../../test/alarm-samples.ts";
import type { Alarm } from "../../../shared/alarms.ts";
import { interruptingAlarms } from "./interruption.ts";

const interrupt = { from: "high", seconds: 60 } as const;

function ids(alarms: readonly Alarm[], afterSeconds: number, speed = 1): string[] {
  return interruptingAlarms(alarms, interrupt, noon + afterSeconds * 1_000, speed).map(({ id }) => id);
}

it("lasts for its time from when the alarm was raised, whenever the wall was loaded", () => {
  const one = [alarm({ id: "one", since: noon })];
  expect(ids(one, 0)).toEqual(["one"]);
  expect(ids(one, 59)).toEqual(["one"]);
  expect(ids(one, 60)).toEqual([]);
  // The server's word may be ahead of the wall's clock.
  expect(ids(one, -3)).toEqual(["one"]);
});

it("is timed by the wall's clock, however fast the city's runs", () => {
  const one = [alarm({ id: "one", since: noon })];
  expect(ids(one, 59 * 60, 60)).toEqual(["one"]);
  expect(ids(one, 60 * 60, 60)).toEqual([]);
});

it("ends when somebody acknowledges, shelves or it is over", () => {
  for (const state of ["acknowledged", "returned", "latched", "shelved", "suppressed", "normal"] as const)
    expect(ids([alarm({ state })], 1)).toEqual([]);
});

it("is for alarms of the set priority on, the most urgent and then the first in front", () => {
  const alarms = [
    alarm({ id: "low", priority: "low" }),
    alarm({ id: "medium", priority: "medium" }),
    alarm({ id: "later", since: noon + 5_000 }),
    alarm({ id: "first" }),
    alarm({ id: "critical", priority: "critical", since: noon + 9_000 }),
  ];
  expect(ids(alarms, 10)).toEqual(["critical", "first", "later"]);
  expect(ids(alarms, 62)).toEqual(["critical", "later"]);
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { filtersOverlap, topicFilterFault, TopicPattern } from "./topic.ts";

const levels = (pattern: string, topic: string): Record<string, string> | null => {
  const made = new TopicPattern(pattern);
  const found = made.match(topic);
  return found && Object.fromEntries(made.names.map((name) => [name, found[made.placeOf(name)]!]));
};

test.each([
  ["sensors/{station}/level", "sensors/dock/level", { station: "dock" }],
  ["sensors/{station}/level", "sensors//level", { station: "" }],
  ["sensors/{station}/level", "sensors/dock", null],
  ["sensors/{station}/level", "sensors/dock/level/raw", null],
  ["sensors/{station}/#", "sensors/dock", { station: "dock" }],
  ["sensors/{station}/#", "sensors/dock/a/b", { station: "dock" }],
  ["sensors/{station}/#", "sensors", null],
  ["+/+", "/finance", {}],
  ["/+", "/finance", {}],
  ["+", "/finance", null],
  ["Accounts", "ACCOUNTS", null],
  // No wildcard stands for what is the server's own (§4.7.2).
  ["#", "$SYS/broker/uptime", null],
  ["{any}/broker/#", "$SYS/broker/uptime", null],
  ["$SYS/broker/{name}", "$SYS/broker/uptime", { name: "uptime" }],
])("%s and %s", (pattern, topic, expected) => {
  expect(levels(pattern, topic)).toEqual(expected);
});

test.each([
  ["sport/tennis/#", null],
  ["#", null],
  ["+/tennis/#", null],
  ["/", null],
  ["sport/tennis#", '"#" alone in the last level'],
  ["sport/tennis/#/ranking", '"#" alone in the last level'],
  ["sport+", '"+" alone in a level'],
  ["", "a topic filter"],
  ["a\0b", "a topic filter without U+0000"],
])("the filter %j of the standard's own examples", (filter, fault) => {
  expect(topicFilterFault(filter)).toBe(fault);
});

test.each([
  ["sensors/#", "sensors/+/level", true],
  ["sensors/#", "sensors", true],
  ["sensors/+/level", "sensors/+/rain", false],
  ["a", "a/b/#", false],
  ["#", "$SYS/#", false],
  ["$share/city/sensors/#", "sensors/+", true],
  ["$share/city/sensors/#", "other/+", false],
])("%s and %s overlap: %s", (a, b, expected) => {
  expect(filtersOverlap(a, b)).toBe(expected);
  expect(filtersOverlap(b, a)).toBe(expected);
});

test("filters overlap when there is a topic that fits both, and only then", () => {
  const level = fc.constantFrom("a", "b", "+");
  const filter = fc
    .tuple(fc.array(level, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([found, deep]) => [...found, ...(deep ? ["#"] : [])].join("/"));
  const topics = ["a", "b"].flatMap((x) => [
    x,
    ...["a", "b"].flatMap((y) => [
      `${x}/${y}`,
      ...["a", "b"].flatMap((z) => [`${x}/${y}/${z}`, `${x}/${y}/${z}/a`]),
    ]),
  ]);
  fc.assert(
    fc.property(filter, filter, (a, b) => {
      const both = topics.some((topic) => levels(a, topic) !== null && levels(b, topic) !== null);
      expect(filtersOverlap(a, b)).toBe(both);
    }),
    { seed: 3, numRuns: 500 },
  );
});

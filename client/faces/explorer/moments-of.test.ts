import { expect, it } from "vitest";
import type { Moment } from "../../../shared/moment.ts";
import { eventsOf } from "./moments-of.ts";

const moment = (at: number, kind: Moment["kind"], subject: string): Moment => ({
  at,
  kind,
  subject,
  department: null,
  value: null,
  text: null,
});
const known = [
  { id: "bikes", feeds: ["gbfs"] },
  { id: "calls", feeds: ["dispatch"] },
];

it("keeps what concerns the figures, their feeds or everybody, within the stretch", () => {
  const moments = [
    moment(1, "left-target", "bikes"),
    moment(5, "left-target", "bikes"),
    moment(6, "left-target", "calls"),
    moment(7, "feed-down", "gbfs"),
    moment(8, "feed-down", "dispatch"),
    moment(9, "warning", "gale"),
    moment(10, "warning-over", "gale"),
  ];
  expect(eventsOf(moments, { fromAt: 5, toAt: 10 }, ["bikes"], known).map(({ at }) => at)).toEqual([5, 7, 9]);
});

it("keeps the newest of many", () => {
  const many = Array.from({ length: 50 }, (_, at) => moment(at, "warning", String(at)));
  expect(eventsOf(many, { fromAt: 0, toAt: 100 }, [], []).map(({ at }) => at)).toEqual(
    Array.from({ length: 20 }, (_, i) => 30 + i),
  );
});

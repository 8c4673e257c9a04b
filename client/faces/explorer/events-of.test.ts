import { expect, it } from "vitest";
import type { CityEvent } from "../../../shared/city-event.ts";
import { eventsOf } from "./events-of.ts";

const event = (
  at: number,
  kind: CityEvent["kind"],
  subject: string,
  said: string | null = null,
): CityEvent => ({
  at,
  endsAt: null,
  kind,
  subject,
  department: null,
  value: null,
  text: said === null ? null : { en: said, zh: said },
});
const known = [
  { id: "bikes", domain: "transport", feeds: ["gbfs"] },
  { id: "calls", domain: "security", feeds: ["dispatch"] },
] as const;

it("keeps what concerns the figures, their feeds or everybody, and began within the stretch", () => {
  const events = [
    event(1, "alert", "storm", "Storm"),
    event(5, "left-target", "bikes"),
    event(6, "left-target", "calls"),
    event(7, "feed-down", "gbfs"),
    event(8, "feed-down", "dispatch"),
    event(9, "works", "1-north", "Main Street"),
    event(9, "works", "1-south", "Main Street"),
    event(10, "warning-over", "gale"),
  ];
  expect(eventsOf(events, { fromAt: 5, toAt: 10 }, ["bikes"], known).map(({ at }) => at)).toEqual([5, 7, 9]);
  expect(eventsOf(events, { fromAt: 5, toAt: 10 }, ["calls"], known).map(({ at }) => at)).toEqual([6, 8]);
});

it("tells a warning once", () => {
  const events = [
    event(3, "alert", "CapAlert/1", "Gale"),
    event(4, "warning", "1", "Gale"),
    event(5, "warning", "2", "Frost"),
  ];
  expect(eventsOf(events, { fromAt: 0, toAt: 9 }, [], []).map(({ at }) => at)).toEqual([3, 5]);
});

it("lets works give way, then what is older", () => {
  const works = Array.from({ length: 30 }, (_, i) => event(i, "works", String(i)));
  const ends = Array.from({ length: 15 }, (_, i) => event(100 + i, "warning-over", String(i)));
  const kept = eventsOf([...works, ...ends], { fromAt: 0, toAt: 1_000 }, ["bikes"], known);
  expect(kept.map(({ at }) => at)).toEqual([25, 26, 27, 28, 29, ...ends.map(({ at }) => at)]);
  const many = Array.from({ length: 50 }, (_, i) => event(i, "warning-over", String(i)));
  expect(eventsOf(many, { fromAt: 0, toAt: 100 }, [], []).map(({ at }) => at)[0]).toBe(30);
});

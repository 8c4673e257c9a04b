import { expect, test } from "vitest";
import type { Actor, AlarmEvent } from "../../../shared/alarms.ts";
import type { Handover, HandoverContent, ShiftEntry } from "../../../shared/shift.ts";
import { shiftBeganAt, shiftLog, whoIs } from "./shift-log.ts";

const actor = (position: string, shift: string | null = "Night"): Actor => ({
  position,
  shift,
  account: null,
});

const event = (at: number, by: Actor | null): AlarmEvent => ({
  at,
  alarm: "a",
  rule: "a",
  group: null,
  occurrence: 1,
  kind: by ? "acknowledge" : "raised",
  priority: "high",
  state: "acknowledged",
  value: null,
  by,
  text: null,
  until: null,
});
const entry = (at: number, by: Actor): ShiftEntry => ({ id: `e${at}`, at, by, text: "x" });
const handover = (at: number, by: Actor, known: [number, Actor] | null): Handover => ({
  id: `h${at}`,
  at,
  by,
  text: "x",
  content: {} as HandoverContent,
  acknowledged: known && { at: known[0], by: known[1], text: null },
});

test("what was done, written and handed over stands in one order, the newest first", () => {
  const [desk, other] = [actor("Desk"), actor("Other")];
  const all = [
    [event(1, null), event(3, desk), event(5, other)],
    [entry(4, desk)],
    [handover(2, desk, null)],
  ] as const;
  const times = (filter: Parameters<typeof shiftLog>[3]) => shiftLog(...all, filter).map(({ at }) => at);
  expect(times({ position: null, hasAll: false })).toEqual([5, 4, 3, 2]);
  expect(times({ position: "Desk", hasAll: false })).toEqual([4, 3, 2]);
  expect(times({ position: "Desk", hasAll: true })).toEqual([4, 3, 2, 1]);
});

test("a shift begins when its position acknowledged what was handed over, else half a day ago", () => {
  const now = 100 * 3_600_000;
  const known = handover(10, actor("Desk", "Day"), [20, actor("Desk")]);
  const elsewhere = handover(30, actor("Other", "Day"), [40, actor("Other")]);
  expect(shiftBeganAt([elsewhere, known, handover(50, actor("Desk"), null)], "Desk", now)).toBe(20);
  expect(shiftBeganAt([elsewhere], "Desk", now)).toBe(88 * 3_600_000);
});

test("who somebody is", () => {
  expect([whoIs(actor("Desk")), whoIs(actor("Desk", null))]).toEqual(["Desk · Night", "Desk"]);
});

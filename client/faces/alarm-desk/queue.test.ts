import { describe, expect, it } from "vitest";
import type { Alarm } from "../../../shared/alarms.ts";
import { alarm, noon, rule } from "../../../test/alarm-samples.ts";
import {
  gather,
  holdStill,
  queueOf,
  sortedRows,
  readFilter,
  rowOf,
  waitingRows,
  type QueueRow,
  stepTo,
} from "./queue.ts";

const bridge = { ...rule("transport.bridge"), title: { en: "Bridge closed", zh: "桥梁封闭" } };
const attack = { ...rule("security.attack"), domain: "security" as const, owner: "it" };
const rules = new Map([bridge, attack].map((one) => [one.id, one]));

function one(id: string, over: Partial<Alarm> = {}): Alarm {
  return alarm({ id, rule: "transport.bridge", ...over });
}

const namesOf = ({ alarm: its, rule: of }: QueueRow): string =>
  `${of.title.en} ${its.group ?? ""}`.toLowerCase();
const queue = (alarms: readonly Alarm[], search = "") =>
  queueOf(sortedRows(alarms, rules), readFilter(search), namesOf);
const ids = (rows: readonly QueueRow[]): readonly string[] => rows.map(({ alarm: its }) => its.id);

describe("the queue", () => {
  it("has the most urgent first, then what is there before what is over, then the oldest", () => {
    const alarms = [
      one("a", { priority: "low" }),
      one("b", { since: noon + 1 }),
      one("c", { since: noon - 1, isActive: false, state: "returned" }),
      one("d"),
      one("e", { priority: "critical", since: noon + 9 }),
    ];
    expect(ids(queue(alarms).rows)).toEqual(["e", "d", "b", "c", "a"]);
  });

  it("counts what it does not list", () => {
    const alarms = [
      one("a"),
      one("b", { state: "shelved" }),
      one("c", { state: "suppressed" }),
      one("d", { state: "out-of-service" }),
      one("e", { rule: "security.attack" }),
    ];
    const asked = queue(alarms, "?domain=security");
    expect(ids(asked.rows)).toEqual(["e"]);
    expect(asked).toMatchObject({ filtered: 1, shelved: 1, suppressed: 1, outOfService: 1 });
    expect(ids(queue(alarms, "?show=hidden").rows)).toEqual(["b", "c", "d"]);
  });

  it("is filtered by priority, owner and words in any order, and by nothing that does not exist", () => {
    const alarms = [
      one("a", { group: "area.district:harbour" }),
      one("b", { priority: "low" }),
      one("c", { rule: "security.attack" }),
    ];
    expect(ids(queue(alarms, "?priority=low,critical").rows)).toEqual(["b"]);
    expect(ids(queue(alarms, "?owner=it").rows)).toEqual(["c"]);
    expect(ids(queue(alarms, "?text=HARBOUR+bridge").rows)).toEqual(["a"]);
    expect(ids(queue(alarms, "?priority=urgent&domain=none").rows)).toHaveLength(3);
  });

  it("says by when the response has to be done", () => {
    expect(rowOf(one("a"), bridge).dueAt).toBe(noon + 600_000);
  });

  it("in a flood has one line per cause, the first one in front, and counts those behind it", () => {
    const alarms = [
      one("a", { since: noon + 2 }),
      one("b", { since: noon + 1, isActive: false, state: "returned" }),
      one("c", { since: noon + 3 }),
      one("d", { rule: "security.attack", priority: "low" }),
    ];
    const { rows } = queue(alarms);
    const lines = (opened: readonly string[]) =>
      gather(rows, new Set(opened)).map(({ row, behind }) => [row.alarm.id, behind.length]);
    expect(lines([])).toEqual([
      ["b", 2],
      ["d", 0],
    ]);
    expect(lines(["transport.bridge"])).toEqual([
      ["a", 0],
      ["c", 0],
      ["b", 0],
      ["d", 0],
    ]);
  });

  it("held still keeps every row in its place, shows what it is now, and counts what waits", () => {
    const held = queue([one("a"), one("b")]).rows;
    const now = [one("b", { state: "acknowledged" }), one("c", { priority: "critical" })];
    const still = holdStill(held, new Map(now.map((its) => [its.id, its])));
    expect(still.map(({ alarm: its, isGone }) => [its.id, its.state, isGone])).toEqual([
      ["a", "unacknowledged", true],
      ["b", "acknowledged", false],
    ]);
    expect(waitingRows(still, queue(now).rows)).toBe(1);
  });

  it("is walked on from where the chosen alarm stood when that has left", () => {
    expect([stepTo(1, 1, 1, 4), stepTo(-1, 1, 1, 4), stepTo(1, 3, 3, 4), stepTo(-1, 0, 0, 4)]).toEqual([
      2, 0, 3, 0,
    ]);
    // The second of four has gone: its follower is the second now.
    expect([stepTo(1, -1, 1, 3), stepTo(-1, -1, 1, 3)]).toEqual([1, 0]);
    expect([stepTo(1, -1, 3, 3), stepTo(-1, -1, 0, 3)]).toEqual([2, 0]);
    expect([stepTo(1, -1, null, 3), stepTo(1, -1, 2, 0)]).toEqual([0, -1]);
  });
});

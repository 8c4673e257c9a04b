import { describe, expect, test } from "vitest";
import { alarmRule, entity, indicator, plan, plannedFeed, word } from "../../../test/planned-city.ts";
import type { Alarm, AlarmRule } from "../../../shared/alarms.ts";
import type { FeedStatus } from "../../../shared/feed.ts";
import type { Reading } from "../../../shared/protocol.ts";
import type { ValueState } from "../../../shared/value.ts";
import { City } from "../city/city.ts";
import { emptyBatch } from "../city/changes.ts";
import { AlarmBoard, type AlarmChanges } from "./board.ts";
import type { AlarmMemory } from "./machine.ts";
import type { Usual } from "./verdict.ts";
import type { KeptAlarm } from "./watched.ts";

const noon = Date.UTC(2026, 2, 7, 20, 0);
const mark = (at: number) => ({ at, by: { position: "Desk", shift: null, account: null } });

/** A board over readings that the test says, with a clock of its own. */
class Desk {
  now = noon;
  readonly readings = new Map<string, Reading>();
  readonly feeds = new Map<string, FeedStatus>();
  readonly board: AlarmBoard;
  readonly kept = new Map<string, KeptAlarm>();
  last: AlarmChanges = { alarms: [], kept: [], events: [] };

  constructor(rules: readonly AlarmRule[], zone = "America/Los_Angeles") {
    const feeds = [plannedFeed(), plannedFeed({ id: "trams", gives: ["TripUpdate"] })];
    const indicators = [indicator({ by: ["area.district"] }), indicator({ id: "transport.docks" })];
    this.board = new AlarmBoard(plan({ rules, feeds, indicators, zone }), {
      readings: this.readings,
      findHeld: () => undefined,
      listHeld: () => [],
      feedStatuses: () => Array.from(this.feeds.values()),
      isFresh: () => true,
    });
  }

  read(id: string, value: number | null, state: ValueState = value === null ? "none" : "fresh"): this {
    const reason = state === "fresh" ? null : "stale";
    const reading: Reading = {
      id,
      value,
      state,
      reason,
      quality: "good",
      observedAt: this.now,
      oldestAt: this.now,
    };
    this.readings.set(id, reading);
    return this.step({ readings: [reading] });
  }

  feed(id: string, status: FeedStatus["status"]): this {
    const word = { id, status } as FeedStatus;
    this.feeds.set(id, word);
    return this.step({ feeds: [word] });
  }

  step(changes: Partial<Parameters<AlarmBoard["judge"]>[0]> = {}, usual?: ReadonlyMap<string, Usual>): this {
    const all = { readings: [], feeds: [], entities: new Map(), forgotten: [], ...changes };
    return this.note(this.board.judge(all, usual, this.now));
  }

  note(changes: AlarmChanges): this {
    this.last = changes;
    for (const [id, alarm] of changes.kept)
      if (alarm) this.kept.set(id, alarm);
      else this.kept.delete(id);
    return this;
  }

  wait(seconds: number): this {
    for (let i = 0; i < seconds; i++) {
      this.now += 1000;
      this.step();
    }
    return this;
  }

  do(id: string, action: Parameters<AlarmBoard["act"]>[1]): string | null {
    const done = this.board.act(id, action, mark(this.now));
    if (done.ok) this.note(done.value);
    return done.ok ? null : done.failure;
  }

  /** `id state` of everything that is not normal. */
  get shown(): string[] {
    return this.board.list(this.now).map(({ id, state }: Alarm) => `${id} ${state}`);
  }
}

const stations = "transport.stations";
const many = "transport.many-stations";
const district = (name: string) => `{area.district:${name}}`;

test("a rule that is not enabled makes no alarm, and takes back the one it had", () => {
  const desk = new Desk([alarmRule()]).read(stations, 25);
  expect(desk.shown).toEqual([`${many} unacknowledged`]);
  const off = new Desk([alarmRule({ enabled: false })]);
  off.note(off.board.restore([...desk.kept.values()], off.now));
  expect(off.last.events.map(({ kind }) => kind)).toEqual(["withdrawn"]);
  expect(off.read(stations, 25).shown).toEqual([]);
});

describe("conditions", () => {
  test("an absolute bound, with another for clearing", () => {
    const desk = new Desk([alarmRule()]).read(stations, 20);
    expect(desk.shown).toEqual([]);
    expect(desk.read(stations, 21).shown).toEqual([`${many} unacknowledged`]);
    expect(desk.last.alarms[0]).toMatchObject({ value: 21, since: noon, occurrence: 1, priority: "medium" });
    expect(desk.read(stations, 15).shown).toEqual([`${many} unacknowledged`]);
    expect(desk.read(stations, 14).shown).toEqual([`${many} returned`]);
  });

  test("a delay is over at a tick in which nothing changed", () => {
    const desk = new Desk([alarmRule({ onDelaySeconds: 60 })]).read(stations, 30);
    expect(desk.wait(59).shown).toEqual([]);
    expect(desk.wait(1).shown).toEqual([`${many} unacknowledged`]);
  });

  test("each group of its grouping, or some of them", () => {
    const by = ["area.district"];
    const all = new Desk([alarmRule({ by })]);
    all
      .read(stations, 99)
      .read(stations + district("harbour"), 30)
      .read(stations + district("mission"), 3);
    expect(all.shown).toEqual([`${many}${district("harbour")} unacknowledged`]);
    const some = new Desk([alarmRule({ by, groups: ["area.district:mission"] })]);
    some.read(stations + district("harbour"), 30).read(stations + district("mission"), 30);
    expect(some.shown).toEqual([`${many}${district("mission")} unacknowledged`]);
  });

  test("a rise within a time, which is over by time alone", () => {
    const desk = new Desk([alarmRule({ when: { risesBy: 10, withinSeconds: 60, clearBelow: 5 } })]);
    desk.read(stations, 5).wait(60).read(stations, 12);
    expect(desk.shown).toEqual([]);
    desk.wait(10).read(stations, 16);
    expect(desk.shown).toEqual([`${many} unacknowledged`]);
    expect(desk.last.alarms[0]?.value).toBe(11);
    expect(desk.wait(49).shown).toEqual([`${many} unacknowledged`]);
    expect(desk.wait(1).shown).toEqual([`${many} returned`]);
  });

  test("a rise is not known before a whole stretch was seen, nor over a gap", () => {
    const desk = new Desk([alarmRule({ when: { risesBy: 10, withinSeconds: 60, clearBelow: 5 } })]);
    desk.read(stations, 5).wait(30).read(stations, 50);
    expect(desk.shown).toEqual([]);
    expect(desk.wait(30).shown).toEqual([`${many} unacknowledged`]);
    const gap = new Desk([alarmRule({ when: { risesBy: 10, withinSeconds: 60, clearBelow: 5 } })]);
    gap.read(stations, 5).wait(100).read(stations, 5, "stale").wait(70).read(stations, 90).wait(90);
    expect(gap.shown).toEqual([]);
  });

  test("a fall", () => {
    const desk = new Desk([alarmRule({ when: { fallsBy: 10, withinSeconds: 60, clearBelow: 5 } })]);
    expect(desk.read(stations, 50).wait(60).read(stations, 40).shown).toEqual([`${many} unacknowledged`]);
  });

  test("outside what is usual at this hour", () => {
    const desk = new Desk([alarmRule({ when: { outsideUsual: "either", by: 5, clearWithin: 2 } })]);
    desk.read(stations, 100);
    expect(desk.shown).toEqual([]);
    desk.step({}, new Map([[stations, { fromAt: noon, toAt: noon + 3_600_000, low: 10, high: 20 }]]));
    expect(desk.shown).toEqual([`${many} unacknowledged`]);
    expect(desk.read(stations, 23).shown).toEqual([`${many} unacknowledged`]);
    expect(desk.read(stations, 22).shown).toEqual([`${many} returned`]);
    expect(desk.read(stations, 4).shown).toEqual([`${many} unacknowledged`]);
    // The next hour's band is not known yet.
    desk.now += 3_600_000;
    expect(desk.read(stations, 15).shown).toEqual([`${many} unacknowledged`]);
  });

  test("a value that is not known", () => {
    const desk = new Desk([alarmRule({ when: { unknown: true }, onDelaySeconds: 10 })]);
    desk.read(stations, 5).read(stations, 5, "stale").wait(10);
    expect(desk.shown).toEqual([`${many} unacknowledged`]);
    expect(desk.read(stations, 5).shown).toEqual([`${many} returned`]);
  });

  test("a silent feed", () => {
    const rule = alarmRule({
      id: "platform.silent",
      indicator: null,
      when: { silent: "down", feeds: "all" },
    });
    const desk = new Desk([rule]).feed("bikes", "stale");
    expect(desk.shown).toEqual([]);
    expect(desk.feed("bikes", "down").shown).toEqual(["platform.silent{feed:bikes} unacknowledged"]);
    expect(desk.feed("bikes", "fresh").shown).toEqual(["platform.silent{feed:bikes} returned"]);
  });

  test("so many of several rules, and combinations of these", () => {
    const desk = new Desk([
      alarmRule(),
      alarmRule({ id: "transport.docks", indicator: "transport.docks" }),
      alarmRule({
        id: "transport.both",
        indicator: null,
        when: { atLeast: 2, of: [many, "transport.docks"] },
      }),
      alarmRule({ id: "transport.any", indicator: null, when: { atLeast: 1, of: ["transport.both"] } }),
    ]);
    desk.read(stations, 30);
    expect(desk.shown).toEqual([`${many} unacknowledged`]);
    desk.read("transport.docks", 30);
    expect(desk.shown).toContain("transport.both unacknowledged");
    expect(desk.shown).toContain("transport.any unacknowledged");
    desk.read(stations, 3);
    expect(desk.shown).toContain("transport.any returned");
  });

  test("a combination by group counts that group's alone", () => {
    const by = ["area.district"];
    const desk = new Desk([
      alarmRule({ by }),
      alarmRule({ id: "transport.few", by, when: { above: 25, clearBelow: 15 } }),
      alarmRule({
        id: "transport.both",
        indicator: null,
        by,
        when: { atLeast: 2, of: [many, "transport.few"] },
      }),
    ]);
    desk.read(stations + district("harbour"), 22).read(stations + district("mission"), 30);
    expect(desk.shown.filter((id) => id.startsWith("transport.both"))).toEqual([
      `transport.both${district("mission")} unacknowledged`,
    ]);
  });
});

describe("what hides alarms", () => {
  const silent = alarmRule({
    id: "platform.silent",
    indicator: null,
    when: { silent: "down", feeds: "all" },
  });

  test("the silence of a feed that it needs", () => {
    const desk = new Desk([alarmRule({ suppressedBy: ["platform.silent"] }), silent]);
    desk.read(stations, 30).feed("trams", "down");
    expect(desk.shown).toContain(`${many} unacknowledged`);
    desk.feed("bikes", "down");
    expect(desk.shown).toContain(`${many} suppressed`);
    expect(desk.board.list(desk.now).find(({ id }) => id === many)?.suppressedBy).toBe(
      "platform.silent{feed:bikes}",
    );
    desk.feed("bikes", "fresh");
    expect(desk.shown).toContain(`${many} unacknowledged`);
  });

  test("a new alarm under an active parent is told as suppressed, and is no part of a flood", () => {
    const desk = new Desk([alarmRule({ suppressedBy: ["platform.silent"] }), silent]);
    desk.feed("bikes", "down").read(stations, 30);
    expect(desk.last.alarms.map(({ state }) => state)).toEqual(["suppressed"]);
    expect(desk.last.events.map(({ kind }) => kind)).toEqual(["raised", "suppressed"]);
  });

  test("a parent that is out of service explains nothing", () => {
    const desk = new Desk([alarmRule({ suppressedBy: ["platform.silent"] }), silent]);
    desk.feed("bikes", "down").read(stations, 30);
    desk.do("platform.silent{feed:bikes}", { action: "remove-from-service", reason: "known" });
    expect(desk.shown).toContain(`${many} unacknowledged`);
  });

  test("a parent that is on a shelf explains nothing, until it comes back", () => {
    const desk = new Desk([alarmRule({ suppressedBy: ["platform.silent"] }), silent]);
    desk.feed("bikes", "down").read(stations, 30);
    desk.do("platform.silent{feed:bikes}", { action: "shelve", forSeconds: 600, reason: "known" });
    expect(desk.shown).toContain(`${many} unacknowledged`);
    desk.wait(600);
    expect(desk.shown).toContain(`${many} suppressed`);
  });

  test("a parent that is not valid at this hour explains nothing", () => {
    // Saturday 12:00 in Los Angeles.
    const by = { ...silent, validTimes: [{ weekdays: [6], from: "12:30", to: "13:00" }] };
    const desk = new Desk([alarmRule({ suppressedBy: ["platform.silent"] }), by]);
    desk.feed("bikes", "down").read(stations, 30);
    expect(desk.shown).toContain(`${many} unacknowledged`);
    desk.now += 30 * 60_000;
    expect(desk.step().shown).toContain(`${many} suppressed`);
  });

  test("hours at which it is not valid, by the city's clock", () => {
    // Saturday 12:00 in Los Angeles.
    const desk = new Desk([alarmRule({ validTimes: [{ weekdays: [6], from: "12:30", to: "13:00" }] })]);
    expect(desk.read(stations, 30).shown).toEqual([`${many} suppressed`]);
    desk.now += 30 * 60_000;
    expect(desk.step().shown).toEqual([`${many} unacknowledged`]);
    desk.now += 30 * 60_000;
    expect(desk.step().shown).toEqual([`${many} suppressed`]);
  });

  test("a maintenance window", () => {
    const reason = { en: "Docks replaced", zh: "更换车桩" };
    const window = { fromAt: noon + 1000, toAt: noon + 3000, reason };
    const desk = new Desk([alarmRule({ maintenance: [window] })]).read(stations, 30);
    expect(desk.wait(1).shown).toEqual([`${many} out-of-service`]);
    expect(desk.do(many, { action: "return-to-service" })).toBe("maintenance");
    expect(desk.wait(2).shown).toEqual([`${many} unacknowledged`]);
  });
});

describe("operators", () => {
  test("a shelf ends at a tick in which nothing changed, and can be put there before anything happens", () => {
    const desk = new Desk([alarmRule()]).read(stations, 3);
    expect(desk.do(many, { action: "shelve", forSeconds: 60, reason: "test" })).toBeNull();
    expect(desk.read(stations, 30).shown).toEqual([`${many} shelved`]);
    expect(desk.wait(60).shown).toEqual([`${many} unacknowledged`]);
    expect(desk.last.events.map(({ kind }) => kind)).toEqual(["shelf-ended"]);
  });

  test("an alarm that is not there", () => {
    expect(new Desk([alarmRule()]).do("transport.none", { action: "acknowledge" })).toBe("no-such-alarm");
  });

  test("an event says who, and what it became", () => {
    const desk = new Desk([alarmRule()]).read(stations, 30);
    desk.do(many, { action: "acknowledge" });
    expect(desk.last.events).toEqual([
      {
        at: noon,
        alarm: many,
        rule: many,
        group: null,
        occurrence: 1,
        kind: "acknowledge",
        priority: "medium",
        state: "acknowledged",
        value: 30,
        by: mark(noon).by,
        text: null,
        until: null,
      },
    ]);
  });
});

describe("a stale input", () => {
  test("never clears, and says so", () => {
    const desk = new Desk([alarmRule()]).read(stations, 30).read(stations, 3, "stale").wait(100);
    expect(desk.shown).toEqual([`${many} unacknowledged`]);
    expect(desk.board.list(desk.now)[0]?.valueState).toBe("stale");
    expect(desk.read(stations, null).wait(100).shown).toEqual([`${many} unacknowledged`]);
  });
});

describe("a restart", () => {
  const again = (desk: Desk, rules: readonly AlarmRule[]) => {
    const next = new Desk(rules);
    next.now = desk.now;
    const kept = JSON.parse(JSON.stringify(Array.from(desk.kept.values()))) as KeptAlarm[];
    return next.note(next.board.restore(kept, desk.now));
  };

  test("what was active is active, with its clocks, acknowledgement and shelf", () => {
    const rules = [alarmRule(), alarmRule({ id: "transport.docks", indicator: "transport.docks" })];
    const desk = new Desk(rules).read(stations, 30).wait(10).read("transport.docks", 40);
    desk.do(many, { action: "acknowledge" });
    desk.do("transport.docks", { action: "shelve", forSeconds: 600, reason: "works" });
    const next = again(desk, rules);
    expect(next.board.list(next.now)).toMatchObject([
      { id: many, state: "acknowledged", since: noon, acknowledged: { at: noon + 10_000 } },
      { id: "transport.docks", state: "shelved", shelved: { until: noon + 610_000, reason: "works" } },
    ]);
    next.read("transport.docks", 40).read(stations, 30);
    expect(next.shown).toEqual([`${many} acknowledged`, "transport.docks shelved"]);
    expect(next.wait(600).shown).toEqual([`${many} acknowledged`, "transport.docks unacknowledged"]);
  });

  test("which steps were done is known, and of what was written down before steps were, that none was", () => {
    const step = { en: "Call.", zh: "致电。" };
    const checked = alarmRule({ response: { ...alarmRule().response, checklist: [step] } });
    const desk = new Desk([checked]).read(stations, 30).wait(10);
    desk.do(many, { action: "check", step: "Call." });
    expect(again(desk, [checked]).board.list(desk.now)).toMatchObject([
      { doneSteps: [{ step: "Call.", at: desk.now }] },
    ]);
    const [kept] = Array.from(desk.kept.values());
    const { doneSteps: _doneSteps, ...memory } = kept!.memory;
    const old = new Desk([checked]);
    old.now = desk.now;
    old.note(old.board.restore([{ ...kept!, memory: memory as AlarmMemory }], old.now));
    expect(old.board.list(old.now)).toMatchObject([{ doneSteps: [] }]);
  });

  test("a long delay that was under way goes on", () => {
    const rules = [alarmRule({ onDelaySeconds: 600 })];
    const desk = new Desk(rules).read(stations, 30).wait(400);
    const next = again(desk, rules);
    expect(next.shown).toEqual([]);
    next.now += 60_000;
    expect(next.read(stations, 30).wait(139).shown).toEqual([]);
    expect(next.wait(1).shown).toEqual([`${many} unacknowledged`]);
    expect(desk.read(stations, 3).kept.size).toBe(0);
  });

  test("a group that is no more when the figure is known again is clear", () => {
    const rules = [alarmRule({ by: ["area.district"] })];
    const next = again(new Desk(rules).read(stations + district("harbour"), 30), rules);
    next.read(stations, 3, "stale").wait(10);
    expect(next.shown).toEqual([`${many}${district("harbour")} unacknowledged`]);
    next.read(stations, 3);
    expect(next.shown).toEqual([`${many}${district("harbour")} returned`]);
  });

  test("a rule that is no more takes its alarm with it, and says so", () => {
    const next = again(new Desk([alarmRule()]).read(stations, 30), []);
    expect(next.shown).toEqual([]);
    expect(next.last.events).toMatchObject([{ kind: "withdrawn", alarm: many }]);
    expect(next.last.kept).toEqual([[many, null]]);
  });

  test("a combination of what was active stays active", () => {
    const rules = [
      alarmRule(),
      alarmRule({ id: "transport.any", indicator: null, when: { atLeast: 1, of: [many] } }),
    ];
    const next = again(new Desk(rules).read(stations, 30), rules).step();
    expect(next.shown).toEqual([`${many} unacknowledged`, "transport.any unacknowledged"]);
    expect(next.read(stations, 3).shown).toEqual([`${many} returned`, "transport.any returned"]);
  });
});

test("each warning has an alarm, which is over when its feed says so and not when the feed is silent", () => {
  const feed = plannedFeed({ gives: ["CapAlert"], keepSeconds: 120 });
  const rule = alarmRule({
    id: "security.warning",
    indicator: null,
    when: { each: "CapAlert", where: { severity: "Severe" } },
  });
  const city = new City(plan({ feeds: [feed], rules: [rule] }));
  const states = () => city.alarms.list(noon).map(({ state, about }) => `${state} ${about?.en}`);
  const say = (at: number, severities: readonly string[], mode: "full" | "partial" = "partial") => {
    const entities = severities.map((severity, i) =>
      entity("CapAlert", `w${i}`, {
        receivedAt: at,
        observedAt: at,
        fields: { severity, headline: `W${i}` },
      }),
    );
    city.advance({ ...emptyBatch, words: [word({ mode, entities }, { receivedAt: at })] }, at);
  };
  say(noon, ["Severe", "Minor", "Severe"]);
  expect(states()).toEqual(["unacknowledged W0", "unacknowledged W2"]);
  say(noon + 1_000, ["Minor"]);
  expect(states()).toEqual(["returned W0", "unacknowledged W2"]);
  // The feed is silent, and forgets what it pushed.
  city.advance(emptyBatch, noon + 300_000);
  expect(city.size).toBe(0);
  expect(states()).toEqual(["returned W0", "unacknowledged W2"]);
  say(noon + 301_000, [], "full");
  expect(states()).toEqual(["returned W0", "returned W2"]);
});

test("a series that is no more is clear, and leaves nothing behind", () => {
  const desk = new Desk([alarmRule({ by: ["area.district"] })]);
  const harbour = stations + district("harbour");
  desk.read(harbour, 30);
  desk.readings.delete(harbour);
  desk.step({ forgotten: [harbour] });
  expect(desk.shown).toEqual([`${many}${district("harbour")} returned`]);
  desk.do(`${many}${district("harbour")}`, { action: "acknowledge" });
  expect(desk.do(`${many}${district("harbour")}`, { action: "comment", text: "x" })).toBe("no-such-alarm");
});

test("over ten new alarms in ten minutes are a flood, with the first one on top, until there are few", () => {
  const desk = new Desk([alarmRule({ by: ["area.district"] })]);
  for (let i = 0; i < 10; i++) desk.read(stations + district(`d${i}`), 30).wait(1);
  expect(desk.board.flood).toBeNull();
  desk.read(stations + district("d10"), 30);
  expect(desk.last.flood).toEqual({ since: noon + 10_000, firstOut: `${many}${district("d0")}`, count: 11 });
  expect(desk.wait(595).board.flood).not.toBeNull();
  expect(desk.wait(15).board.flood).toBeNull();
});

test("three times within a minute is chatter", () => {
  const desk = new Desk([alarmRule()]);
  const isChattering = () => desk.board.list(desk.now)[0]?.isChattering;
  for (let i = 0; i < 2; i++) desk.read(stations, 30).wait(10).read(stations, 3).wait(10);
  expect(isChattering()).toBe(false);
  desk.read(stations, 30);
  expect(isChattering()).toBe(true);
});

test("a clock that was set back judges everything again", () => {
  const desk = new Desk([alarmRule({ onDelaySeconds: 60 })]).read(stations, 30).wait(30);
  desk.now -= 3_600_000;
  expect(desk.step().wait(59).shown).toEqual([]);
  expect(desk.wait(1).shown).toEqual([`${many} unacknowledged`]);
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Alarm } from "../../../shared/alarms.ts";
import { Decider, toldKey, type Told } from "./decider.ts";
import type { Role, Route } from "./route.ts";
import { alarm, duty, everyDay, noon, officer, operator, route, rule } from "../../../test/alarm-samples.ts";

const zone = "Europe/Lisbon";
const second = 1000;
const minute = 60 * second;

const bridge = rule("transport.bridge-shut");
const tunnel = rule("transport.tunnel-shut");

function decider(routes: readonly Route[], told: readonly Told[] = [], rules = [bridge, tunnel]): Decider {
  return new Decider({ zone, rules, roles: [duty, officer], routes, told });
}

/** `new → desk: transport.bridge-shut#1` of each message. */
function lines(decided: ReturnType<Decider["decide"]>): readonly string[] {
  return decided.messages.map(
    ({ stage, contacts, alarms }) =>
      `${stage} → ${contacts.map(({ id }) => id).join("+")}: ${alarms.map(({ id, occurrence }) => `${id}#${occurrence}`).join(" ")}`,
  );
}

describe("a route", () => {
  it("tells whoever is on call once an alarm has settled, once, and that it is over", () => {
    const one = decider([route()]);
    expect(one.decide([alarm()], noon + 59 * second)).toMatchObject({
      messages: [],
      nextAt: noon + minute,
      decisions: [{ decision: "settling", until: noon + minute }],
    });
    expect(lines(one.decide([alarm()], noon + minute))).toEqual(["new → desk: transport.bridge-shut#1"]);
    expect(lines(one.decide([alarm()], noon + 2 * minute))).toEqual([]);
    expect(lines(one.decide([], noon + 3 * minute))).toEqual(["over → desk: transport.bridge-shut#1"]);
    expect(lines(one.decide([], noon + 4 * minute))).toEqual([]);
  });

  it("says nothing of what was over before it had settled, was acknowledged or is hidden, and says why", () => {
    const acknowledged = { at: noon, by: operator };
    const cases = [
      [alarm({ isActive: false, state: "returned" }), "over", null],
      [alarm({ acknowledged, state: "acknowledged" }), "known", "Transport desk"],
      [alarm({ state: "shelved" }), "hidden", "shelved"],
      [alarm({ state: "suppressed" }), "hidden", "suppressed"],
    ] as const;
    for (const [its, decision, because] of cases)
      expect(decider([route()]).decide([its], noon + minute)).toMatchObject({
        messages: [],
        decisions: [{ decision, because }],
      });
  });

  it("gathers what comes within moments into one message, the most urgent first", () => {
    const one = decider([route({ settleSeconds: 0, gatherSeconds: 30 })]);
    const second2 = alarm({
      id: "transport.tunnel-shut",
      rule: tunnel.id,
      priority: "critical",
      since: noon + minute / 4,
    });
    expect(one.decide([alarm()], noon)).toMatchObject({ messages: [], nextAt: noon + minute / 2 });
    expect(one.decide([alarm(), second2], noon + minute / 4).messages).toEqual([]);
    expect(lines(one.decide([alarm(), second2], noon + minute / 2))).toEqual([
      "new → desk: transport.tunnel-shut#1 transport.bridge-shut#1",
    ]);
  });

  it("gathers by rule where it is told to", () => {
    const one = decider([route({ settleSeconds: 0, gatherBy: "rule" })]);
    const other = alarm({ id: tunnel.id, rule: tunnel.id });
    expect(lines(one.decide([alarm(), other], noon))).toEqual([
      "new → desk: transport.bridge-shut#1",
      "new → desk: transport.tunnel-shut#1",
    ]);
  });

  it("is silent while an alarm of another rule says it already, of the same group or of the whole city", () => {
    const one = decider([
      route({ settleSeconds: 0, about: { ...route().about, rules: [bridge.id] }, inhibitedBy: [tunnel.id] }),
    ]);
    const harbour = alarm({ id: "b{area:harbour}", group: "area:harbour" });
    const elsewhere = alarm({ id: "t{area:hill}", rule: tunnel.id, group: "area:hill" });
    const everywhere = alarm({ id: "t", rule: tunnel.id });
    const hidden = { ...everywhere, state: "shelved" as const };
    expect(one.decide([harbour, everywhere], noon)).toMatchObject({
      messages: [],
      decisions: [{ decision: "inhibited", because: tunnel.id }],
    });
    expect(one.decide([harbour, hidden, elsewhere], noon).messages).toHaveLength(1);
  });

  it("keeps quiet hours by the city's clock, but for what is urgent, and tells afterwards what is still there", () => {
    const quiet = [{ weekdays: everyDay, from: "22:00", to: "06:00" }];
    const one = decider([route({ settleSeconds: 0, quiet, quietExcept: ["critical"] })]);
    const night = noon + 11 * 60 * minute;
    const urgent = alarm({ id: tunnel.id, rule: tunnel.id, priority: "critical", since: night });
    const decided = one.decide([alarm({ since: night }), urgent], night);
    expect(lines(decided)).toEqual(["new → night: transport.tunnel-shut#1"]);
    // Somebody was told: what follows from that is decided at the next look.
    expect(decided.nextAt).toBe(night);
    const { nextAt } = one.decide([alarm({ since: night }), urgent], night);
    expect(nextAt).toBe(noon + 18 * 60 * minute);
    expect(lines(one.decide([alarm({ since: night }), urgent], nextAt))).toEqual([
      "new → desk: transport.bridge-shut#1",
    ]);
  });

  it("goes on to the next when nobody acknowledges, also where nobody was on call", () => {
    const away: Role = { ...duty, onCall: [], otherwise: [] };
    const options = { zone, rules: [bridge], roles: [away, officer], told: [] };
    const one = new Decider({
      ...options,
      routes: [route({ escalation: [{ afterSeconds: 900, to: "officer" }] })],
    });
    expect(one.decide([alarm()], noon + minute).decisions).toMatchObject([
      { level: 0, decision: "nobody-on-call" },
      { level: 1, decision: "waiting", until: noon + 15 * minute },
    ]);
    expect(lines(one.decide([alarm()], noon + 15 * minute))).toEqual([
      "escalated → officer: transport.bridge-shut#1",
    ]);
    expect(lines(one.decide([], noon + 16 * minute))).toEqual(["over → officer: transport.bridge-shut#1"]);
  });

  it("gives the first role its time, however late it could be told", () => {
    const quiet = [{ weekdays: everyDay, from: "22:00", to: "06:00" }];
    const escalation = [{ afterSeconds: 900, to: "officer" }];
    const one = decider([route({ quiet, escalation })]);
    const night = noon + 11 * 60 * minute;
    const its = [alarm({ since: night })];
    const morning = one.decide(its, night + minute).nextAt;
    expect(one.decide(its, morning).messages.map(({ stage }) => stage)).toEqual(["new"]);
    expect(lines(one.decide(its, morning + 13 * minute))).toEqual([]);
    expect(one.decide(its, morning + 14 * minute).messages.map(({ stage }) => stage)).toEqual(["escalated"]);
  });

  it("tells anew of what was hidden and comes back, the first role first", () => {
    const one = decider([route({ escalation: [{ afterSeconds: 900, to: "officer" }] })]);
    const [first] = one.decide([alarm()], noon + minute).messages;
    one.decide([alarm({ state: "shelved" })], noon + 2 * minute);
    const [again, ...others] = one.decide([alarm()], noon + 60 * minute).messages;
    expect(others).toEqual([]);
    expect(again).toMatchObject({ stage: "new", level: 0 });
    expect(again?.of).not.toEqual(first?.of);
    expect(lines(one.decide([], noon + 61 * minute))).toEqual(["over → desk: transport.bridge-shut#1"]);
  });

  it("tells of an alarm that comes again after a start, though its occurrences are counted anew", () => {
    const told: Told[] = [];
    const one = decider([route({ quiet: [{ weekdays: everyDay, from: "22:00", to: "06:00" }] })]);
    told.push(...one.decide([alarm()], noon + minute).told);
    const night = noon + 12 * 60 * minute;
    const after = decider([route()], told);
    const { messages } = after.decide([alarm({ since: night - minute })], night);
    expect(new Set(messages.map(({ stage }) => stage))).toEqual(new Set(["new", "over"]));
  });

  it("says of an end when it came, not when it could be told", () => {
    const quiet = [{ weekdays: everyDay, from: "22:00", to: "06:00" }];
    const one = decider([route({ quiet })]);
    one.decide([alarm()], noon + minute);
    const night = noon + 12 * 60 * minute;
    const { nextAt } = one.decide([], night);
    expect(one.decide([], nextAt).messages[0]?.alarms[0]).toMatchObject({
      isActive: false,
      returnedAt: night,
    });
  });

  it("does not go on once somebody has acknowledged", () => {
    const one = decider([route({ escalation: [{ afterSeconds: 900, to: "officer" }] })]);
    one.decide([alarm()], noon + minute);
    const known = alarm({ state: "acknowledged", acknowledged: { at: noon, by: operator } });
    expect(lines(one.decide([known], noon + 15 * minute))).toEqual([]);
  });

  it("puts exceptions of the calendar before the week", () => {
    const holiday = { fromAt: noon - 12 * 60 * minute, toAt: noon + 12 * 60 * minute, contacts: ["night"] };
    const one = new Decider({
      zone,
      rules: [bridge],
      roles: [{ ...duty, exceptions: [holiday] }],
      routes: [route()],
      told: [],
    });
    expect(lines(one.decide([alarm()], noon + minute))).toEqual(["new → night: transport.bridge-shut#1"]);
  });

  it("explains at any time what it would decide", () => {
    const one = decider([route(), route({ id: "other", about: { ...route().about, priorities: ["low"] } })]);
    expect(one.explain(alarm(), [alarm()], noon)).toMatchObject([
      { route: "urgent", decision: "settling", until: noon + minute },
    ]);
  });

  it("says an unchanged decision once", () => {
    const one = decider([route()]);
    expect(one.decide([alarm()], noon).decisions).toHaveLength(1);
    expect(one.decide([alarm()], noon + second).decisions).toHaveLength(0);
  });
});

/** A history: what happens to two alarms, minute by minute, and when the server is started anew. */
const happening = fc.record({
  alarm: fc.nat({ max: 1 }),
  what: fc.constantFrom(
    "raise",
    "return",
    "acknowledge",
    "shelve",
    "unshelve",
    "clear",
    "restart",
    "nothing",
  ),
  afterSeconds: fc.nat({ max: 1200 }),
});

describe("any history of alarms", () => {
  it("tells nobody twice, nothing hidden or known, and everybody who was told also the end, across restarts", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), fc.nat({ max: 90 }), (history, gatherSeconds) => {
        const quiet = [{ weekdays: everyDay, from: "22:00", to: "06:00" }];
        const routes = [
          route({ gatherSeconds, escalation: [{ afterSeconds: 600, to: "officer" }] }),
          route({
            id: "calm",
            quiet,
            gatherBy: "rule",
            inhibitedBy: [tunnel.id],
            about: { ...route().about, rules: [bridge.id] },
          }),
        ];
        const city = new Model(routes);
        for (const { alarm: which, what, afterSeconds } of history) city.happen(which, what, afterSeconds);
        city.end();
        expect({ faults: city.faults, open: city.open() }).toEqual({ faults: [], open: [] });
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

/** What must hold, said without the decider's means. */
class Model {
  readonly faults: string[] = [];
  #now = noon;
  #decider: Decider;
  readonly #routes: readonly Route[];
  readonly #alarms = new Map<number, Alarm>();
  readonly #occurrences = [0, 0];
  readonly #remembered = new Map<string, Told>();
  readonly #said = new Map<string, Set<string>>();

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
    this.#decider = decider(routes);
  }

  happen(which: number, what: string, afterSeconds: number): void {
    const its = this.#alarms.get(which);
    if (what === "raise" && its?.isActive !== true) {
      const { id } = which === 0 ? bridge : tunnel;
      const occurrence = ++this.#occurrences[which]!;
      this.#alarms.set(which, alarm({ id, rule: id, occurrence, since: this.#now }));
    } else if (what === "clear") this.#alarms.delete(which);
    else if (what === "restart") this.#decider = decider(this.#routes, [...this.#remembered.values()]);
    else if (its) this.#alarms.set(which, after(its, what, this.#now));
    this.#step(0);
    this.#step(afterSeconds);
  }

  end(): void {
    this.#alarms.clear();
    // A night passes: what was held back by quiet hours is told.
    for (let i = 0; i < 30; i++) this.#step(3600);
  }

  /** Told and never told that it is over. */
  open(): readonly string[] {
    return [...this.#said].filter(([, stages]) => !stages.has("over")).map(([key]) => key);
  }

  #step(seconds: number): void {
    this.#now += seconds * second;
    const decided = this.#decider.decide([...this.#alarms.values()], this.#now);
    for (const one of decided.told) this.#remembered.set(toldKey(one.route, one.alarm), one);
    for (const one of decided.ended) this.#remembered.delete(toldKey(one.route, one.alarm));
    for (const { route: id, stage, level, contacts, role, alarms, of } of decided.messages)
      for (const its of alarms) {
        const mayBeTold = its.isActive && its.acknowledged === null && its.state === "unacknowledged";
        if (stage !== "over" && !mayBeTold) this.faults.push(`${its.id} is told while ${its.state}`);
        for (const contact of contacts) {
          const key = JSON.stringify([id, role.id, contact.id, its.id, its.occurrence]);
          const stages = this.#said.get(key) ?? new Set();
          const word = stage === "over" ? "over" : `${stage} ${level} ${of.join()}`;
          if (stages.has(word)) this.faults.push(`${key} ${word} twice`);
          if (stages.has("over")) this.faults.push(`${key} ${word} after its end`);
          this.#said.set(key, stages.add(word));
        }
      }
  }
}

function after(its: Alarm, what: string, now: number): Alarm {
  if (what === "return" && its.isActive)
    return { ...its, isActive: false, state: "returned", returnedAt: now };
  if (!its.isActive) return its;
  if (what === "acknowledge")
    return { ...its, state: "acknowledged", acknowledged: { at: now, by: operator } };
  if (what === "shelve") return { ...its, state: "shelved" };
  if (what === "unshelve") return { ...its, state: its.acknowledged ? "acknowledged" : "unacknowledged" };
  return its;
}

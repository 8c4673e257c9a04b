import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlarmAction, AlarmEventKind, AlarmState } from "../../../shared/alarms.ts";
import {
  act,
  changesAt,
  judge,
  maintain,
  neverActive,
  passTime,
  stateOf,
  suppress,
  type AlarmMemory,
  type Step,
  type Verdict,
} from "./machine.ts";

const call = { en: "Call.", zh: "致电。" };
const rule = {
  onDelaySeconds: 60,
  offDelaySeconds: 30,
  latch: false,
  shelveAtMostSeconds: 3600,
  response: { text: call, checklist: [call], sop: null, withinSeconds: 600 },
};
const by = { position: "Transport desk", shift: "night", account: null };
const second = 1000;

/** One alarm under test: its memory, its clock, the verdict it last heard, and what happened. */
class Driven {
  memory = neverActive;
  now = 1_000_000;
  verdict: Verdict = "unknown";
  readonly events: AlarmEventKind[] = [];
  readonly rule;

  constructor(changed: Partial<typeof rule> = {}) {
    this.rule = { ...rule, ...changed };
  }

  get state(): AlarmState {
    return stateOf(this.memory, this.rule);
  }

  take({ memory, events }: Step): this {
    this.memory = memory;
    this.events.push(...events);
    return this;
  }

  hear(verdict: Verdict): this {
    this.verdict = verdict;
    return this.look();
  }

  /** Time passes in steps, as ticks do. */
  wait(seconds: number): this {
    const until = this.now + seconds * second;
    while (this.now < until) {
      this.now = Math.min(until, this.now + second);
      this.look();
    }
    return this;
  }

  /** The clock is set, by however much. */
  jump(seconds: number): this {
    this.now += seconds * second;
    return this.look();
  }

  look(): this {
    this.take(passTime(this.memory, this.now));
    return this.take(judge(this.memory, this.rule, this.verdict, this.now));
  }

  do(action: AlarmAction): string | null {
    const done = act(this.memory, this.rule, action, { at: this.now, by });
    if (done.ok) this.take(done.value);
    return done.ok ? null : done.failure;
  }
}

const active = (changed?: Partial<typeof rule>) => new Driven(changed).hear("abnormal").wait(60);

describe("the checklist", () => {
  test("says who has done which step and when, once, and is taken back", () => {
    const alarm = active();
    expect(alarm.do({ action: "check", step: "Call." })).toBeNull();
    expect(alarm.memory.doneSteps).toEqual([{ at: alarm.now, by, step: "Call." }]);
    expect(alarm.do({ action: "check", step: "Call." })).toBe("already-checked");
    expect(alarm.do({ action: "check", step: "Sing." })).toBe("no-such-step");
    expect(alarm.do({ action: "uncheck", step: "Call." })).toBeNull();
    expect(alarm.do({ action: "uncheck", step: "Call." })).toBe("not-checked");
    expect(alarm.events).toEqual(["raised", "check", "uncheck"]);
  });

  test("begins anew with the next alarm, but not with one that follows before anybody knew", () => {
    const alarm = active();
    alarm.do({ action: "check", step: "Call." });
    alarm.hear("clear").wait(30).hear("abnormal").wait(60);
    expect(alarm.memory).toMatchObject({ occurrence: 2, doneSteps: [{ step: "Call." }] });
    alarm.do({ action: "acknowledge" });
    alarm.hear("clear").wait(30).hear("abnormal").wait(60);
    expect(alarm.memory).toMatchObject({ occurrence: 3, doneSteps: [] });
  });
});

describe("delays", () => {
  test("it is an alarm after its on-delay, and over after its off-delay", () => {
    const alarm = new Driven().hear("abnormal").wait(59);
    expect(alarm.state).toBe("normal");
    expect(alarm.wait(1).state).toBe("unacknowledged");
    expect(alarm.hear("clear").wait(29).state).toBe("unacknowledged");
    expect(alarm.wait(1).state).toBe("returned");
    expect(alarm.events).toEqual(["raised", "returned"]);
  });

  test("without delays at once", () => {
    const alarm = new Driven({ onDelaySeconds: 0, offDelaySeconds: 0 });
    expect(alarm.hear("abnormal").state).toBe("unacknowledged");
    expect(alarm.hear("clear").state).toBe("returned");
  });

  test("a value that comes back over the bound begins again", () => {
    const alarm = new Driven().hear("abnormal").wait(50).hear("between").hear("abnormal").wait(50);
    expect(alarm.state).toBe("normal");
    expect(alarm.wait(10).state).toBe("unacknowledged");
  });

  test("between its bound and its clear value it stays what it is", () => {
    const alarm = active().hear("clear").wait(20).hear("between").hear("clear").wait(20);
    expect(alarm.state).toBe("unacknowledged");
    expect(alarm.wait(10).state).toBe("returned");
  });

  test("changesAt names the instant at which a delay is over", () => {
    const alarm = new Driven().hear("abnormal");
    expect(changesAt(alarm.memory, rule, "abnormal")).toBe(alarm.now + 60 * second);
    expect(changesAt(alarm.memory, rule, "unknown")).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a stale input", () => {
  test("never clears", () => {
    const alarm = active().hear("clear").wait(20).hear("unknown").wait(10_000);
    expect(alarm.state).toBe("unacknowledged");
    expect(alarm.hear("clear").wait(29).state).toBe("unacknowledged");
    expect(alarm.wait(1).state).toBe("returned");
  });

  test("makes no alarm either, and what was abnormal before and after was so meanwhile", () => {
    const alarm = new Driven().hear("abnormal").wait(30).hear("unknown").wait(600);
    expect(alarm.state).toBe("normal");
    expect(alarm.hear("abnormal").state).toBe("unacknowledged");
  });
});

describe("what operators do", () => {
  test("acknowledged is not confirmed", () => {
    const alarm = active();
    expect(alarm.do({ action: "confirm" })).toBe("not-acknowledged");
    expect(alarm.do({ action: "acknowledge" })).toBeNull();
    expect(alarm.state).toBe("acknowledged");
    expect(alarm.memory.confirmed).toBeNull();
    expect(alarm.do({ action: "acknowledge" })).toBe("already-acknowledged");
    expect(alarm.do({ action: "confirm" })).toBeNull();
    expect(alarm.do({ action: "confirm" })).toBe("already-confirmed");
    expect(alarm.hear("clear").wait(30).state).toBe("normal");
  });

  test("an acknowledgement can be taken back, and the next time it is asked for anew", () => {
    const alarm = active();
    alarm.do({ action: "acknowledge" });
    alarm.do({ action: "unacknowledge" });
    expect(alarm.state).toBe("unacknowledged");
    alarm.do({ action: "acknowledge" });
    alarm.hear("clear").wait(30).hear("abnormal").wait(60);
    expect(alarm.state).toBe("unacknowledged");
    expect(alarm.memory.occurrence).toBe(2);
  });

  test("a latched alarm that came and went while it was hidden wants nobody's word", () => {
    const alarm = active({ latch: true });
    alarm.take(suppress(alarm.memory, "parent")).hear("clear").wait(30).take(suppress(alarm.memory, null));
    expect(alarm.state).toBe("normal");
  });

  test("a latched alarm stays until somebody confirms", () => {
    const alarm = active({ latch: true }).hear("clear").wait(30);
    expect(alarm.state).toBe("latched");
    alarm.do({ action: "acknowledge" });
    expect(alarm.state).toBe("latched");
    alarm.do({ action: "confirm" });
    expect(alarm.state).toBe("normal");
  });

  test("a shelf ends by itself, and what is still active is a new alarm to whoever looks", () => {
    const alarm = active();
    alarm.do({ action: "acknowledge" });
    expect(alarm.do({ action: "shelve", forSeconds: 7200, reason: "works" })).toBe("too-long");
    alarm.do({ action: "shelve", forSeconds: 600, reason: "works" });
    expect(alarm.state).toBe("shelved");
    expect(alarm.do({ action: "acknowledge" })).toBe("already-acknowledged");
    expect(alarm.wait(599).state).toBe("shelved");
    expect(alarm.wait(1).state).toBe("unacknowledged");
    expect(alarm.events.at(-1)).toBe("shelf-ended");
    expect(alarm.do({ action: "unshelve" })).toBe("not-shelved");
  });

  test("what comes and goes on a shelf wants nobody's word", () => {
    const alarm = new Driven();
    alarm.do({ action: "shelve", forSeconds: 600, reason: "test" });
    alarm.hear("abnormal").wait(100);
    expect(alarm.memory.isActive).toBe(true);
    expect(alarm.hear("clear").wait(600).state).toBe("normal");
  });

  test("out of service until it is returned; a window of the rule ends by itself", () => {
    const alarm = active();
    alarm.take(maintain(alarm.memory, "pump replaced", alarm.now));
    expect(alarm.state).toBe("out-of-service");
    expect(alarm.do({ action: "return-to-service" })).toBe("maintenance");
    alarm.do({ action: "remove-from-service", reason: "sensor broken" });
    alarm.take(maintain(alarm.memory, null, alarm.now));
    expect(alarm.state).toBe("out-of-service");
    expect(alarm.do({ action: "return-to-service" })).toBeNull();
    expect(alarm.do({ action: "return-to-service" })).toBe("in-service");
    expect(alarm.state).toBe("unacknowledged");
  });
});

test("its parent hides it, and gives it back", () => {
  const alarm = active();
  alarm.take(suppress(alarm.memory, "platform.feed-silent{feed:bikes}"));
  expect(alarm.state).toBe("suppressed");
  expect(alarm.do({ action: "acknowledge" })).toBe("not-active");
  alarm.take(suppress(alarm.memory, null));
  expect(alarm.state).toBe("unacknowledged");
});

describe("a clock that jumps", () => {
  test("back: the delay begins again and the shelf is as long as it was, no longer", () => {
    const alarm = new Driven().hear("abnormal").wait(50).jump(-3600);
    expect(alarm.wait(59).state).toBe("normal");
    expect(alarm.wait(1).state).toBe("unacknowledged");
    alarm.do({ action: "shelve", forSeconds: 600, reason: "x" });
    alarm.wait(100).jump(-86_400);
    expect(alarm.wait(600).state).toBe("unacknowledged");
  });

  test("ahead: what is due is due", () => {
    expect(new Driven().hear("abnormal").jump(86_400).state).toBe("unacknowledged");
  });
});

test("a value that flaps faster than its delays is no alarm", () => {
  const alarm = new Driven();
  for (let i = 0; i < 500; i++) alarm.hear("abnormal").wait(20).hear("clear").wait(5);
  expect(alarm.events).toEqual([]);
});

// Random histories, against a second witness: ISA-18.2's figure as a table, and activity by its definition.

type Word =
  | { readonly kind: "hear"; readonly verdict: Verdict }
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "jump"; readonly seconds: number }
  | { readonly kind: "do"; readonly action: AlarmAction }
  | { readonly kind: "suppress"; readonly on: boolean }
  | { readonly kind: "maintain"; readonly on: boolean }
  | { readonly kind: "restart" };

const waits = fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 90 }) });
const verdicts = fc.record({
  kind: fc.constant("hear" as const),
  verdict: fc.constantFrom<Verdict>("abnormal", "abnormal", "between", "clear", "clear", "unknown"),
});
const actions = fc.record({
  kind: fc.constant("do" as const),
  action: fc.constantFrom<AlarmAction>(
    { action: "acknowledge" },
    { action: "unacknowledge" },
    { action: "confirm" },
    { action: "shelve", forSeconds: 120, reason: "x" },
    { action: "unshelve" },
    { action: "remove-from-service", reason: "x" },
    { action: "return-to-service" },
    { action: "comment", text: "x" },
    { action: "assign", to: "Night" },
    { action: "check", step: "Call." },
    { action: "uncheck", step: "Call." },
  ),
});
const switches = fc.record({
  kind: fc.constantFrom("suppress" as const, "maintain" as const),
  on: fc.boolean(),
});
const jumps = fc.record({
  kind: fc.constant("jump" as const),
  seconds: fc.integer({ min: -4000, max: 4000 }),
});
const restarts = fc.constant<Word>({ kind: "restart" });
const words = (...more: fc.Arbitrary<Word>[]) =>
  fc.array(fc.oneof(verdicts, waits, actions, switches, ...more), { maxLength: 60 });

function play(alarm: Driven, word: Word): void {
  switch (word.kind) {
    case "hear":
      return void alarm.hear(word.verdict);
    case "wait":
      return void alarm.wait(word.seconds);
    case "jump":
      return void alarm.jump(word.seconds);
    case "do":
      return void alarm.do(word.action);
    case "suppress":
      return void alarm.take(suppress(alarm.memory, word.on ? "parent" : null));
    case "maintain":
      return void alarm.take(maintain(alarm.memory, word.on ? "window" : null, alarm.now));
    case "restart":
      // What is on disk is JSON, and what the value is now has to be heard again.
      alarm.memory = JSON.parse(JSON.stringify(alarm.memory)) as AlarmMemory;
      return void alarm.hear("unknown");
  }
}

/** What an alarm shows, by what happened to it: each event moves it along ISA-18.2's figure. */
class Figure {
  isActive = false;
  /** As in the figure: whether the newest occurrence has been acknowledged. */
  isKnown = true;
  isConfirmed = false;
  hasBeen = false;
  readonly hiding = new Set<"out-of-service" | "shelved" | "suppressed">();

  note(event: AlarmEventKind): void {
    const wasHidden = this.hiding.size > 0;
    if (event === "raised") {
      [this.isActive, this.isKnown, this.isConfirmed, this.hasBeen] = [true, false, false, true];
      this.hiding.delete("suppressed");
    } else if (event === "returned") {
      this.isActive = false;
      if (wasHidden) this.isKnown = true;
    } else if (event === "acknowledge") this.isKnown = true;
    else if (event === "unacknowledge") [this.isKnown, this.isConfirmed] = [false, false];
    else if (event === "confirm") this.isConfirmed = true;
    else if (event === "shelve") this.hiding.add("shelved");
    else if (event === "unshelve" || event === "shelf-ended") this.hiding.delete("shelved");
    else if (event === "suppressed") this.hiding.add("suppressed");
    else if (event === "unsuppressed") this.hiding.delete("suppressed");
    else if (event === "maintenance-begun" || event === "remove-from-service")
      this.hiding.add("out-of-service");
    else if (event === "maintenance-over" || event === "return-to-service")
      this.hiding.delete("out-of-service");
    if (wasHidden && this.hiding.size === 0 && this.isActive)
      [this.isKnown, this.isConfirmed] = [false, false];
  }

  state(latch: boolean): AlarmState {
    const shown = this.isActive
      ? this.isKnown
        ? "acknowledged"
        : "unacknowledged"
      : latch && this.hasBeen && !this.isConfirmed
        ? "latched"
        : this.isKnown
          ? "normal"
          : "returned";
    if (this.hiding.has("out-of-service")) return "out-of-service";
    if (this.hiding.has("shelved")) return "shelved";
    return this.hiding.has("suppressed") && shown !== "normal" ? "suppressed" : shown;
  }
}

describe("over random histories", () => {
  test("it shows what the standard's figure shows", () => {
    fc.assert(
      fc.property(words(jumps, restarts), fc.boolean(), (history, latch) => {
        const alarm = new Driven({ latch });
        const figure = new Figure();
        let noted = 0;
        for (const word of history) {
          play(alarm, word);
          for (; noted < alarm.events.length; noted++) figure.note(alarm.events[noted]!);
          expect(alarm.state).toBe(figure.state(latch));
        }
      }),
      { numRuns: 400 },
    );
  });

  test("it is active by definition: abnormal for the on-delay, until clear for the off-delay", () => {
    fc.assert(
      fc.property(words(), (history) => {
        const alarm = new Driven();
        const known = history.filter((word) => word.kind !== "hear" || word.verdict !== "unknown");
        for (const word of known) play(alarm, word);
        expect(alarm.memory.isActive).toBe(isActiveBy(history));
      }),
      { numRuns: 400 },
    );
  });

  test("a stale input never clears, and never makes an alarm", () => {
    fc.assert(
      fc.property(
        words(jumps, restarts),
        fc.array(fc.oneof(waits, jumps, actions, switches)),
        (history, after) => {
          const alarm = new Driven();
          for (const word of history) play(alarm, word);
          alarm.hear("unknown");
          const was = alarm.memory.isActive;
          for (const word of after) {
            play(alarm, word);
            expect(alarm.memory.isActive).toBe(was);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a restart changes nothing but a delay that was under way to clear", () => {
    fc.assert(
      fc.property(words(), (history) => {
        const [alarm, restarted] = [new Driven(), new Driven()];
        for (const word of history) {
          play(alarm, word);
          play(restarted, word);
        }
        play(restarted, { kind: "restart" });
        restarted.hear(alarm.verdict);
        const apart = (memory: AlarmMemory) => ({ ...memory, pendingSince: null });
        expect(apart(restarted.memory)).toEqual(apart(alarm.memory));
        alarm.wait(31);
        restarted.wait(31);
        expect(restarted.memory.isActive).toBe(alarm.memory.isActive);
      }),
      { numRuns: 300 },
    );
  });

  test("nobody is shelved for longer than was said, however the clock jumps back", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9000, max: 0 }), { maxLength: 5 }), (backwards) => {
        const alarm = active();
        alarm.do({ action: "shelve", forSeconds: 120, reason: "x" });
        for (const seconds of backwards) alarm.jump(seconds);
        expect(alarm.wait(120).state).toBe("unacknowledged");
      }),
    );
  });
});

/** By runs of equal verdicts, second by second, without any memory of an alarm. */
function isActiveBy(history: readonly Word[]): boolean {
  let isActive = false;
  let said: Verdict = "unknown";
  let ranSeconds = 0;
  const turn = (): void => {
    if (!isActive && said === "abnormal" && ranSeconds >= 60) [isActive, ranSeconds] = [true, 0];
    if (isActive && said === "clear" && ranSeconds >= 30) [isActive, ranSeconds] = [false, 0];
  };
  for (const word of history) {
    if (word.kind === "hear" && word.verdict !== "unknown" && word.verdict !== said)
      [said, ranSeconds] = [word.verdict, 0];
    if (word.kind === "wait")
      for (let i = 0; i < word.seconds; i++) {
        ranSeconds++;
        turn();
      }
  }
  return isActive;
}

/**
 * The life of one alarm: a pure state machine in the states of ISA-18.2, with the separate facts of OPC UA Part 9. No
 * clock and no I/O: every step is given its instant, and gives back what is remembered now and what happened.
 */

import type {
  ActionRefusal,
  AlarmAction,
  AlarmEventKind,
  AlarmRule,
  AlarmState,
  DoneStep,
  Mark,
  OutOfService,
  Remark,
  Shelving,
} from "../../../shared/alarms.ts";
import { fail, ok, type Result } from "../../../shared/result.ts";

/**
 * What a rule's condition says of the value there is: beyond its bound, between that and the clear value, clear, or
 * nothing, because the value is stale or not known.
 */
export type Verdict = "abnormal" | "between" | "clear" | "unknown";

/** Everything that is remembered of an alarm over a restart; plain data. Instants are city time. */
export interface AlarmMemory {
  readonly isActive: boolean;
  /** How often it became active. */
  readonly occurrence: number;
  readonly activeAt: number | null;
  readonly returnedAt: number | null;
  /** Since when the condition has wanted to change it, while a delay runs. */
  readonly pendingSince: number | null;
  /** Whether it wants somebody to say that they know. */
  readonly awaits: boolean;
  readonly acknowledged: Mark | null;
  readonly confirmed: Mark | null;
  readonly shelved: Shelving | null;
  readonly suppressedBy: string | null;
  readonly outOfService: OutOfService | null;
  readonly assignedTo: string | null;
  readonly comment: Remark | null;
  readonly doneSteps: readonly DoneStep[];
}

export type Timing = Pick<AlarmRule, "onDelaySeconds" | "offDelaySeconds">;

export interface Step {
  readonly memory: AlarmMemory;
  /** In the order in which it happened. */
  readonly events: readonly AlarmEventKind[];
}

export const neverActive: AlarmMemory = {
  isActive: false,
  occurrence: 0,
  activeAt: null,
  returnedAt: null,
  pendingSince: null,
  awaits: false,
  acknowledged: null,
  confirmed: null,
  shelved: null,
  suppressedBy: null,
  outOfService: null,
  assignedTo: null,
  comment: null,
  doneSteps: [],
};

/** The one state that is shown. What hides it more strongly comes first. */
export function stateOf(memory: AlarmMemory, rule: Pick<AlarmRule, "latch">): AlarmState {
  if (memory.outOfService) return "out-of-service";
  if (memory.shelved) return "shelved";
  const shown = unhiddenState(memory, rule.latch);
  return memory.suppressedBy !== null && shown !== "normal" ? "suppressed" : shown;
}

function unhiddenState(memory: AlarmMemory, latch: boolean): AlarmState {
  if (memory.isActive) return memory.awaits ? "unacknowledged" : "acknowledged";
  // What came and went while it was hidden wants nobody's word, a latch or not.
  const wasShown = memory.awaits || memory.acknowledged !== null;
  if (latch && wasShown && memory.confirmed === null) return "latched";
  return memory.awaits ? "returned" : "normal";
}

function isHidden({ outOfService, shelved, suppressedBy }: AlarmMemory): boolean {
  return outOfService !== null || shelved !== null || suppressedBy !== null;
}

/** What the condition says at `now`. A stale input neither starts, ends nor clears anything. */
export function judge(memory: AlarmMemory, rule: Timing, verdict: Verdict, now: number): Step {
  if (verdict === "unknown")
    // What was on its way to clear has to be clear again for its whole delay; what was on its way to be active waits.
    return still(memory.isActive ? withPending(memory, null) : memory);
  const turns = memory.isActive ? verdict === "clear" : verdict === "abnormal";
  if (!turns) return still(withPending(memory, null));
  // A clock that was set back has not been there before: the delay begins again.
  const since = Math.min(memory.pendingSince ?? now, now);
  const delaySeconds = memory.isActive ? rule.offDelaySeconds : rule.onDelaySeconds;
  if (now < since + delaySeconds * 1000) return still(withPending(memory, since));
  return memory.isActive ? over(memory, now) : raised(memory, now);
}

/** When time alone next changes something, if the condition goes on to say `verdict`; `Infinity` for never. */
export function changesAt(memory: AlarmMemory, rule: Timing, verdict: Verdict): number {
  const { pendingSince, isActive, shelved } = memory;
  const delaySeconds = isActive ? rule.offDelaySeconds : rule.onDelaySeconds;
  const isDue = pendingSince !== null && verdict !== "unknown";
  return Math.min(
    isDue ? pendingSince + delaySeconds * 1000 : Number.POSITIVE_INFINITY,
    shelved?.until ?? Number.POSITIVE_INFINITY,
  );
}

/** A shelf that is over ends by itself. Nobody may be shelved for longer than they were, whatever the clock does. */
export function passTime(memory: AlarmMemory, now: number): Step {
  const { shelved } = memory;
  if (shelved === null) return still(memory);
  if (now >= shelved.until) return revealed(memory, { ...memory, shelved: null }, "shelf-ended");
  if (now >= shelved.at) return still(memory);
  const until = now + (shelved.until - shelved.at);
  return still({ ...memory, shelved: { ...shelved, at: now, until } });
}

/** Hides it because `by` explains it, or shows it again (`null`). */
export function suppress(memory: AlarmMemory, by: string | null): Step {
  if (memory.suppressedBy === by) return still(memory);
  const next = { ...memory, suppressedBy: by };
  if (by === null) return revealed(memory, next, "unsuppressed");
  return { memory: next, events: memory.suppressedBy === null ? ["suppressed"] : [] };
}

/** Takes it out of service for a maintenance window of its rule, or returns it (`null`). What an operator did stays. */
export function maintain(memory: AlarmMemory, reason: string | null, now: number): Step {
  const { outOfService } = memory;
  if (outOfService !== null && outOfService.by !== null) return still(memory);
  if ((outOfService?.reason ?? null) === reason) return still(memory);
  if (reason === null) return revealed(memory, { ...memory, outOfService: null }, "maintenance-over");
  const next = { ...memory, outOfService: { at: outOfService?.at ?? now, by: null, reason } };
  return { memory: next, events: outOfService === null ? ["maintenance-begun"] : [] };
}

/** What an operator does. */
export function act(
  memory: AlarmMemory,
  rule: Pick<AlarmRule, "shelveAtMostSeconds" | "response">,
  action: AlarmAction,
  mark: Mark,
): Result<Step, ActionRefusal> {
  const done = (next: Partial<AlarmMemory>): Result<Step, ActionRefusal> =>
    ok({ memory: { ...memory, ...next }, events: [action.action] });
  switch (action.action) {
    case "acknowledge":
      if (!memory.awaits) return fail(memory.acknowledged ? "already-acknowledged" : "not-active");
      return isHidden(memory) ? fail("not-active") : done({ awaits: false, acknowledged: mark });
    case "unacknowledge":
      return memory.acknowledged
        ? done({ awaits: true, acknowledged: null, confirmed: null })
        : fail("not-acknowledged");
    case "confirm":
      if (memory.confirmed) return fail("already-confirmed");
      return memory.acknowledged ? done({ confirmed: mark }) : fail("not-acknowledged");
    case "shelve": {
      const { forSeconds, reason } = action;
      if (forSeconds > rule.shelveAtMostSeconds) return fail("too-long");
      return done({ shelved: { ...mark, until: mark.at + forSeconds * 1000, reason } });
    }
    case "unshelve":
      if (!memory.shelved) return fail("not-shelved");
      return ok(revealed(memory, { ...memory, shelved: null }, "unshelve"));
    case "remove-from-service":
      return done({ outOfService: { ...mark, reason: action.reason } });
    case "return-to-service":
      if (!memory.outOfService) return fail("in-service");
      if (!memory.outOfService.by) return fail("maintenance");
      return ok(revealed(memory, { ...memory, outOfService: null }, "return-to-service"));
    case "comment":
      return done({ comment: { ...mark, text: action.text } });
    case "assign":
      return done({ assignedTo: action.to });
    case "check": {
      const { step } = action;
      if (!rule.response.checklist.some(({ en }) => en === step)) return fail("no-such-step");
      if (memory.doneSteps.some((one) => one.step === step)) return fail("already-checked");
      return done({ doneSteps: [...memory.doneSteps, { ...mark, step }] });
    }
    case "uncheck": {
      const doneSteps = memory.doneSteps.filter(({ step }) => step !== action.step);
      return doneSteps.length < memory.doneSteps.length ? done({ doneSteps }) : fail("not-checked");
    }
  }
}

function still(memory: AlarmMemory): Step {
  return { memory, events: [] };
}

function withPending(memory: AlarmMemory, pendingSince: number | null): AlarmMemory {
  return memory.pendingSince === pendingSince ? memory : { ...memory, pendingSince };
}

/**
 * A new occurrence, which nothing explains until it is looked at. What was said of one that nobody has acknowledged yet is
 * said of this one too.
 */
function raised(memory: AlarmMemory, now: number): Step {
  const goesOn = memory.awaits;
  return {
    memory: {
      ...memory,
      isActive: true,
      occurrence: memory.occurrence + 1,
      activeAt: now,
      returnedAt: null,
      pendingSince: null,
      awaits: true,
      acknowledged: null,
      confirmed: null,
      suppressedBy: null,
      assignedTo: goesOn ? memory.assignedTo : null,
      comment: goesOn ? memory.comment : null,
      doneSteps: goesOn ? memory.doneSteps : [],
    },
    events: ["raised"],
  };
}

/** What comes and goes while it is hidden wants nobody's word. */
function over(memory: AlarmMemory, now: number): Step {
  const awaits = memory.awaits && !isHidden(memory);
  return {
    memory: { ...memory, isActive: false, returnedAt: now, pendingSince: null, awaits },
    events: ["returned"],
  };
}

/** Whoever comes out of hiding while it is active is told anew: to those who look it is a new alarm. */
function revealed(before: AlarmMemory, after: AlarmMemory, event: AlarmEventKind): Step {
  const isTold = after.isActive && isHidden(before) && !isHidden(after);
  const memory = isTold ? { ...after, awaits: true, acknowledged: null, confirmed: null } : after;
  return { memory, events: [event] };
}

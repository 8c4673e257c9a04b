import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Period, Validity } from "../../../../shared/situation.ts";
import { inForceAt } from "./validity.ts";

const zone = "Europe/Helsinki";
const at = (text: string): number => Date.parse(text);
/** A Monday, eight in the evening in Helsinki. */
const monday = at("2026-01-05T18:00:00Z");

function period(more: Partial<Period> = {}): Period {
  return { startsAt: null, endsAt: null, weekdays: [], months: [], times: [], ...more };
}
const night = { fromSeconds: 22 * 3600, toSeconds: 5 * 3600, offsetMinutes: null };

interface Said {
  readonly status?: string;
  readonly information?: string;
  readonly startsAt?: number;
  readonly endsAt?: number;
  readonly periods?: readonly Period[];
  readonly exceptions?: readonly Period[];
}

function inForce(said: Said, now: number): { isActive: boolean; until: number } {
  const { periods = [], exceptions = [], startsAt = null, endsAt = null } = said;
  const validity: Validity = { periods, exceptions };
  const fields = {
    validityStatus: said.status ?? "definedByValidityTimeSpec",
    informationStatus: said.information ?? null,
    startsAt,
    endsAt,
  };
  return inForceAt({ fields, validity }, zone, now);
}

test("active and suspended hold whatever the times say; an exercise is never in force", () => {
  const over = { startsAt: monday - 2000, endsAt: monday - 1000 };
  expect(inForce({ ...over, status: "active" }, monday)).toEqual({ isActive: true, until: Infinity });
  expect(inForce({ status: "suspended" }, monday)).toEqual({ isActive: false, until: Infinity });
  expect(inForce({ status: "active", information: "technicalExercise" }, monday).isActive).toBe(false);
  expect(inForce({ status: "active", information: "real" }, monday).isActive).toBe(true);
});

test("from its first instant until before its last", () => {
  const said = { startsAt: monday, endsAt: monday + 1000 };
  expect(inForce(said, monday - 1)).toEqual({ isActive: false, until: monday });
  expect(inForce(said, monday)).toEqual({ isActive: true, until: monday + 1000 });
  expect(inForce(said, monday + 1000)).toEqual({ isActive: false, until: Infinity });
  expect(inForce({}, monday)).toEqual({ isActive: true, until: Infinity });
});

describe("periods", () => {
  test("any of them will do, and no exception", () => {
    const [first, second] = [
      period({ startsAt: monday - 10, endsAt: monday }),
      period({ startsAt: monday + 10, endsAt: monday + 20 }),
    ];
    const exceptions = [period({ startsAt: monday + 15, endsAt: monday + 17 })];
    const said = { periods: [first, second], exceptions };
    const answers = [-11, -10, 0, 10, 15, 17, 20].map((ms) => inForce(said, monday + ms).isActive);
    expect(answers).toEqual([false, true, false, true, false, true, false]);
  });

  test("a night that begins on a Monday ends on the Tuesday, by the city's clock", () => {
    const said = { periods: [period({ weekdays: [1], times: [night] })] };
    expect(inForce(said, monday)).toEqual({ isActive: false, until: at("2026-01-05T20:00:00Z") });
    expect(inForce(said, at("2026-01-05T20:00:00Z"))).toEqual({
      isActive: true,
      until: at("2026-01-06T03:00:00Z"),
    });
    expect(inForce(said, at("2026-01-06T03:00:00Z")).isActive).toBe(false);
    expect(inForce(said, at("2026-01-06T20:30:00Z")).isActive).toBe(false);
    expect(inForce(said, at("2026-01-05T02:00:00Z")).isActive).toBe(false);
  });

  test("across the change of the clocks, and by an offset of its own", () => {
    const said = { periods: [period({ times: [night] })] };
    // The clocks go forward at three on 29 March 2026: the night has six hours.
    expect(inForce(said, at("2026-03-28T20:00:00Z"))).toEqual({
      isActive: true,
      until: at("2026-03-29T02:00:00Z"),
    });
    const fixed = { periods: [period({ times: [{ ...night, offsetMinutes: 60 }] })] };
    expect(inForce(fixed, at("2026-01-05T20:30:00Z")).isActive).toBe(false);
    expect(inForce(fixed, at("2026-01-05T21:00:00Z"))).toEqual({
      isActive: true,
      until: at("2026-01-06T04:00:00Z"),
    });
  });

  test("whole days and months", () => {
    const said = { periods: [period({ weekdays: [6, 7], months: [1] })] };
    expect(inForce(said, monday).isActive).toBe(false);
    expect(inForce(said, at("2026-01-09T22:00:00Z"))).toMatchObject({ isActive: true });
    expect(inForce(said, at("2026-01-11T22:00:00Z")).isActive).toBe(false);
    expect(inForce(said, at("2026-02-07T12:00:00Z")).isActive).toBe(false);
  });

  test("nothing changes before the instant that it names", () => {
    const seconds = fc.nat(86_400);
    const periods = fc.record({
      startsAt: fc.constant(null),
      endsAt: fc.constant(null),
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
      months: fc.constant([]),
      times: fc.array(
        fc.record({
          fromSeconds: seconds,
          toSeconds: seconds,
          offsetMinutes: fc.option(fc.integer({ min: -720, max: 720 }), { nil: null }),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(
        fc.array(periods, { maxLength: 3 }),
        fc.nat(30 * 86_400_000),
        fc.nat(999),
        (valid, ms, permille) => {
          const now = at("2026-03-15T00:00:00Z") + ms;
          const { isActive, until } = inForce({ periods: valid }, now);
          expect(until).toBeGreaterThan(now);
          const later = now + Math.floor(((Math.min(until, now + 86_400_000) - now) * permille) / 1000);
          expect(inForce({ periods: valid }, later).isActive).toBe(isActive);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});

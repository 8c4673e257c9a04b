import { Hono } from "hono";
import { expect, test } from "vitest";
import type { AlarmRule } from "../../shared/alarms.ts";
import { ok } from "../../shared/result.ts";
import { alarmRule, entity, noon } from "../../test/planned-city.ts";
import { indexAreas } from "../core/city/areas.ts";
import type { Span } from "../history/history.ts";
import { backtestHandler } from "./backtest.ts";

const dayMs = 86_400_000;

test("a bound that is turned over the same past asks for its things once", async () => {
  const asked: Span[] = [];
  const never = (): Promise<never> => Promise.reject(new Error("not asked for"));
  const station = entity("StationStatus", "a", { fields: { numVehiclesAvailable: 2 } });
  const app = new Hono().post(
    "/",
    backtestHandler(() => ({
      now: noon,
      readRule: (file) => ok(file as AlarmRule),
      past: {
        points: never,
        seriesOf: never,
        feedTurns: () => Promise.resolve([]),
        thingsOver: (_kind, span) => {
          asked.push(span);
          const words = [{ at: span.fromAt, id: station.id, entity: station }];
          return Promise.resolve({ watched: [span], words });
        },
      },
      areas: indexAreas([]),
      zone: "UTC",
      holidays: new Set<string>(),
      rules: [],
    })),
  );
  const alarms = async (numVehiclesAvailable: number, days: number): Promise<number> => {
    const when = { each: "StationStatus" as const, where: { numVehiclesAvailable } };
    const rule = alarmRule({ id: "transport.station-empty", indicator: null, when });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ rule, days, toAt: noon });
    const answer = await app.request("/", { method: "POST", headers, body });
    return ((await answer.json()) as { readonly alarms: number }).alarms;
  };
  expect([await alarms(2, 7), await alarms(3, 7)]).toEqual([1, 0]);
  expect(asked).toEqual([{ fromAt: noon - 7 * dayMs, toAt: noon }]);
  await alarms(2, 8);
  expect(asked).toHaveLength(2);
});

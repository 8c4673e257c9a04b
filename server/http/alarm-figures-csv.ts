/** The figures of the alarm system as a table: a row for each, and one for each ten minutes. */

import type { AlarmFiguresAnswer } from "../../shared/alarms.ts";
import { field } from "./export-csv.ts";

interface Row {
  readonly figure: string;
  /** The alarm, rule or priority that it is of. */
  readonly of?: string;
  readonly fromAt?: number;
  readonly toAt?: number;
  readonly value: number | null;
  /** At most so much is good, by ISA-18.2. */
  readonly atMost?: number;
}

const columns = ["figure", "of", "from", "to", "value", "at_most"];
const lineEnd = "\r\n";
const slotMs = 600_000;

/** RFC 4180 in UTF-8; instants as ISO 8601 UTC, seconds and percent as numbers. */
export function alarmFiguresCsv(figures: AlarmFiguresAnswer): string {
  const lines = rowsOf(figures).map(({ figure, of, fromAt, toAt, value, atMost }) =>
    [figure, field(of ?? ""), iso(fromAt), iso(toAt), value ?? "", atMost ?? ""].join(","),
  );
  return [columns.join(","), ...lines, ""].join(lineEnd);
}

function iso(at: number | undefined): string {
  return at === undefined ? "" : new Date(at).toISOString();
}

function rowsOf(figures: AlarmFiguresAnswer): readonly Row[] {
  const { fromAt, toAt, perTenMinutes, floods, priorities, acknowledgement } = figures;
  const { urgent, medium, low } = figures.recommendedPercent;
  return [
    { figure: "alarms", value: figures.alarms },
    { figure: "alarms_hidden", value: figures.hidden },
    { figure: "alarms_per_ten_minutes_mean", value: perTenMinutes.mean, atMost: 1 },
    { figure: "alarms_per_ten_minutes_most", value: perTenMinutes.most, atMost: 10 },
    { figure: "ten_minutes_over_ten_percent", value: percentOf(perTenMinutes), atMost: 1 },
    { figure: "flood_percent", value: figures.floodPercent, atMost: 1 },
    {
      figure: "priority_percent",
      of: "critical and high",
      value: priorities.critical + priorities.high,
      atMost: urgent,
    },
    { figure: "priority_percent", of: "medium", value: priorities.medium, atMost: medium },
    { figure: "priority_percent", of: "low", value: priorities.low, atMost: low },
    { figure: "acknowledged", value: acknowledgement.acknowledged },
    { figure: "never_acknowledged", value: acknowledgement.never },
    { figure: "acknowledged_after_seconds_median", value: acknowledgement.medianSeconds },
    { figure: "acknowledged_after_seconds_p90", value: acknowledgement.p90Seconds },
    { figure: "chattering", value: figures.chattering.length, atMost: 0 },
    { figure: "stale_now", value: figures.stale.length, atMost: 5 },
    { figure: "shelved_now", value: figures.shelved },
    { figure: "suppressed_now", value: figures.suppressed },
    { figure: "out_of_service_now", value: figures.outOfService },
  ]
    .map((row): Row => ({ ...row, fromAt, toAt }))
    .concat(
      figures.badRules.map(({ rule, count }) => ({
        figure: "alarms_of_rule",
        of: rule,
        fromAt,
        toAt,
        value: count,
      })),
      figures.badActors.map(({ alarm, count }) => ({
        figure: "alarms_of",
        of: alarm,
        fromAt,
        toAt,
        value: count,
      })),
      figures.chattering.map((of) => ({ figure: "chatters", of, fromAt, toAt, value: 1 })),
      floods.map((flood) => ({
        figure: "flood",
        of: flood.firstOut,
        fromAt: flood.fromAt,
        toAt: flood.toAt,
        value: flood.count,
      })),
      perTenMinutes.counts.map((value, i) => ({
        figure: "alarms_in_ten_minutes",
        fromAt: fromAt + i * slotMs,
        toAt: Math.min(fromAt + (i + 1) * slotMs, toAt),
        value,
      })),
    );
}

function percentOf({ over, slots }: AlarmFiguresAnswer["perTenMinutes"]): number {
  return (100 * over) / slots;
}

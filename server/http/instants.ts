/** Instants and stretches of time as parameters of a query. */

import { cityDate, startOfCityDate } from "../../shared/city-time.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { BadParameter } from "./parameters.ts";

export const instantText = "An ISO 8601 instant with its offset, epoch milliseconds or a date of the city";

export interface Stretch {
  readonly fromAt: number;
  /** Exclusive. */
  readonly toAt: number;
}

type Query = Readonly<Record<string, string>>;

/** ISO 8601, epoch milliseconds or a city date, between 1970 and the end of next year; `null` when absent. */
export function readInstant(
  parameter: string,
  text: string | undefined,
  now: number,
  zone: string,
): Result<number | null, BadParameter> {
  if (text === undefined) return ok(null);
  const at = instantOf(text, zone);
  if (at === null) {
    const expected = "an ISO 8601 instant with its offset, epoch milliseconds or a date";
    return fail({ parameter, detail: `${parameter}: "${shown(text)}" is not ${expected}` });
  }
  if (
    at < Math.min(0, startOfCityDate("1970-01-01", zone)) ||
    at >= startOfCityDate(`${Number(cityDate(now, zone).slice(0, 4)) + 2}-01-01`, zone)
  )
    return fail({
      parameter,
      detail: `${parameter}: "${shown(text)}" is not between 1970 and the end of next year`,
    });
  return ok(at);
}

/** Reads `from` and `to`; without them it is the last `otherwiseMs` up to now. */
export function readStretch(
  query: Query,
  now: number,
  zone: string,
  otherwiseMs: number,
): Result<Stretch, BadParameter> {
  const to = readInstant("to", query["to"], now, zone);
  if (!to.ok) return to;
  const toAt = to.value ?? now;
  const from = readInstant("from", query["from"], now, zone);
  if (!from.ok) return from;
  const fromAt = from.value ?? Math.max(0, toAt - otherwiseMs);
  if (fromAt >= toAt) {
    const said = query["from"] === undefined ? "a day before to" : `"${shown(query["from"])}"`;
    return fail({
      parameter: "from",
      detail: `from: ${said} does not lie before to (${new Date(toAt).toISOString()})`,
    });
  }
  return ok({ fromAt, toAt });
}

/** An instant that has passed; `null` when absent. */
export function readPastInstant(
  parameter: string,
  text: string | undefined,
  now: number,
  zone: string,
): Result<number | null, BadParameter> {
  const at = readInstant(parameter, text, now, zone);
  if (!at.ok || at.value === null || at.value <= now) return at;
  return fail({ parameter, detail: `${parameter}: "${shown(text!)}" has not come yet` });
}

/** As much of a text from outside as an answer repeats. */
export function shown(text: string): string {
  const first = text.toWellFormed().slice(0, 80);
  return first.length < text.length ? `${first}…` : first;
}

function instantOf(text: string, zone: string): number | null {
  if (/^-?\d{1,16}$/.test(text)) return Number(text);
  const date = text.slice(0, 10);
  if (!isDate(date)) return null;
  if (text.length === 10) return startOfCityDate(text, zone);
  const at = /^T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10))
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** `2026-02-28`, but not `2026-02-31`: `Date.parse` takes that for the 3rd of March. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** `/api/v1/quality`: what feeds and suppliers kept of their promises, by day, week or month. */

import type { Context, Hono } from "hono";
import { z } from "zod";
import { periodBounds, cityDate, startOfCityDate } from "../../shared/city-time.ts";
import type { Promised, QualityNotice, QualityPeriod } from "../../shared/feed-quality.ts";
import type { NoticeSeverity } from "../../shared/notice.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { FeedDay, FeedDayNotice } from "../history/history.ts";
import { instantText, readStretch, shown, type Stretch } from "./instants.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import type { Past } from "./past.ts";
import { badParameter } from "./problem.ts";

const dayMs = 86_400_000;
const longestMs = 2 * 366 * dayMs;
const qualityPeriods = ["day", "week", "month"] as const;
/** The gravest first. */
const severities: readonly NoticeSeverity[] = ["error", "warning", "info"];
const dimensions = ["feed", "supplier"] as const;

interface QualityQuery extends Stretch {
  readonly period: (typeof qualityPeriods)[number];
  readonly by: (typeof dimensions)[number];
}

export const qualityParameters = {
  from: {
    description: `${instantText}; 90 days before \`to\` unless said. Days are whole.`,
    schema: z.string(),
  },
  to: { description: `${instantText}, exclusive; now unless said.`, schema: z.string() },
  period: { description: "Of the city's calendar.", schema: z.enum(qualityPeriods).default("month") },
  by: {
    description: "A row for each feed, or for each supplier: what its feeds add up to.",
    schema: z.enum(dimensions).default("feed"),
  },
} as const satisfies QueryParameters;

/** A feed as the city folder has it now. */
export interface PromisedFeed {
  readonly id: string;
  readonly supplier: string | null;
  readonly promised: Promised;
}

export interface QualitySource {
  readonly past: Past;
  readonly zone: () => string;
  readonly now: () => number;
  readonly feeds: () => readonly PromisedFeed[];
}

export function serveQuality(app: Hono, { past, zone, now, feeds }: QualitySource): void {
  app.get("/api/v1/quality", async (c: Context) => {
    const query = readQualityQuery(c.req.query(), now(), zone());
    if (!query.ok) return badParameter(c, query.failure);
    const days = await past.feedDays(query.value, c.req.raw.signal);
    return c.json(qualityPeriodsOf(days, query.value, feeds(), zone()));
  });
}

/** Reads the parameters of `qualityParameters`. */
export function readQualityQuery(
  query: Readonly<Record<string, string>>,
  now: number,
  zone: string,
): Result<QualityQuery, BadParameter> {
  const unknown = findUnknown(query, qualityParameters);
  if (unknown) return fail(unknown);
  const stretch = readStretch(query, now, zone, 90 * dayMs);
  if (!stretch.ok) return stretch;
  if (stretch.value.toAt - stretch.value.fromAt > longestMs)
    return fail({ parameter: "from", detail: "from: at most two years before to" });
  const period = qualityPeriods.find((word) => word === (query["period"] ?? "month"));
  if (period === undefined) return unlisted("period", query["period"]!, qualityPeriods);
  const by = dimensions.find((word) => word === (query["by"] ?? "feed"));
  if (by === undefined) return unlisted("by", query["by"]!, dimensions);
  return ok({ ...stretch.value, period, by });
}

function unlisted(parameter: string, text: string, words: readonly string[]): Result<never, BadParameter> {
  return fail({ parameter, detail: `${parameter}: "${shown(text)}" is not one of ${words.join(", ")}` });
}

/**
 * Days added up by period and feed or supplier, in the order of time. A feed that the city has no more belongs to no
 * supplier that is known, and nothing is known to have been promised of it.
 */
export function qualityPeriodsOf(
  days: readonly FeedDay[],
  { period, by }: Pick<QualityQuery, "period" | "by">,
  feeds: readonly PromisedFeed[],
  zone: string,
): QualityPeriod[] {
  const known = new Map(feeds.map((feed) => [feed.id, feed]));
  const periodOf = (date: string): string => {
    const at = startOfCityDate(date, zone);
    return cityDate(periodBounds(period, at, at + 1, zone)[0]!, zone);
  };
  const starts = new Map([...new Set(days.map(({ date }) => date))].map((date) => [date, periodOf(date)]));
  const keyOf = (day: FeedDay): string => {
    const supplier = known.get(day.feed)?.supplier ?? null;
    return JSON.stringify([starts.get(day.date), by === "feed" ? day.feed : null, supplier]);
  };
  return [...Map.groupBy(days, keyOf)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, all]) => {
      const [startsOn, feed, supplier] = JSON.parse(key) as [string, string | null, string | null];
      const kept = sumOf(all);
      const promised = feed === null ? null : (known.get(feed)?.promised ?? null);
      return {
        startsOn,
        feed,
        supplier,
        days: new Set(all.map(({ date }) => date)).size,
        ...kept,
        keeps: keeps(kept, promised),
      };
    });
}

/** Of the days of which it is known. */
function noticesOf(days: readonly FeedDay[]): readonly QualityNotice[] | null {
  const known = days.flatMap(({ notices }) => (notices === null ? [] : [notices]));
  if (known.length === 0) return null;
  const total = (all: readonly FeedDayNotice[], of: (one: FeedDayNotice) => number): number =>
    all.reduce((sum, one) => sum + of(one), 0);
  return [...Map.groupBy(known.flat(), ({ severity, code }) => `${severity} ${code}`).values()]
    .map((all) => {
      const [{ code, severity }] = all as [FeedDayNotice];
      const minutes = total(all, (one) => one.minutes);
      return { code, severity, minutes, entries: total(all, (one) => one.entriesSum) / minutes };
    })
    .toSorted(
      (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || b.minutes - a.minutes,
    );
}

type Sum = Omit<QualityPeriod, "startsOn" | "feed" | "supplier" | "days" | "keeps">;

function sumOf(days: readonly FeedDay[]): Sum {
  const total = (of: (day: FeedDay) => number): number => days.reduce((sum, day) => sum + of(day), 0);
  const mean = (sum: number, count: number): number | null => (count === 0 ? null : sum / count);
  const minutes = total((day) => day.minutes);
  const oldest = days.flatMap(({ oldestSeconds }) => oldestSeconds ?? []);
  return {
    minutes,
    availablePercent: mean(100 * total((day) => day.availableMinutes), minutes),
    freshPercent: mean(100 * total((day) => day.freshMinutes), minutes),
    onTimePercent: mean(100 * total((day) => day.onTimeMinutes), minutes),
    completenessPercent: mean(
      total((day) => day.completenessSum),
      total((day) => day.judgedMinutes),
    ),
    lagSeconds: mean(
      total((day) => day.lagSecondsSum),
      total((day) => day.heardMinutes),
    ),
    oldestSeconds: oldest.length === 0 ? null : Math.max(...oldest),
    errors: mean(
      total((day) => day.errors),
      minutes,
    ),
    warnings: mean(
      total((day) => day.warnings),
      minutes,
    ),
    notices: noticesOf(days),
  };
}

/** Whether every promise that was made and can be judged was kept; `null` without one. */
function keeps(kept: Sum, promised: Promised | null): boolean | null {
  if (promised === null) return null;
  const judged = (["availablePercent", "freshPercent", "completenessPercent"] as const).flatMap((name) => {
    const [promise, was] = [promised[name], kept[name]];
    return promise === null || was === null ? [] : [was >= promise];
  });
  return judged.length === 0 ? null : judged.every(Boolean);
}

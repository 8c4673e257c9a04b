/** Gathers what a briefing is made from: everything from the history as known at one moment, and the city folder of now. */

import { createHash } from "node:crypto";
import type { Briefing } from "../../shared/briefing.ts";
import { addCalendar, addLocalWeeks, cityDate } from "../../shared/city-time.ts";
import { inputsOf, type Text } from "../../shared/city.ts";
import type { Moment } from "../../shared/moment.ts";
import type { BriefingDefinition } from "../core/briefing/definition.ts";
import type {
  BriefingFacts,
  FeedFacts,
  SeriesFacts,
  Span,
  ToldValue,
  UsualPoint,
} from "../core/briefing/facts.ts";
import { comparedPeriod, runningBucketMs } from "../core/briefing/periods.ts";
import { bucketEdges } from "../http/buckets.ts";
import { expectedBands } from "../core/outlook/expected.ts";
import { slotsOf } from "../core/outlook/season.ts";
import { askedOf, statisticOf } from "./asking.ts";
import { readGround } from "./ground.ts";
import type { GatherContext, KnownIndicator } from "./gather-context.ts";
import { gatherGroups } from "./gather-groups.ts";
import { gatherRevised } from "./revised.ts";
import {
  knownPercent,
  readColumns,
  readValues,
  seriesAddress,
  type Asked,
  type Reader,
} from "./series-reading.ts";

export interface GatherRequest {
  readonly definition: BriefingDefinition;
  readonly period: BriefingFacts["period"];
  readonly knownAt: number;
  /** The issue before of the same definition, whose figures may have been revised. */
  readonly previous: Briefing | null;
}

const usualWeeks = 8;
const trendDays = 28;
const dayMs = 86_400_000;
/** How far back what is still going on may have begun. */
const lookBackMs = 14 * dayMs;

export async function gatherFacts(
  context: GatherContext,
  { definition, period, knownAt, previous }: GatherRequest,
  signal: AbortSignal,
): Promise<BriefingFacts> {
  const { folder, past, clock } = context;
  const { zone, id, title } = folder.settings;
  const reader: Reader = { past, zone, knownAt, signal };
  const comparison = definition.comparison && comparedPeriod(period, definition.comparison, zone);
  const before: Span = { fromAt: period.fromAt - lookBackMs, toAt: Math.max(period.toAt, knownAt) };
  const watched = watchedIndicators(definition, context.indicators);
  // One question after the other: each has its own time to be answered in, and others ask the history too.
  const figures = await gatherFigures(context, reader, { definition, period, comparison, watched });
  const compared = await gatherGroups(context, reader, definition.compare, period);
  const revised = await gatherRevised(context.indicators, reader, previous);
  const alarmEvents = await context.alarmEvents(before).then(
    (all) => all.filter(({ at }) => at <= knownAt),
    () => null,
  );
  const events = await context.cityEvents(
    { fromAt: period.fromAt, toAt: Math.max(period.toAt, knownAt) },
    knownAt,
    signal,
  );
  const moments = await past.moments(before, signal);
  const ground = await readGround(folder.basemapPath, areaRings(compared));
  const needed = new Set(figures.flatMap(({ feeds }) => feeds));
  return {
    definition,
    city: { id, title, zone },
    clock,
    period,
    comparison,
    knownAt,
    dataVersion: dataVersionOf(context),
    holidays: new Map(folder.holidays.map(({ date, title: name }) => [date, name])),
    departments: folder.departments,
    figures,
    compared,
    ground: ground && { ...ground, attribution: folder.settings.basemap?.attribution ?? "" },
    rules: folder.rules,
    alarmEvents,
    nameOfAlarm: context.nameOfAlarm,
    events: events.filter(({ kind }) => kind === "alert" || kind === "works"),
    feeds: silencesOf(
      moments,
      folder.feeds.filter((feed) => needed.has(feed.id)),
      period,
    ),
    feedTitles: new Map(folder.feeds.map((feed) => [feed.id, feed.title])),
    revised,
  };
}

/** Of the areas that are compared, which a map shows. */
function areaRings(compared: BriefingFacts["compared"]) {
  return compared.flatMap(({ groups }) => groups.flatMap(({ area }) => area?.rings ?? []));
}

/** Hash of what the city's indicators and rules mean. */
function dataVersionOf({ indicators, folder }: GatherContext): string {
  const revisions = [...indicators, ...folder.rules].map(({ id, revision }) => `${id} ${revision}`);
  return createHash("sha256").update(revisions.toSorted().join("\n")).digest("hex").slice(0, 16);
}

/** The figures that are named or of the domains, those of services, and the score with what it is made of. */
function watchedIndicators(
  { indicators: named, domains, services, score }: BriefingDefinition,
  all: readonly KnownIndicator[],
): readonly KnownIndicator[] {
  const byId = new Map(all.map((one) => [one.id, one]));
  const ids = new Set<string>();
  const addWithInputs = (id: string): void => {
    const found = byId.get(id);
    if (!found || ids.has(id)) return;
    ids.add(id);
    if (found.unit === "score") for (const input of inputsOf(found)) addWithInputs(input);
  };
  for (const { id, domain, better, replacedBy, unit } of all) {
    const isWatched =
      named?.includes(id) ?? (domains.includes(domain) && better !== "neither" && unit !== "score");
    if (isWatched && replacedBy === null) ids.add(id);
  }
  for (const id of Object.values<string | null>({ ...services })) if (id !== null) addWithInputs(id);
  if (score !== null) addWithInputs(score);
  return all.filter(({ id }) => ids.has(id));
}

interface FiguresAsked {
  readonly definition: BriefingDefinition;
  readonly period: BriefingFacts["period"];
  readonly comparison: BriefingFacts["comparison"];
  readonly watched: readonly KnownIndicator[];
}

/** What a series is told by, over which stretch, and what it is compared with. */
interface Plan {
  readonly indicator: KnownIndicator;
  readonly statistic: SeriesFacts["statistic"];
  readonly asked: Asked;
  readonly compared: Asked | null;
  readonly breaks: readonly number[];
}

async function gatherFigures(
  context: GatherContext,
  reader: Reader,
  { definition, period, comparison, watched }: FiguresAsked,
): Promise<readonly SeriesFacts[]> {
  const plans = watched.map((indicator) => planOf(indicator, { definition, period, comparison, context }));
  const told = await readPlanned(reader, plans, ({ asked }) => asked);
  const compared = await readPlanned(reader, plans, ({ compared: against }) => against);
  const courses = await readCourses(context, reader, plans, period);
  const trends = period.kind === "day" && period.isOver ? await readTrends(reader, plans, period) : null;
  return plans.map(({ indicator, statistic, breaks }, i): SeriesFacts => {
    const { feeds, ...own } = indicator;
    return {
      series: indicator.id,
      definition: own,
      feeds,
      statistic,
      told: told[i]!,
      compared: compared[i] ?? null,
      ...courses[i]!,
      daysBefore: breaks.length > 0 ? [] : (trends?.[i] ?? []),
      breaks,
    };
  });
}

function planOf(
  indicator: KnownIndicator,
  {
    definition,
    period,
    comparison,
    context,
  }: Pick<FiguresAsked, "definition" | "period" | "comparison"> & { readonly context: GatherContext },
): Plan {
  const { services } = definition;
  const isStock = [services?.open, services?.overdue, services?.oldest].includes(indicator.id);
  const statistic = isStock ? "last" : statisticOf(indicator, period);
  const from = comparison ? Math.min(comparison.fromAt, period.fromAt) : period.fromAt;
  const breaks = context.definitions.changes(indicator.id, { fromAt: from, toAt: period.toAt });
  const within = breaks.findLast((at) => at > period.fromAt);
  const stretch = within === undefined ? period : { ...period, fromAt: upToBucket(within), isOver: false };
  return {
    indicator,
    statistic,
    asked: askedOf(stretch.fromAt < stretch.toAt ? stretch : period, statistic, period),
    compared: breaks.length > 0 || !comparison ? null : askedOf(comparison, statistic, period),
    breaks,
  };
}

function upToBucket(at: number): number {
  return Math.ceil(at / runningBucketMs) * runningBucketMs;
}

/** Reads what is asked for of each plan, those that ask alike together; `null` where nothing is asked for. */
async function readPlanned(
  reader: Reader,
  plans: readonly Plan[],
  askedFor: (plan: Plan) => Asked | null,
): Promise<readonly (ToldValue | null)[]> {
  const values = new Map<Plan, ToldValue>();
  const asking = plans.flatMap((plan) => {
    const asked = askedFor(plan);
    return asked ? [{ plan, asked }] : [];
  });
  const alike = Map.groupBy(asking, ({ plan, asked }) => JSON.stringify([plan.statistic, asked]));
  for (const group of alike.values()) {
    const { plan: first, asked } = group[0]!;
    const series = group.map(({ plan }) => plan.indicator.id);
    const read = await readValues(reader, series, asked, first.statistic);
    group.forEach(({ plan }, i) => values.set(plan, read[i]!));
  }
  return plans.map((plan) => values.get(plan) ?? null);
}

type Course = Pick<SeriesFacts, "course" | "courseAddress" | "pointAddress">;

/** The period by the hour, or by the day where it is longer than two, each beside what is usual. */
async function readCourses(
  { folder, definitions }: GatherContext,
  reader: Reader,
  plans: readonly Plan[],
  { fromAt, toAt, kind }: BriefingFacts["period"],
): Promise<readonly Course[]> {
  const { past, zone, knownAt, signal } = reader;
  const holidays = new Set(folder.holidays.map(({ date }) => date));
  const bucket = kind === "incident" || toAt - fromAt <= 2 * dayMs ? "hour" : "day";
  const first = addLocalWeeks(fromAt, -usualWeeks, zone);
  const series = plans.map(({ indicator }) => indicator.id);
  const edges = bucketEdges(bucket, first, toAt, zone);
  const slots = slotsOf(
    edges.subarray(0, -1),
    bucket === "hour" ? "hour-of-week" : "day-of-week",
    zone,
    (at) => holidays.has(cityDate(at, zone)),
  );
  const begin = edges.findIndex((at) => at > fromAt) - 1;
  // Of the weeks before, only the days that have an hour of the period; what lies between, whole days, is one bucket each.
  const wanted = new Set(slots.subarray(begin));
  const dates = Array.from(slots, (_, place) => cityDate(edges[place]!, zone));
  const needed = new Set(dates.filter((_, place) => wanted.has(slots[place]!)));
  const isWanted = (place: number): boolean =>
    place >= 0 && place < slots.length && needed.has(dates[place]!);
  const kept = Array.from(edges.keys()).filter((place) => isWanted(place) || isWanted(place - 1));
  const asked = Float64Array.from(kept, (place) => edges[place]!);
  const columns = await past.points({ series, edges: asked, asOf: knownAt }, signal);
  const found = new Map(columns.map((one) => [one.series, one]));
  return plans.map(({ indicator }) => {
    const one = found.get(indicator.id);
    const values = new Float64Array(slots.length).fill(Number.NaN);
    const freshSeconds = new Float64Array(slots.length);
    if (one)
      for (const [row, value] of one.mean.entries()) {
        if (!isWanted(kept[row]!)) continue;
        values[kept[row]!] = value;
        freshSeconds[kept[row]!] = one.freshSeconds[row]!;
      }
    // What another definition counted is not usual of this one.
    const [changed] = definitions.changes(indicator.id, { fromAt: first, toAt }).slice(-1);
    if (changed !== undefined)
      edges.forEach((at, place) => at < changed && place < begin && (values[place] = Number.NaN));
    const bands = expectedBands(values, slots, begin, usualWeeks);
    const course = bands.map((band, place): UsualPoint => {
      const [from, to] = [edges[begin + place]!, edges[begin + place + 1]!];
      const value = values[begin + place]!;
      return {
        fromAt: from,
        toAt: to,
        value: Number.isNaN(value) ? null : value,
        low: band?.low ?? null,
        high: band?.high ?? null,
        knownPercent: knownPercent(freshSeconds[begin + place]!, { fromAt: from, toAt: to }, knownAt),
      };
    });
    return {
      course,
      courseAddress: seriesAddress(indicator.id, { fromAt, toAt, bucket }, knownAt),
      pointAddress: (span: Span) => seriesAddress(indicator.id, { ...span, bucket }, knownAt),
    };
  });
}

/** The days before, by the same statistic; what is told as it was at the end, by its mean. */
async function readTrends(
  reader: Reader,
  plans: readonly Plan[],
  { fromAt }: Span,
): Promise<readonly (readonly (number | null)[])[]> {
  const asked = {
    fromAt: addCalendar(fromAt, -trendDays, "day", reader.zone),
    toAt: fromAt,
    bucket: "day",
  } as const;
  const { columns } = await readColumns(
    reader,
    plans.map(({ indicator }) => indicator.id),
    asked,
  );
  return plans.map(({ statistic }, i) => {
    const one = columns[i];
    const column = statistic === "total" ? one?.max : one?.mean;
    return Array.from(column ?? new Float64Array(trendDays).fill(Number.NaN), (value) =>
      Number.isNaN(value) ? null : value,
    );
  });
}

/** When each feed was down, from the moments at which it died and came back. */
function silencesOf(
  moments: readonly Moment[],
  feeds: readonly { readonly id: string; readonly title: Text; readonly department: string }[],
  { fromAt, toAt }: Span,
): readonly FeedFacts[] {
  return feeds.flatMap(({ id, title, department }) => {
    const silences: { fromAt: number; toAt: number | null }[] = [];
    for (const { at, kind, subject } of moments) {
      if (subject !== id || (kind !== "feed-down" && kind !== "feed-live")) continue;
      const last = silences.at(-1);
      if (kind === "feed-down" && last?.toAt !== null) silences.push({ fromAt: at, toAt: null });
      else if (kind === "feed-live" && last?.toAt === null) last.toAt = at;
    }
    const touching = silences.filter((one) => one.fromAt < toAt && (one.toAt === null || one.toAt > fromAt));
    return touching.length === 0 ? [] : [{ id, title, department, silences: touching }];
  });
}

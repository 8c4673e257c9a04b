/** The past and what is to come, as the API answers of them. */

import { z } from "zod";
import { kinds } from "../../shared/kinds.ts";
import type { LostSpan } from "../../shared/lost.ts";
import {
  forecastMethods,
  outlookBuckets,
  type ExpectedAnswer,
  type ForecastAnswer,
} from "../../shared/outlook.ts";
import type { SeriesColumns, SeriesItemInColumns } from "../../shared/series-columns.ts";
import { comparisons, type SeriesItem, type SeriesPoint } from "../../shared/series.ts";
import { units } from "../../shared/units.ts";
import type { Observed } from "../history/history.ts";
import { reading, entityCollection, noReason, valueState } from "./city-answers.ts";
import { feedStatus } from "./feed-answers.ts";
import { exactly, instant, named } from "./named-schemas.ts";

const point = exactly<SeriesPoint>()(
  z.strictObject({
    at: instant.meta({ description: "Start of the bucket, epoch milliseconds UTC." }),
    value: z.number().nullable().meta({ description: "The mean of the seconds in which it was fresh." }),
    min: z.number().nullable(),
    max: z.number().nullable(),
    state: z.enum([...valueState.options, "missing"]),
    reason: z.enum([...noReason.options, "future"]).nullable(),
  }),
).register(named, { id: "SeriesPoint", description: "One bucket; `missing`: nobody was watching then." });

const bucket = z
  .union([z.int(), z.enum(["hour", "day", "week", "month"])])
  .meta({ description: "Seconds, or a period of the city's calendar." });

export const seriesItem = exactly<SeriesItem>()(
  z.strictObject({
    id: z.string(),
    unit: z.enum(units),
    bucket,
    points: z.array(point).readonly(),
    compare: z
      .exactOptional(z.partialRecord(z.enum(comparisons), z.array(point).readonly()).readonly())
      .meta({ description: "The stretches it is compared with, bucket by bucket; `at` is their own time." }),
  }),
).register(named, { id: "Series" });

const columns = exactly<SeriesColumns>()(
  z.strictObject({
    from: instant.meta({ description: "Start of the first bucket, epoch milliseconds UTC." }),
    lengths: z
      .array(z.tuple([z.int(), z.number()]).readonly())
      .readonly()
      .meta({ description: "How many buckets follow on one another, and how many seconds each lasts." }),
    value: z.array(point.shape.value).readonly(),
    min: z
      .array(point.shape.min)
      .readonly()
      .nullable()
      .meta({ description: "`null`: of every bucket its value." }),
    max: z
      .array(point.shape.max)
      .readonly()
      .nullable()
      .meta({ description: "`null`: of every bucket its value." }),
    states: z
      .array(z.tuple([z.int(), point.shape.state, point.shape.reason]).readonly())
      .readonly()
      .meta({ description: "Of how many buckets, one after the other, the state and its reason." }),
  }),
).register(named, { id: "SeriesColumns", description: "Points by column." });

export const seriesItemInColumns = exactly<SeriesItemInColumns>()(
  z.strictObject({
    id: z.string(),
    unit: z.enum(units),
    bucket,
    columns,
    compare: z.exactOptional(z.partialRecord(z.enum(comparisons), columns).readonly()),
  }),
).register(named, { id: "SeriesInColumns" });

export const observed = exactly<Observed>()(
  z.strictObject({
    property: z.string(),
    at: instant.meta({ description: "The source's own time." }),
    knownAt: instant.meta({ description: "When it was learnt." }),
    value: z.number(),
  }),
).register(named, { id: "Observation", description: "A measured value of a sensor, as it was told last." });

export const cityAtAnswer = z
  .strictObject({
    at: instant,
    known: z.enum(["then", "now"]),
    readings: z.array(reading),
    feeds: z.array(feedStatus),
    entities: z.partialRecord(z.enum(kinds), entityCollection),
  })
  .register(named, { id: "CityAt", description: "The city at one second of its past." });

const outlookBucket = z.enum(outlookBuckets);

export const expectedAnswer = exactly<ExpectedAnswer>()(
  z.strictObject({
    id: z.string(),
    unit: z.enum(units),
    bucket: outlookBucket,
    weeks: z.number(),
    points: z
      .array(
        z.strictObject({
          at: instant,
          value: z.number().nullable(),
          low: z.number().nullable(),
          median: z.number().nullable(),
          high: z.number().nullable(),
          samples: z.number(),
          outside: z.enum(["above", "below"]).nullable(),
        }),
      )
      .readonly(),
  }),
).register(named, {
  id: "Expected",
  description:
    "Where four of five are to be expected, by the same hour of the week, or weekday, of the weeks before.",
});

export const forecastAnswer = exactly<ForecastAnswer>()(
  z.strictObject({
    id: z.string(),
    unit: z.enum(units),
    bucket: outlookBucket,
    method: z.enum(forecastMethods),
    knownTo: instant.meta({ description: "Nothing from this instant on was known." }),
    points: z
      .array(z.strictObject({ at: instant, value: z.number(), low: z.number(), high: z.number() }))
      .readonly(),
    backTest: z.strictObject({
      origins: z.number(),
      meanAbsoluteError: z.number(),
      naiveMeanAbsoluteError: z.number(),
      insidePercent: z.number().nullable(),
    }),
  }),
).register(named, {
  id: "Forecast",
  description: "By the method that would have foretold the past better, with the error it would have had.",
});

export const recordedSpan = z
  .object({ fromAt: instant, toAt: instant })
  .register(named, { id: "RecordedSpan", description: "A stretch without a gap; `toAt` is exclusive." });

export type RecordedSpan = z.infer<typeof recordedSpan>;

export const lostSpan = exactly<LostSpan>()(
  z.strictObject({
    fromAt: instant,
    toAt: instant,
    rows: z.number().meta({ description: "Of all kinds." }),
    recovered: z
      .strictObject({ at: instant, indicators: z.int(), of: z.int() })
      .nullable()
      .meta({
        description:
          "When it was measured again from bodies that were kept, and for how many of how many indicators; `null` until then.",
      }),
  }),
).register(named, {
  id: "LostSpan",
  description: "A stretch that rows are missing of; `toAt` is exclusive.",
});

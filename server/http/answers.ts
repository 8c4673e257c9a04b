/**
 * What the API answers, as schemas: `openapi.ts` publishes them. Where `shared/` has the type already, the compiler holds
 * the schema to exactly that type; where not, the schema is the type.
 */

import { z } from "zod";
import { domains, type Department, type Settings, type Text } from "../../shared/city.ts";
import type { EditableFile } from "../../shared/city-file.ts";
import type { CityEvent } from "../../shared/city-event.ts";
import type { CityClock } from "../../shared/clock.ts";
import { specs, transportTypes, type FeedStatus } from "../../shared/feed.ts";
import type { FeedBody, FeedQuality, FeedRule, KeptSpan, QualityPeriod } from "../../shared/feed-quality.ts";
import { grades, requirements } from "../../shared/grade.ts";
import type { Inspection } from "../../shared/inspection.ts";
import { kinds, kindSchemas, type FieldType, type Kind } from "../../shared/kinds.ts";
import type { LostSpan } from "../../shared/lost.ts";
import { momentKinds } from "../../shared/moment.ts";
import type { Reading } from "../../shared/protocol.ts";
import type { AreaProperties } from "../../shared/areas.ts";
import { comparisons, type SeriesItem, type SeriesPoint } from "../../shared/series.ts";
import type { SeriesColumns, SeriesItemInColumns } from "../../shared/series-columns.ts";
import {
  forecastMethods,
  outlookBuckets,
  type ExpectedAnswer,
  type ForecastAnswer,
} from "../../shared/outlook.ts";
import { longestAnnotation, longestAuthor, type Annotation } from "../../shared/annotation.ts";
import { longestViewQuery, longestViewTitle, type SavedView } from "../../shared/saved-view.ts";
import { longestNote, type Note } from "../../shared/note.ts";
import { units } from "../../shared/units.ts";
import type { Observed } from "../history/history.ts";

/** Schemas with a name of their own in the document. */
export const named = z.registry<{ id: string; description?: string }>();

type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T;

/** Takes a schema of `T`; one that says more, less or otherwise does not compile. */
export function exactly<T>() {
  return <S extends z.ZodType<T>>(schema: [Plain<T>] extends [z.output<S>] ? S : never): S => schema;
}

export const instant = z.number().meta({ description: "Epoch milliseconds UTC." });
export const text = exactly<Text>()(z.strictObject({ en: z.string(), zh: z.string() })).register(named, {
  id: "Text",
  description: "A text in every language of the product.",
});

export const problemBody = z
  .strictObject({
    type: z.string().regex(/^urn:citydeck:problem:/),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
  })
  .register(named, { id: "Problem", description: "RFC 9457; `type` never changes its meaning." });

export const health = z.strictObject({ status: z.literal("ok"), cityAt: instant });

const clock = exactly<CityClock>()(
  z.strictObject({
    kind: z.enum(["live", "simulated", "replay", "past"]),
    cityAt: instant,
    speed: z.number().meta({ description: "City seconds per wall second; 0 stands still." }),
  }),
).register(named, { id: "CityClock" });

export const cityAnswer = exactly<Settings & { readonly clock: CityClock }>()(
  z.strictObject({
    id: z.string(),
    title: text,
    zone: z.string().meta({ description: "IANA time zone." }),
    bounds: z
      .tuple([z.number(), z.number(), z.number(), z.number()])
      .meta({ description: "West, south, east, north in degrees." }),
    areaLevels: z.array(z.strictObject({ level: z.string(), title: text })),
    basemap: z.strictObject({ attribution: z.string() }).nullable(),
    clock,
  }),
).register(named, { id: "City" });

export const department = exactly<Department>()(z.strictObject({ id: z.string(), title: text })).register(
  named,
  { id: "Department" },
);

const feedError = z
  .strictObject({
    class: z.enum([
      "dns",
      "tls",
      "connection",
      "timeout",
      "http",
      "too-large",
      "unauthorized",
      "not-allowed",
      "query",
      "missing",
      "unreadable",
      "crashed",
      "settings",
    ]),
    message: z.string(),
    at: instant,
  })
  .register(named, { id: "FeedError" });

const notice = z
  .strictObject({
    code: z.string(),
    severity: z.enum(["info", "warning", "error"]),
    count: z.number(),
    example: z.string(),
  })
  .register(named, { id: "Notice", description: "What a connector says about a feed's quality." });

export const feedStatus = exactly<FeedStatus>()(
  z.strictObject({
    id: z.string(),
    title: text,
    spec: z.enum(specs),
    transport: z.enum(transportTypes),
    department: z.string(),
    supplier: z.string().nullable(),
    licence: z.string(),
    attribution: z.string().nullable(),
    cadenceSeconds: z.number(),
    staleAfterSeconds: z.number(),
    status: z.enum(["fresh", "stale", "down", "waiting"]),
    lastGoodAt: instant.nullable(),
    observedAt: instant.nullable(),
    entities: z.number(),
    dropped: z.number(),
    error: feedError.nullable(),
    notices: z.array(notice),
  }),
).register(named, { id: "FeedStatus" });

export const valueState = z.enum(["fresh", "stale", "none"]);
const noReason = z.enum(["stale", "source-down", "no-data", "not-applicable", "not-recorded"]);
const figure = {
  value: z.number().nullable(),
  state: valueState,
  reason: noReason.nullable(),
  observedAt: instant.nullable(),
};

const groupItem = z.strictObject({ key: z.string(), ...figure });
export type GroupItem = z.infer<typeof groupItem>;

export const indicatorItem = z
  .strictObject({
    id: z.string(),
    domain: z.enum(domains),
    department: z.string(),
    title: text,
    definition: text,
    unit: z.enum(units),
    better: z.enum(["higher", "lower", "neither"]),
    target: z.number().nullable(),
    ...figure,
    quality: z.enum(["good", "partial", "estimated"]),
    oldestAt: instant.nullable(),
    ageSeconds: z.number().nullable(),
    feeds: z.array(z.string()).readonly(),
    groups: z.array(groupItem),
  })
  .register(named, { id: "Indicator" });
export type IndicatorItem = z.infer<typeof indicatorItem>;

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

const position = z
  .array(z.number())
  .min(2)
  .meta({ description: "Longitude, latitude in degrees (RFC 7946)." });
const line = z.array(position);
export const polygon = z.strictObject({ type: z.literal("Polygon"), coordinates: z.array(line) });
export const multiPolygon = z.strictObject({
  type: z.literal("MultiPolygon"),
  coordinates: z.array(z.array(line)),
});
const geometry = z
  .union([
    z.strictObject({ type: z.literal("Point"), coordinates: position }),
    z.strictObject({ type: z.literal("MultiPoint"), coordinates: line }),
    z.strictObject({ type: z.literal("LineString"), coordinates: line }),
    z.strictObject({ type: z.literal("MultiLineString"), coordinates: z.array(line) }),
    polygon,
    multiPolygon,
  ])
  .register(named, { id: "Geometry" });

const fieldSchemas = {
  number: z.number(),
  text: z.string(),
  flag: z.boolean(),
  at: instant,
  texts: z.array(z.string()),
} satisfies Record<FieldType, z.ZodType>;

/** What is known of a thing of `kind`: the fields that `shared/kinds.ts` lists for it. */
function propertiesOf(kind: Kind): z.ZodObject {
  const fields = Object.entries<FieldType>(kindSchemas[kind].fields);
  return z
    .strictObject({
      kind: z.literal(kind),
      feedId: z.string(),
      sourceId: z.string(),
      observedAt: instant.nullable(),
      receivedAt: instant,
      quality: z.enum(["good", "estimated"]),
      ...Object.fromEntries(fields.map(([name, type]) => [name, fieldSchemas[type].nullable().optional()])),
    })
    .register(named, { id: kind });
}

function collectionOf(geometries: z.ZodType, properties: z.ZodType): z.ZodObject {
  const feature = { type: z.literal("Feature"), id: z.string(), geometry: geometries, properties };
  return z.strictObject({ type: z.literal("FeatureCollection"), features: z.array(z.strictObject(feature)) });
}

export const entityCollection = collectionOf(geometry.nullable(), z.union(kinds.map(propertiesOf))).register(
  named,
  { id: "Entities", description: "GeoJSON (RFC 7946); all of one kind." },
);

const reading = exactly<Reading>()(
  z.strictObject({
    id: z.string().meta({ description: "The indicator, or `indicator{group}`." }),
    ...figure,
    quality: z.enum(["good", "partial", "estimated"]),
    oldestAt: instant.nullable(),
  }),
).register(named, { id: "Reading" });

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

export const areaCollection = collectionOf(
  z.union([polygon, multiPolygon]),
  exactly<AreaProperties>()(z.strictObject({ id: z.string(), name: text })),
).register(named, { id: "Areas", description: "GeoJSON (RFC 7946)." });

export const note = exactly<Note>()(
  z.strictObject({
    indicator: z.string(),
    text: z.string(),
    setAt: instant,
    untilAt: instant.nullable().meta({ description: "`null`: until it is taken away." }),
  }),
).register(named, { id: "Note", description: "What an operator says about a figure." });

export const cityEvent = exactly<CityEvent>()(
  z.strictObject({
    kind: z.enum([...momentKinds, "alert", "works"]),
    at: instant,
    endsAt: instant.nullable().meta({ description: "`null`: no length, or none that is known." }),
    subject: z.string().meta({ description: "The indicator, feed or thing that it is about." }),
    department: z.string().nullable(),
    value: z.number().nullable(),
    text: text.nullable(),
  }),
).register(named, { id: "CityEvent", description: "What happened, for marks over figures." });

export const noteDraft = z.strictObject({
  text: z.string().trim().min(1).max(longestNote),
  untilAt: z.int().nullable().default(null),
});

export const signInDraft = z.strictObject({ token: z.string().trim().min(1).max(200) });
export const session = z.strictObject({ mayChange: z.boolean() });
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

const author = z.string().trim().min(1).max(longestAuthor);
/** What `Date` can say, so that it can be shown. */
const writtenInstant = z.int().min(-8.64e15).max(8.64e15);

export const annotation = exactly<Annotation>()(
  z.strictObject({
    id: z.string(),
    series: z.string().nullable().meta({ description: "`null`: about all." }),
    fromAt: instant,
    toAt: instant.meta({ description: "`fromAt` for an instant." }),
    text: z.string(),
    author: z.string(),
    madeAt: instant,
  }),
).register(named, { id: "Annotation", description: "What somebody wrote at a stretch of time." });

const annotationFields = z.strictObject({
  series: z.string().min(1).max(500).nullable().default(null),
  fromAt: writtenInstant,
  toAt: writtenInstant,
  text: z.string().trim().min(1).max(longestAnnotation),
  author,
});
type Ends = { readonly fromAt: number; readonly toAt: number };
const isInOrder = ({ fromAt, toAt }: Ends): boolean => fromAt <= toAt;
const orderFault = { path: ["toAt"], error: "expected not to lie before fromAt" };

export const annotationDraft = annotationFields.refine(isInOrder, orderFault);

export const annotationChange = annotationFields
  .extend({
    madeAt: writtenInstant.meta({ description: "As it was read: refused when it was changed since." }),
  })
  .refine(isInOrder, orderFault);

export const savedView = exactly<SavedView>()(
  z.strictObject({
    id: z.string(),
    title: z.string(),
    query: z.string().meta({ description: "The query of the explorer's address." }),
    author: z.string(),
    savedAt: instant,
  }),
).register(named, { id: "SavedView", description: "A view of the explorer under a name." });

export const savedViewDraft = z.strictObject({
  title: z.string().trim().min(1).max(longestViewTitle),
  query: z.string().startsWith("?").max(longestViewQuery),
  author,
});

export const savedViewChange = savedViewDraft.extend({
  savedAt: writtenInstant.meta({ description: "As it was read: refused when it was saved again since." }),
});

const percent = z.number().meta({ description: "0 … 100, of the measured minutes." });
const keptSpan = exactly<KeptSpan>()(
  z.strictObject({
    minutes: z.number(),
    availablePercent: percent,
    freshPercent: percent,
    onTimePercent: percent,
    completenessPercent: percent.nullable(),
    oldestSeconds: z.number().nullable(),
  }),
).register(named, { id: "KeptSpan", description: "What a feed kept, by minute." });

const grade = z.enum(grades);
export const feedQuality = exactly<FeedQuality>()(
  z.strictObject({
    id: z.string(),
    kinds: z.array(z.enum(kinds)).readonly().meta({ description: "What it can give." }),
    agreement: z
      .strictObject({
        purpose: text,
        validUntil: z.string().nullable(),
        contract: z.string().nullable(),
        terminated: z.boolean().meta({ description: "Notice was given: it ends for good." }),
        forbids: z
          .strictObject({ kinds: z.array(z.enum(kinds)).readonly(), reason: text })
          .nullable()
          .meta({ description: "Kinds that the source may not pass on; they are left out." }),
        availabilityPercent: percent.nullable(),
        freshnessPercent: percent.nullable(),
        completenessPercent: percent.nullable(),
        state: z.enum(["in-force", "expiring", "expired"]),
      })
      .nullable(),
    version: z.string().nullable(),
    newestVersion: z.string().nullable(),
    completeness: z.number().nullable(),
    today: keptSpan.nullable(),
    week: keptSpan.nullable().meta({ description: "Today and the six city days before it." }),
    graded: z.strictObject({
      grade: grade.nullable(),
      missing: z.array(z.strictObject({ grade, id: z.enum(requirements.map(({ id }) => id)) })),
    }),
  }),
).register(named, { id: "FeedQuality" });

export const qualityPeriod = exactly<QualityPeriod>()(
  z.strictObject({
    startsOn: z.iso.date().meta({ description: "The city date on which the period begins." }),
    feed: z.string().nullable().meta({ description: "`null`: all feeds of the supplier." }),
    supplier: z.string().nullable().meta({ description: "`null`: the departments themselves." }),
    days: z.int().meta({ description: "City days in which anything was measured." }),
    minutes: z.number(),
    availablePercent: percent.nullable(),
    freshPercent: percent.nullable(),
    onTimePercent: percent.nullable(),
    completenessPercent: percent.nullable(),
    lagSeconds: z.number().nullable().meta({ description: "How old its word was, on the mean." }),
    oldestSeconds: z.number().nullable(),
    errors: z.number().nullable().meta({ description: "Entries lost, on the mean over the minutes." }),
    warnings: z.number().nullable(),
    notices: z
      .array(
        z.strictObject({
          code: z.string(),
          severity: notice.shape.severity,
          minutes: z.number().meta({ description: "Minutes in which it stood." }),
          entries: z.number().meta({ description: "Entries it was said of, on the mean over them." }),
        }),
      )
      .nullable()
      .meta({ description: "By code, the gravest first; `null` where it is not known." }),
    keeps: z
      .boolean()
      .nullable()
      .meta({
        description:
          "Whether everything was kept that is promised and can be judged; `null` without a promise.",
      }),
  }),
).register(named, { id: "QualityPeriod", description: "What was kept in a day, a week or a month." });

export const feedRule = exactly<FeedRule>()(
  z.strictObject({
    spec: z.enum(specs),
    code: z.string(),
    severities: z.array(notice.shape.severity),
    meaning: text,
    basis: z.string().meta({ description: "The section of the standard that the rule rests on." }),
  }),
).register(named, { id: "FeedRule" });

export const feedBody = exactly<FeedBody>()(
  z.strictObject({
    part: z.string(),
    parts: z.array(z.string()),
    receivedAt: instant,
    url: z.string().nullable(),
    size: z.number(),
    isCut: z.boolean(),
    form: z.enum(["text", "hex"]),
    content: z.string(),
  }),
).register(named, { id: "FeedBody", description: "The last body of a part, without our secrets." });

export const inspection = exactly<Inspection>()(
  z.strictObject({
    file: z.string(),
    spec: z.enum(specs),
    version: z.string().nullable(),
    mode: z.enum(["full", "partial"]),
    entities: z.record(z.string(), z.number()),
    withPosition: z.number(),
    observedFrom: z.string().nullable(),
    observedTo: z.string().nullable(),
    headerAt: z.string().nullable(),
    notices: z.array(notice),
  }),
).register(named, { id: "Inspection", description: "What is in a body; instants as ISO 8601 UTC." });

export const editableFile = exactly<EditableFile>()(
  z.strictObject({
    file: z.string(),
    text: z.string(),
    print: z.string().meta({ description: "Names this very text; a change names the one it was made from." }),
    previous: z.string().nullable().meta({ description: "What it said before its last change here." }),
  }),
).register(named, { id: "EditableFile" });

export const fileDraft = z.strictObject({ text: z.string() });
export const fileChange = z.strictObject({
  text: z.string(),
  print: z.string().nullable().meta({ description: "Of what it was made from; `null`: a new file." }),
});
export const faults = z.strictObject({ faults: z.array(z.string()).readonly() });

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

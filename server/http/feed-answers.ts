/** Feeds as the API answers of them, and what they kept of their promises. */

import { z } from "zod";
import type { FeedBody, FeedQuality, FeedRule, KeptSpan, QualityPeriod } from "../../shared/feed-quality.ts";
import { specs, transportTypes, type FeedStatus } from "../../shared/feed.ts";
import { grades, requirements } from "../../shared/grade.ts";
import type { Inspection } from "../../shared/inspection.ts";
import { kinds } from "../../shared/kinds.ts";
import { exactly, instant, named, text } from "./named-schemas.ts";

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

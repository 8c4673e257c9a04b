/** An issued briefing and what is asked of it, as schemas that `openapi.ts` publishes. */

import { z } from "zod";
import {
  briefingComparisons,
  briefingPeriods,
  briefingStatistics,
  causeKinds,
  confidences,
  sectionKinds,
  type BriefingItem,
  type BriefingOffer,
  type Edition,
  type IssuedBriefing,
  type NewestBriefing,
} from "../../shared/briefing.ts";
import { longestAnnotation, longestAuthor } from "../../shared/annotation.ts";
import { units } from "../../shared/units.ts";
import { exactly, instant, named, text } from "./named-schemas.ts";

const place = z.int().nonnegative().meta({ description: "A place in `evidence`, from 0." });
const better = z.enum(["higher", "lower", "neither"]);
const confidence = z.enum(confidences);
const number = z.number().nullable();
const unit = z.enum(units);

const run = z.union([z.string(), z.strictObject({ figure: z.int().nonnegative(), words: z.string() })]);
const sentences = z
  .strictObject({ en: z.array(run).readonly(), zh: z.array(run).readonly() })
  .register(named, { id: "Sentences", description: "Words, and the words of figures among them." });

const figure = z
  .strictObject({
    series: z.string().nullable(),
    name: text,
    statistic: z.enum(briefingStatistics),
    value: number,
    unit,
    better,
    target: number,
    compared: z.strictObject({ value: number, evidence: place }).nullable(),
    confidence,
    was: number,
    knownPercent: number,
    evidence: place,
  })
  .register(named, { id: "BriefingFigure" });

const evidence = z
  .strictObject({
    address: z.string(),
    source: z.enum(["series", "alarms", "feeds", "events"]),
    title: text,
    definition: text.nullable(),
    revision: z.string().nullable(),
    owner: text.nullable(),
    feeds: z.array(z.strictObject({ id: z.string(), title: text })).readonly(),
  })
  .register(named, { id: "Evidence", description: "Where it can be read again, as it was known then." });

const statement = z
  .strictObject({
    id: z.string(),
    text: sentences,
    figures: z.array(figure).readonly(),
    evidence: z.array(place).readonly(),
    tone: z.enum(["good", "bad", "neutral"]),
    weight: z.number(),
    at: instant.nullable(),
    cause: z.strictObject({ kind: z.enum(causeKinds), text: sentences }).nullable(),
    action: z.strictObject({ owner: text, dueAt: instant.nullable() }).nullable(),
  })
  .register(named, { id: "BriefingStatement" });

const chartSeries = z.strictObject({
  series: z.string(),
  name: text,
  unit,
  better,
  target: number,
  points: z.array(z.strictObject({ at: instant, value: number, low: number, high: number })).readonly(),
  breaks: z.array(instant).readonly(),
  evidence: place,
});
const row = { name: text, value: number, confidence, evidence: place };
const corner = z.tuple([z.number(), z.number()]).readonly();
const question = text;
const chart = z
  .discriminatedUnion("kind", [
    z.strictObject({ question, kind: z.literal("small-multiples"), series: z.array(chartSeries).readonly() }),
    z.strictObject({ question, kind: z.literal("line"), series: chartSeries }),
    z.strictObject({
      question,
      kind: z.literal("slope"),
      unit,
      better,
      before: text,
      after: text,
      rows: z.array(z.strictObject({ ...row, before: number })).readonly(),
    }),
    z.strictObject({
      question,
      kind: z.literal("bullet"),
      rows: z
        .array(
          z.strictObject({
            ...row,
            unit,
            better,
            target: z.number(),
            compared: number,
            trend: z.array(number).readonly(),
          }),
        )
        .readonly(),
    }),
    z.strictObject({
      question,
      kind: z.literal("area-map"),
      unit,
      better,
      per: text.nullable(),
      ground: z
        .strictObject({
          water: z.array(z.array(z.array(corner).readonly()).readonly()).readonly(),
          roads: z.array(z.array(corner).readonly()).readonly(),
          attribution: z.string(),
        })
        .exactOptional(),
      areas: z
        .array(
          z.strictObject({
            ...row,
            id: z.string(),
            isSmall: z.boolean(),
            rings: z.array(z.array(corner).readonly()).readonly(),
          }),
        )
        .readonly(),
    }),
    z.strictObject({
      question,
      kind: z.literal("timeline"),
      fromAt: instant,
      toAt: instant,
      entries: z
        .array(
          z.strictObject({
            kind: z.enum(["alarm", "alert", "works", "feed"]),
            name: text,
            at: instant,
            endsAt: instant.nullable(),
            isUrgent: z.boolean(),
            evidence: place,
          }),
        )
        .readonly(),
    }),
  ])
  .register(named, { id: "BriefingChart" });

const section = z.strictObject({
  kind: z.enum(sectionKinds),
  title: text,
  statements: z.array(statement).readonly(),
  chart: chart.nullable(),
});

const stretch = { fromAt: instant, toAt: instant, words: text };
const period = z.strictObject({ ...stretch, kind: z.enum(briefingPeriods), isOver: z.boolean() });

const comment = z.strictObject({
  section: z.enum(sectionKinds).nullable(),
  text: z.string().trim().min(1).max(longestAnnotation),
});

export const edition = exactly<Edition>()(
  z.strictObject({
    briefing: z.string(),
    number: z.int().positive(),
    at: instant,
    editor: z.string(),
    comments: z.array(comment).readonly(),
    hidden: z.array(z.enum(sectionKinds)).readonly(),
    order: z.array(z.enum(sectionKinds)).readonly().nullable(),
    isSigned: z.boolean(),
  }),
).register(named, {
  id: "Edition",
  description: "What an editor did with a briefing, beside what was generated.",
});

export const editionDraft = z.strictObject({
  number: z.int().positive().meta({ description: "One more than that of the edition it was made from." }),
  editor: z.string().trim().min(1).max(longestAuthor),
  comments: z.array(comment).max(20).default([]),
  hidden: z.array(z.enum(sectionKinds)).default([]),
  order: z.array(z.enum(sectionKinds)).nullable().default(null),
  isSigned: z.boolean().default(false),
});

export const issueDraft = z.strictObject({
  definition: z.string().meta({ description: "A briefing of the city folder." }),
});

export const issuedBriefing = exactly<IssuedBriefing>()(
  z.strictObject({
    briefing: z.strictObject({
      version: z.literal(1),
      id: z.string(),
      definition: z.string(),
      title: text,
      audience: text,
      city: z.strictObject({ id: z.string(), title: text, zone: z.string() }),
      clock: z.enum(["live", "simulated", "replay", "past"]),
      period,
      comparison: z.strictObject({ ...stretch, kind: z.enum(briefingComparisons) }).nullable(),
      knownAt: instant,
      issuedAt: instant,
      dueAt: instant.nullable(),
      dataVersion: z.string(),
      corrects: z.strictObject({ id: z.string(), changes: z.array(statement).readonly() }).nullable(),
      cover: sentences,
      coverFigures: z.array(figure).readonly(),
      sections: z.array(section).readonly(),
      evidence: z.array(evidence).readonly(),
    }),
    hash: z
      .string()
      .meta({ description: "SHA-256 of the briefing's JSON and a line's end, in hexadecimal." }),
    correctedBy: z.string().nullable(),
    edition: edition.nullable(),
  }),
).register(named, { id: "IssuedBriefing" });

export const newestBriefing = exactly<NewestBriefing>()(
  issuedBriefing.extend({
    nextDueAt: instant
      .nullable()
      .meta({
        description:
          "The first time of its schedule after its issue; null without one. Where it has passed, an issue is missing.",
      }),
  }),
).register(named, { id: "NewestBriefing" });

export const briefingItem = exactly<BriefingItem>()(
  z.strictObject({
    id: z.string(),
    definition: z.string(),
    title: text,
    audience: text,
    period,
    knownAt: instant,
    issuedAt: instant,
    cover: text,
    hash: z.string(),
    corrects: z.string().nullable(),
    correctedBy: z.string().nullable(),
    isSigned: z.boolean(),
    found: text
      .exactOptional()
      .meta({ description: "Of a search: the sentence that has most of its words." }),
  }),
).register(named, { id: "BriefingItem" });

export const briefingOffer = exactly<BriefingOffer>()(
  z.strictObject({
    id: z.string(),
    title: text,
    audience: text,
    rules: z
      .array(z.string())
      .readonly()
      .meta({ description: "Of a situation report: the rules with whose alarms it begins; else none." }),
  }),
).register(named, { id: "BriefingOffer" });

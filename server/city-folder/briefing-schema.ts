/** `briefings/<id>.json`: what a briefing tells, of which stretch of time, to whom and when. */

import { z } from "zod";
import { briefingComparisons, sectionKinds } from "../../shared/briefing.ts";
import { domains } from "../../shared/city.ts";
import type { BriefingDefinition } from "../core/briefing/definition.ts";
import { stretch } from "./rule-schema.ts";
import { dottedId, fileHead, nonBlank, slug, text } from "./words.ts";

const period = z.union(
  [
    z.strictObject({ of: z.literal("shift"), hours: z.int().min(1).max(24) }),
    z.strictObject({
      of: z.enum(["day", "week", "month", "quarter"]),
      until: z.enum(["end", "now"]).default("end"),
    }),
    z.strictObject({ of: z.literal("incident"), rules: z.array(dottedId).min(1) }),
  ],
  { error: "of shift with hours; of day, week, month or quarter; or of incident with rules" },
);

const time = z.strictObject({
  at: stretch.from,
  weekdays: stretch.weekdays,
  monthDays: z.array(z.int().min(1).max(31)).min(1).nullable().default(null),
  months: z.array(z.int().min(1).max(12)).min(1).nullable().default(null),
  onHolidays: z.boolean().default(true),
});

const figure = dottedId.nullable().default(null);

const services = z.strictObject({
  opened: figure,
  closed: figure,
  open: figure,
  overdue: figure,
  oldest: figure,
  repeat: figure,
});

const fair = z.strictObject({
  indicator: dottedId,
  by: nonBlank,
  per: z.literal("inhabitants").nullable().default(null),
  of: dottedId.nullable().default(null),
});

export const briefingSchema = z.strictObject({
  ...fileHead,
  id: slug,
  title: text,
  audience: text,
  period,
  comparison: z.enum(briefingComparisons).nullable().default(null),
  sections: z
    .array(z.enum(sectionKinds))
    .min(1)
    .refine((kinds) => new Set(kinds).size === kinds.length, { error: "each section once" }),
  score: figure,
  domains: z.array(z.enum(domains)).min(1).default(["transport", "security", "community"]),
  indicators: z.array(dottedId).min(1).nullable().default(null),
  services: services.nullable().default(null),
  compare: z.array(fair).default([]),
  recipients: z.array(slug).default([]),
  schedule: z.array(time).default([]),
});

export type BriefingFile = z.output<typeof briefingSchema>;

export function toBriefing({
  $schema: _schema,
  version: _version,
  ...file
}: BriefingFile): BriefingDefinition {
  return file;
}

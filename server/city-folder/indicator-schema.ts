/** `indicators/<id>.json`. */

import { z } from "zod";
import type { Condition, IndicatorDefinition, Measure, Window } from "../../shared/city.ts";
import { domains, platformFigures } from "../../shared/city.ts";
import { kinds } from "../../shared/kinds.ts";
import { units } from "../../shared/units.ts";
import { dottedId, fileHead, nonBlank, positiveSeconds, scalar, slug, text } from "./words.ts";

const condition = z
  .union(
    [
      scalar,
      z.strictObject({ in: z.array(scalar).min(1) }),
      z.strictObject({ notIn: z.array(scalar).min(1) }),
      z.strictObject({ exists: z.boolean() }),
      z.strictObject({ from: z.number().exactOptional(), to: z.number().exactOptional() }),
      z.strictObject({ past: z.boolean() }),
    ],
    {
      error:
        'a value, { "in": [ … ] }, { "notIn": [ … ] }, { "exists": true }, { "from": 1, "to": 9 } or { "past": true }',
    },
  )
  .meta({ id: "Condition" }) satisfies z.ZodType<Condition>;

export const match = z.record(nonBlank, condition).meta({ id: "Match" });

const window = z.union(
  [
    z.strictObject({ field: nonBlank, lastSeconds: positiveSeconds }),
    z.strictObject({ field: nonBlank, since: z.literal("midnight") }),
  ],
  { error: 'field, and lastSeconds or since: "midnight"' },
) satisfies z.ZodType<Window>;

const measure = z.union(
  [
    z.strictObject({ count: z.literal(true) }),
    z.strictObject({ distinct: nonBlank }),
    z.strictObject({ sum: nonBlank }),
    z.strictObject({ mean: nonBlank }),
    z.strictObject({ min: nonBlank }),
    z.strictObject({ max: nonBlank }),
    z.strictObject({ percentile: z.strictObject({ field: nonBlank, p: z.number().min(0).max(100) }) }),
    z.strictObject({ share: match }),
    z.strictObject({ age: nonBlank }),
    z.strictObject({ rate: z.enum(["minute", "hour"]) }),
    z.strictObject({ latest: nonBlank }),
    z.strictObject({ ratio: z.strictObject({ of: dottedId, to: dottedId }) }),
    z.strictObject({ difference: z.strictObject({ of: dottedId, minus: dottedId }) }),
    z.strictObject({
      score: z
        .array(
          z.strictObject({
            indicator: dottedId,
            worst: z.number().exactOptional(),
            weight: z.number().positive().exactOptional(),
          }),
        )
        .min(1),
    }),
    z.strictObject({ scheduled: dottedId }),
    z.strictObject({ platform: z.enum(platformFigures) }),
  ],
  {
    error:
      "exactly one of count, distinct, sum, mean, min, max, percentile, share, age, rate, latest, ratio, difference, score, scheduled, platform",
  },
) satisfies z.ZodType<Measure>;

export const indicatorSchema = z.strictObject({
  ...fileHead,
  id: z
    .string()
    .regex(new RegExp(`^(${domains.join("|")})\\.[a-z0-9]+(-[a-z0-9]+)*$`), {
      error: `<domain>.<slug> with a domain of ${domains.join(", ")}, such as "transport.stations-empty"`,
    }),
  department: slug,
  title: text,
  definition: text,
  unit: z.enum(units),
  better: z.enum(["higher", "lower", "neither"]),
  target: z.number().nullable().default(null),
  reads: z.enum(kinds).nullable().default(null),
  from: z.array(dottedId).min(1).nullable().default(null),
  where: match.default({}),
  window: window.nullable().default(null),
  measure,
  by: z.array(nonBlank).default([]),
  groupTitles: z.record(z.string(), text).default({}),
  staleAfterSeconds: positiveSeconds,
  replacedBy: dottedId.nullable().default(null),
});

export type IndicatorFile = z.output<typeof indicatorSchema>;

/** The definition of a checked file; `revision` is added when all definitions are known. */
export function toDefinition(file: IndicatorFile): Omit<IndicatorDefinition, "revision"> {
  const { $schema: _schema, version: _version, ...rest } = file;
  const domain = domains.find((name) => file.id.startsWith(`${name}.`));
  if (!domain) throw new Error(`indicator ${file.id} has no domain`);
  return { ...rest, domain };
}

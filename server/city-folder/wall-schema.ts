/** `walls/<id>.json`. */

import { z } from "zod";
import { priorities } from "../../shared/alarms.ts";
import { domains } from "../../shared/city.ts";
import { kinds } from "../../shared/kinds.ts";
import { screenShapes, type Part, type Regions, type WallDefinition } from "../../shared/wall.ts";
import { dottedId, fileHead, slug, text } from "./words.ts";

const when = z.enum(["always", "abnormal"]).default("always");
const indicators = z.array(dottedId).min(1);

const partSchema = z.discriminatedUnion("show", [
  z.strictObject({ show: z.literal("score"), indicator: dottedId, when }),
  z.strictObject({ show: z.literal("off-target"), when }),
  z.strictObject({ show: z.literal("data"), when }),
  z.strictObject({
    show: z.literal("tiles"),
    domain: z.enum(domains),
    indicators,
    compact: z.boolean().default(false),
    when,
  }),
  z.strictObject({ show: z.literal("ranking"), indicator: dottedId, by: z.string().min(1), when }),
  z.strictObject({ show: z.literal("distribution"), indicator: dottedId, by: z.string().min(1), when }),
  z.strictObject({ show: z.literal("headways"), indicator: dottedId, when }),
  z.strictObject({ show: z.literal("trend"), indicators, hours: z.number().min(1).max(24).default(6), when }),
  z.strictObject({ show: z.literal("feeds"), when }),
  z.strictObject({ show: z.literal("alarms"), when }),
  z.strictObject({ show: z.literal("warnings"), when }),
  z.strictObject({ show: z.literal("moments"), when }),
  z.strictObject({ show: z.literal("briefing"), definition: slug, when }),
  z.strictObject({ show: z.literal("today"), indicators: indicators.max(4), when }),
]) satisfies z.ZodType<Part>;

const slots = z.array(z.array(partSchema).min(1));
const someRegions = z.strictObject({
  left: slots.exactOptional(),
  centre: slots.exactOptional(),
  beside: slots.exactOptional(),
  right: slots.exactOptional(),
  bottom: slots.exactOptional(),
});
const regionsSchema = z.strictObject({
  left: slots.default([]),
  centre: slots.default([]),
  beside: slots.default([]),
  right: slots.default([]),
  bottom: slots.default([]),
}) satisfies z.ZodType<Regions>;

const sceneSchema = z.strictObject({
  id: slug,
  title: text,
  seconds: z.number().min(5).max(3_600).default(45),
  map: z
    .strictObject({
      layers: z.array(z.enum(kinds)).default([]),
      shade: z.strictObject({ indicator: dottedId, level: slug }).nullable().default(null),
    })
    .nullable()
    .default(null),
  regions: regionsSchema,
  variations: z
    .strictObject({ "32:9": someRegions.exactOptional(), "9:16": someRegions.exactOptional() })
    .default({}),
});

const defaultViewing = {
  distanceMetres: 3.5,
  diagonalInches: 55,
  shape: "16:9",
  screens: { across: 1, bezelMillimetres: 0 },
} as const;

const viewingSchema = z.strictObject({
  distanceMetres: z.number().positive(),
  diagonalInches: z.number().positive(),
  shape: z.enum(screenShapes).default("16:9"),
  screens: z
    .strictObject({
      across: z.number().int().min(1).max(6),
      bezelMillimetres: z.number().min(0).max(200).default(0),
    })
    .default(defaultViewing.screens),
});

export const wallSchema = z.strictObject({
  ...fileHead,
  id: slug,
  title: text,
  viewing: viewingSchema.default(defaultViewing),
  interrupt: z
    .strictObject({ from: z.enum(priorities), seconds: z.number().min(10).max(600).default(60) })
    .nullable()
    .default(null),
  scenes: z.array(sceneSchema).min(1),
});

export function toWall(file: z.output<typeof wallSchema>): WallDefinition {
  const { $schema: _schema, version: _version, ...wall } = file;
  return wall;
}

/** `walls/<id>.json`. */

import { z } from "zod";
import type { WallDefinition } from "../../shared/city.ts";
import { domains } from "../../shared/city.ts";
import { kinds } from "../../shared/kinds.ts";
import { dottedId, fileHead, slug, text } from "./words.ts";

export const wallSchema = z.strictObject({
  ...fileHead,
  id: slug,
  title: text,
  viewing: z
    .strictObject({ distanceMetres: z.number().positive(), diagonalInches: z.number().positive() })
    .default({ distanceMetres: 4, diagonalInches: 55 }),
  map: z
    .strictObject({
      layers: z.array(z.enum(kinds)).default([]),
      shade: z.strictObject({ indicator: dottedId, level: slug }).nullable().default(null),
    })
    .default({ layers: [], shade: null }),
  columns: z.array(z.strictObject({ domain: z.enum(domains), indicators: z.array(dottedId).min(1) })).min(1),
});

export function toWall(file: z.output<typeof wallSchema>): WallDefinition {
  const { $schema: _schema, version: _version, ...wall } = file;
  return wall;
}

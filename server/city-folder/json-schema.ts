/**
 * The JSON Schema files of a city folder, made from the Zod schemas so that editors complete and check:
 * `node server/city-folder/json-schema.ts` writes them to `docs/schema`.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { briefingSchema } from "./briefing-schema.ts";
import { citySchema, departmentsSchema, holidaysSchema, suppliersSchema } from "./city-schema.ts";
import { feedSchema } from "./feed-schema.ts";
import { indicatorSchema } from "./indicator-schema.ts";
import { roleSchema } from "./role-schema.ts";
import { routeSchema } from "./route-schema.ts";
import { ruleSchema } from "./rule-schema.ts";
import { wallSchema } from "./wall-schema.ts";

export const schemaDir = join(import.meta.dirname, "../../docs/schema");

const schemas = {
  briefing: briefingSchema,
  city: citySchema,
  departments: departmentsSchema,
  suppliers: suppliersSchema,
  holidays: holidaysSchema,
  feed: feedSchema,
  indicator: indicatorSchema,
  role: roleSchema,
  route: routeSchema,
  rule: ruleSchema,
  wall: wallSchema,
};

/** File name → JSON Schema of what may be written in such a file; defaults are not required. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.json`,
      z.toJSONSchema(schema, { io: "input" }),
    ]),
  );
}

if (import.meta.main) {
  mkdirSync(schemaDir, { recursive: true });
  for (const [name, schema] of Object.entries(jsonSchemas()))
    writeFileSync(join(schemaDir, name), `${JSON.stringify(schema, null, 2)}\n`);
}

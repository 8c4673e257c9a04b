import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { jsonSchemas, schemaDir } from "./json-schema.ts";

it.each(Object.entries(jsonSchemas()))("docs/schema/%s is what the schemas say", (name, schema) => {
  const written = JSON.parse(readFileSync(join(schemaDir, name), "utf8")) as unknown;
  expect(written, "run node server/city-folder/json-schema.ts").toEqual(JSON.parse(JSON.stringify(schema)));
});

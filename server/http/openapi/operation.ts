/** What an operation of the API says of itself, and the words that many of them share. */

import { z } from "zod";
import { named, problemBody } from "../named-schemas.ts";
import type { QueryParameters } from "../parameters.ts";

export interface Operation {
  readonly summary: string;
  readonly query?: QueryParameters;
  /** The parts of the path in braces. */
  readonly path?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<number, object>>;
}

function refOf(id: string): string {
  return `#/components/schemas/${id}`;
}

/** Every schema that has a name, once all files that name some are loaded. */
export function namedSchemas(): Readonly<Record<string, object>> {
  const { schemas } = z.toJSONSchema(named, { uri: refOf });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutDialect(schema)]));
}

/** JSON Schema 2020-12, which is OpenAPI 3.1's; a schema with a name is a reference. */
export function schemaOf(schema: z.ZodType): object {
  const name = named.get(schema)?.id;
  if (name !== undefined) return { $ref: refOf(name) };
  if (schema instanceof z.ZodArray) return { type: "array", items: schemaOf(schema.element as z.ZodType) };
  return withoutDialect(z.toJSONSchema(schema, { io: "input" }));
}

/** The whole document speaks one dialect, and its references name components, not documents. */
function withoutDialect({
  $schema: _dialect,
  $id: _id,
  ...schema
}: object & { $schema?: unknown; $id?: unknown }) {
  return schema;
}

export const json = (description: string, schema: z.ZodType, type = "application/json") => ({
  description,
  content: { [type]: { schema: schemaOf(schema) } },
});
export const refused = (description: string) => json(description, problemBody, "application/problem+json");
export const geoJson = (description: string, schema: z.ZodType) =>
  json(description, schema, "application/geo+json");
export const empty = (description: string) => ({ description });
export const bytes = (description: string) => ({ description, content: { "application/vnd.pmtiles": {} } });

type Method = "get" | "post" | "put" | "delete";
/** By path and method. */
export type Operations = Readonly<Record<string, Partial<Record<Method, Operation>>>>;

export const withToken = [{ accessToken: [] }, { sessionCookie: [] }];
export const byThoseWhoMay = { security: withToken };
export const tooManyWrong = { 429: refused("Too many wrong tokens at once.") };
export const noToken = { 401: refused("Changes need the access token."), ...tooManyWrong };
export const badBody = {
  400: refused("The body cannot be used."),
  413: refused("The body is too large."),
  415: refused("The body is no JSON."),
};
export const body = (schema: z.ZodType) => ({
  required: true,
  content: { "application/json": { schema: schemaOf(schema) } },
});

export const noAnswer = refused(
  "The history is away, busy or takes too long: ask again after `retry-after` seconds.",
);

export const noRecords = { 503: refused("The records' file cannot be used.") };

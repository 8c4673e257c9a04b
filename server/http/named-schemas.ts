/**
 * What all schemas of the API are made with; `openapi.ts` publishes those that have a name.
 *
 * Where `shared/` has a type already, the compiler holds the schema to exactly that type; where not, the schema is the type.
 */

import { z } from "zod";
import type { Text } from "../../shared/city.ts";

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

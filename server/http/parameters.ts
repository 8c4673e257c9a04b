/** The parameters of a query: what is known of them is what is checked and what `openapi.json` says. */

import type { z } from "zod";

export interface QueryParameter {
  readonly description: string;
  readonly required?: true;
  /** Of its text. */
  readonly schema: z.ZodType;
}

export type QueryParameters = Readonly<Record<string, QueryParameter>>;

/** A parameter that cannot be used: which one, what it was, what was expected. */
export interface BadParameter {
  readonly parameter: string;
  readonly detail: string;
}

/** A parameter that would otherwise be passed over in silence, such as a misspelt one. */
export function findUnknown(
  query: Readonly<Record<string, string>>,
  known: QueryParameters,
): BadParameter | null {
  const parameter = Object.keys(query).find((name) => !Object.hasOwn(known, name));
  if (parameter === undefined) return null;
  return { parameter, detail: `${parameter}: expected only ${Object.keys(known).join(", ")}` };
}

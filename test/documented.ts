/** Holds the answers of a running server to its own `/api/v1/openapi.json`. */

import { z } from "zod";

type JsonSchema = z.core.JSONSchema.BaseSchema;

interface ApiResponse {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

interface ApiOperation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly responses: Readonly<Record<string, ApiResponse>>;
}

type ApiMethod = "get" | "post" | "put" | "delete";
type ApiMethods = Readonly<Partial<Record<ApiMethod, ApiOperation>>>;

export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, ApiMethods>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

export async function readDocument(url: string): Promise<ApiDocument> {
  return (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as ApiDocument;
}

/** What of an answer is not as documented; leaves its body unread. */
export async function undocumented(
  document: ApiDocument,
  method: string,
  path: string,
  answer: Response,
): Promise<readonly string[]> {
  const operation = findOperation(document, method, path);
  if (!operation) return [`${method} ${path} is not documented`];
  const response = operation.responses[answer.status] ?? operation.responses["default"];
  const type = answer.headers.get("content-type");
  if (response?.content === undefined)
    return (await answer.clone().text()) === "" ? [] : [`${answer.status} has a body`];
  // A document names a type; how its characters are encoded is the answer's own matter.
  const media = response.content[type ?? ""] ?? response.content[type?.replace(/;.*$/, "") ?? ""];
  if (!media) return [`${answer.status} ${type} is not one of ${Object.keys(response.content).join(", ")}`];
  if (media.schema === undefined) return [];
  const isJson = /\bjson$/.test(type!);
  const body: unknown = isJson ? await answer.clone().json() : await answer.clone().text();
  return faultsOf(document, media.schema, body);
}

function findOperation({ paths }: ApiDocument, method: string, path: string): ApiOperation | undefined {
  const asked = path.replace(/\?.*$/, "").split("/");
  const known = Object.keys(paths).find((template) => {
    const parts = template.split("/");
    return (
      parts.length === asked.length && parts.every((part, i) => part.startsWith("{") || part === asked[i])
    );
  });
  return known === undefined ? undefined : paths[known]![method.toLowerCase() as ApiMethod];
}

function faultsOf({ components }: ApiDocument, schema: JsonSchema, body: unknown): readonly string[] {
  const whole = JSON.stringify({ ...schema, $defs: components.schemas });
  const local = JSON.parse(whole.replaceAll("#/components/schemas/", "#/$defs/")) as JsonSchema;
  const checked = z.fromJSONSchema(local).safeParse(body);
  return checked.success
    ? []
    : checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

/** `/api/v1/areas/{level}`: the polygons of one area level as GeoJSON, encoded once per epoch. */

import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { AreaCollection } from "../../shared/areas.ts";
import { problem } from "./problem.ts";

interface EncodedLevel {
  readonly body: string;
  readonly etag: string;
}

/** Answers for the path parameter `level`; another level is a 404 problem (RFC 9457) that names the known ones. */
export function areasHandler(
  levels: ReadonlyMap<string, AreaCollection>,
): (c: Context) => Response | Promise<Response> {
  const encoded = new Map(Array.from(levels, ([level, areas]) => [level, encodeLevel(areas)] as const));
  return (c) => {
    const level = c.req.param("level") ?? "";
    const known = encoded.get(level);
    return known ? answer(c, known) : unknownLevel(c, level, Array.from(levels.keys()));
  };
}

function encodeLevel(areas: AreaCollection): EncodedLevel {
  const body = JSON.stringify(areas);
  return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"` };
}

function answer(c: Context, { body, etag }: EncodedLevel): Response {
  const headers = { etag, "cache-control": "no-cache", "content-type": "application/geo+json" };
  if (c.req.header("if-none-match") === etag) return c.body(null, 304, headers);
  return c.body(body, 200, headers);
}

function unknownLevel(c: Context, level: string, known: readonly string[]): Response {
  const levels = known.length > 0 ? known.join(", ") : "this city's levels (it has none)";
  return problem(c, 404, "level", "No such area level", `level: "${level}" is not one of ${levels}`);
}

/**
 * `/basemap.pmtiles`: the city's basemap by HTTP range requests (RFC 9110 §14), because a map reads a few kilobytes of
 * a large file at a time. `?v=<version>` names the version that the ETag gives, and then the answer never changes.
 */

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import type { Context } from "hono";
import { problem } from "./problem.ts";

/** First and last byte, inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The one range a `Range` header asks for. `null` when the whole file is to be sent (no header, another unit, several
 * ranges, or not readable: a server may ignore those, §14.2), `"unsatisfiable"` when it lies outside the file.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const [first, last] = [match[1]!, match[2]!];
  const start = first === "" ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < start) return null;
  return start < size && start <= end ? { start, end } : "unsatisfiable";
}

/** Serves the file at `path`; `null` or a missing file is a 404 problem (RFC 9457). */
export function basemapHandler(path: string | null): (c: Context) => Response | Promise<Response> {
  return async (c) => {
    const file = path === null ? null : await findFile(path);
    return file ? answer(c, file) : problem(c, 404, "basemap", "No basemap", noBasemap);
  };
}

const noBasemap = "basemap: this city has no basemap, or its file is missing";

interface BasemapFile {
  readonly path: string;
  readonly size: number;
  readonly version: string;
}

async function findFile(path: string): Promise<BasemapFile | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, size, version: `${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}` };
  } catch {
    return null;
  }
}

function answer(c: Context, { path, size, version }: BasemapFile): Response {
  const etag = `"${version}"`;
  const headers = {
    etag,
    "accept-ranges": "bytes",
    "cache-control": c.req.query("v") === version ? "public, max-age=31536000, immutable" : "no-cache",
    "content-type": "application/vnd.pmtiles",
  };
  if (c.req.header("if-none-match") === etag) return c.body(null, 304, headers);
  const ifRange = c.req.header("if-range");
  const wanted = ifRange === undefined || ifRange === etag ? c.req.header("range") : undefined;
  const range = parseRange(wanted, size);
  if (range === "unsatisfiable") return c.body(null, 416, { ...headers, "content-range": `bytes */${size}` });
  const { start, end } = range ?? { start: 0, end: size - 1 };
  // HEAD reaches this handler too; a stream that nobody reads would keep the file open.
  const body = c.req.method === "HEAD" || size === 0 ? null : streamOf(path, start, end);
  const length = { "content-length": String(end - start + 1) };
  return range === null
    ? new Response(body, { status: 200, headers: { ...headers, ...length } })
    : new Response(body, {
        status: 206,
        headers: { ...headers, ...length, "content-range": `bytes ${start}-${end}/${size}` },
      });
}

function streamOf(path: string, start: number, end: number): ReadableStream {
  return Readable.toWeb(createReadStream(path, { start, end })) as ReadableStream;
}

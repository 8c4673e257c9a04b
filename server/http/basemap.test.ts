import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { basemapHandler, parseRange } from "./basemap.ts";

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
let folder: string;
let app: Hono;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "citydeck-basemap-"));
  await writeFile(join(folder, "city.pmtiles"), bytes);
  app = new Hono()
    .get("/basemap.pmtiles", basemapHandler(join(folder, "city.pmtiles")))
    .get("/missing.pmtiles", basemapHandler(join(folder, "missing.pmtiles")))
    .get("/none.pmtiles", basemapHandler(null));
});
afterAll(() => rm(folder, { recursive: true }));

const get = async (headers: Record<string, string> = {}, path = "/basemap.pmtiles", method = "GET") =>
  app.request(path, { method, headers });
const bodyOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

describe("parseRange", () => {
  it.each([
    ["bytes=0-99", { start: 0, end: 99 }],
    ["bytes=990-2000", { start: 990, end: 999 }],
    ["bytes=900-", { start: 900, end: 999 }],
    ["bytes=-10", { start: 990, end: 999 }],
    ["bytes=-5000", { start: 0, end: 999 }],
    ["bytes=1000-", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=5-4", null],
    ["bytes=0-1,5-6", null],
    ["items=0-1", null],
    ["bytes=-", null],
    [undefined, null],
  ])("%s", (header, expected) => {
    expect(parseRange(header, 1000)).toEqual(expected);
  });

  it("never leaves the file, whatever is asked", () => {
    const part = fc.option(fc.nat(3000), { nil: "" });
    fc.assert(
      fc.property(part, part, fc.nat(2000), (first, last, size) => {
        const range = parseRange(`bytes=${first}-${last}`, size);
        if (range === null || range === "unsatisfiable") return;
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThan(size);
      }),
      { seed: 8700 },
    );
  });
});

describe("basemapHandler", () => {
  it("sends the part that was asked for", async () => {
    const response = await get({ range: "bytes=100-149" });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe("bytes 100-149/1000");
    expect(response.headers.get("content-length")).toBe("50");
    expect(await bodyOf(response)).toEqual(bytes.slice(100, 150));
  });

  it("sends the whole file without a range", async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get("accept-ranges")).toBe("bytes");
    expect(await bodyOf(response)).toEqual(bytes);
  });

  it("refuses a range outside the file and says its size", async () => {
    const response = await get({ range: "bytes=5000-6000" });
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe("bytes */1000");
  });

  it("is immutable only under its own version", async () => {
    const head = await get({}, "/basemap.pmtiles", "HEAD");
    expect(head.headers.get("content-length")).toBe("1000");
    expect(head.headers.get("cache-control")).toBe("no-cache");
    const version = head.headers.get("etag")!.replaceAll('"', "");
    const named = await get({ range: "bytes=0-9" }, `/basemap.pmtiles?v=${version}`);
    expect(named.headers.get("cache-control")).toContain("immutable");
    const other = await get({ range: "bytes=0-9" }, "/basemap.pmtiles?v=older");
    expect(other.headers.get("cache-control")).toBe("no-cache");
  });

  it("answers 304 to who has it, and the whole file to who had another version", async () => {
    const etag = (await get({}, "/basemap.pmtiles", "HEAD")).headers.get("etag")!;
    expect((await get({ "if-none-match": etag })).status).toBe(304);
    expect((await get({ range: "bytes=0-9", "if-range": etag })).status).toBe(206);
    expect((await get({ range: "bytes=0-9", "if-range": '"older"' })).status).toBe(200);
  });

  it.each(["/missing.pmtiles", "/none.pmtiles"])("says that there is no basemap: %s", async (path) => {
    const response = await get({}, path);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      type: "urn:citydeck:problem:basemap",
      status: 404,
      title: "No basemap",
    });
  });
});

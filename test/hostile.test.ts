/** Every parameter of every question of a running city, asked as somebody would who wants it to fail. */

import { rm, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningCitydeck } from "../server/main.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { readDocument, type ApiDocument } from "./documented.ts";
import { startCity } from "./running-city.ts";

const texts = [
  "",
  " ",
  "-1",
  "1e9",
  "NaN",
  "__proto__",
  "'; DROP TABLE minutes; --",
  "\u0000",
  "\ud83d\ude00",
  "%",
  "a".repeat(5_000),
  "2026-02-30",
  // Without an offset, this hour is two in the city's zone, and the other is none.
  "2026-11-01T01:30:00",
  "2026-03-08T02:30:00",
  "8640000000000001",
  ",,,",
  "{",
  "../../etc/passwd",
  "٣",
];

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly detail: string;
}

let dir: string;
let city: RunningCitydeck;
let document: ApiDocument;

beforeAll(async () => {
  dir = await temporaryDir("hostile");
  await writeJsonFiles(join(dir, "city"), { ...walkCity, ...bikeFiles(7, Date.now()) });
  // What lies in the data folder is half of something else.
  const today = Math.floor(Date.now() / 86_400_000);
  const halves = {
    "records.sqlite": "SQLite format 3\0 and no more",
    "moments.jsonl": '{"at":1,"kind":',
    "notes.json": "[{",
    "history/lost.json": '[{"fromAt":1},null,7]',
    "history/history.duckdb": "not a database",
    "kept/2026-11-27.json": "{",
    "city-folder": "",
    "history/backfill.json": "null",
    [`recent/${today}.ndjson`]: '{\nnull\n7\n{"minute":1}\n',
  };
  for (const [path, text] of Object.entries(halves)) {
    await mkdir(join(dir, "data", path, ".."), { recursive: true });
    await writeFile(join(dir, "data", path), text);
  }
  city = await startCity({ cityDir: join(dir, "city"), dataDir: join(dir, "data") });
  document = await readDocument(city.url);
}, 60_000);

afterAll(async () => {
  await city?.stop();
  await rm(dir, { recursive: true, force: true });
});

const needed = (): Readonly<Record<string, string>> => ({
  indicator: "transport.stations",
  kind: "StationStatus",
  t: String(Date.now() - 1_000),
  thing: "bikes/Sensor/a",
});

/** What is wrong with the answer to a hostile question, in a line; `null` for nothing. */
async function wrongWith(path: string, query: string, parameter: string): Promise<string | null> {
  const answer = await fetch(`${city.url}${path}?${query}`);
  const text = await answer.text();
  const about = `${answer.status} ${path}?${query.slice(0, 100)}`;
  if (answer.status < 400) return null;
  // 503: the history or what people wrote is not there.
  if (answer.status >= 500 && answer.status !== 503) return `${about}: ${text.slice(0, 200)}`;
  if (answer.headers.get("content-type") !== "application/problem+json") return `${about}: is no problem`;
  const { type, detail } = JSON.parse(text) as Problem;
  if (!detail.isWellFormed() || detail.length > 700) return `${about}: ${detail.length} letters of detail`;
  const names = [
    `urn:citydeck:problem:parameter:${parameter}`,
    "urn:citydeck:problem:history:",
    "urn:citydeck:problem:records",
  ];
  return answer.status !== 400 || names.some((name) => type.startsWith(name)) ? null : `${about}: ${type}`;
}

function questions(): {
  readonly path: string;
  readonly required: URLSearchParams;
  readonly names: string[];
}[] {
  return Object.entries(document.paths).flatMap(([path, { get }]) => {
    if (!get || path.includes("{") || !path.startsWith("/api/v1/")) return [];
    const parameters = get.parameters.filter((one) => one.in === "query");
    const required = parameters.filter((one) => one.required === true);
    const values = required.map(({ name }): [string, string] => [name, needed()[name]!]);
    return [{ path, required: new URLSearchParams(values), names: parameters.map(({ name }) => name) }];
  });
}

describe("hostile questions", () => {
  it("are answered, or refused with a problem that names the parameter", { timeout: 120_000 }, async () => {
    const wrong: string[] = [];
    let asked = 0;
    for (const { path, required, names } of questions()) {
      for (const name of names) {
        const queries = texts.map((text) => {
          const query = new URLSearchParams(required);
          query.set(name, text);
          return query.toString();
        });
        queries.push(`${required.toString()}&${name}=%ff%fe`);
        const found = await Promise.all(queries.map((query) => wrongWith(path, query, name)));
        wrong.push(...found.filter((one) => one !== null));
        asked += queries.length;
      }
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(500);
  });

  it("that say a parameter twice are refused: nobody knows which is meant", async () => {
    for (const { path, required, names } of questions()) {
      for (const name of names) {
        const answer = await fetch(`${city.url}${path}?${required.toString()}&${name}=1&${name}=2`);
        expect([path, answer.status, ((await answer.json()) as Problem).type]).toEqual([
          path,
          400,
          `urn:citydeck:problem:parameter:${name}`,
        ]);
      }
    }
  });

  it("leave a city that answers", async () => {
    const answer = await fetch(`${city.url}/api/v1/indicators`);
    expect(answer.status).toBe(200);
    expect((await fetch(`${city.url}/api/v1/lost`)).status).toBe(200);
  });
});

/** Every figure of a briefing, in its text, its charts and its PDF, read back from `/api/v1/series`. */

import { execFileSync, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Briefing, BriefingChart, BriefingFigure, Evidence } from "../../shared/briefing.ts";
import { languages } from "../../shared/city.ts";
import type { SeriesItem } from "../../shared/series.ts";
import type { Unit } from "../../shared/units.ts";
import { serveSeries } from "../http/series.ts";
import { htmlFile } from "./briefing-file.ts";
import type { BriefingDesk } from "./desk.ts";
import { readerOf, value, type Reader } from "./page/markup.ts";
import { findBrowser } from "./print/find-browser.ts";
import { Printer } from "./print/printer.ts";
import {
  at as now,
  dayMs,
  districts,
  hourMs,
  indicators,
  openRecordedDays,
  series,
  zone,
  type RecordedDays,
} from "../../test/recorded-days.ts";

let days: RecordedDays;
let desk: BriefingDesk;

beforeAll(async () => {
  days = await openRecordedDays();
  desk = days.deskIn(join(days.dir, "briefings"));
}, 60_000);
afterAll(() => days.close());

async function issued(definition: string): Promise<Briefing> {
  const answer = await desk.issue({ definition, at: now });
  if (!answer.ok) throw new Error(answer.failure.detail);
  return answer.value.briefing;
}

/** The points with a fresh second that the address of a figure's evidence answers. */
async function readPoints({ address }: Evidence): Promise<SeriesItem["points"]> {
  const app = new Hono();
  serveSeries(app, {
    past: days.history as never,
    context: () => ({ indicators, seriesIds: series, zone, now: now + hourMs }),
  });
  const answer = await app.request(address);
  expect(answer.status).toBe(200);
  const [item] = (await answer.json()) as [SeriesItem];
  return item.points.filter(({ min }) => min !== null);
}

/** What the address of a figure's evidence answers, and the statistic of it: written anew here, as a second witness. */
async function readBack(evidence: Evidence, statistic: BriefingFigure["statistic"]): Promise<number | null> {
  const known = await readPoints(evidence);
  if (known.length === 0) return null;
  switch (statistic) {
    case "mean":
      return known.reduce((sum, { value }) => sum + value!, 0) / known.length;
    case "highest":
      return Math.max(...known.map(({ max }) => max!));
    case "lowest":
      return Math.min(...known.map(({ min }) => min!));
    case "last":
      return known.at(-1)!.value;
    case "total":
      return known.reduce((sum, { max }) => sum + max!, 0);
    case "count":
      throw new Error("what is counted is in no series");
  }
}

test.each(["morning", "so-far", "week"])(
  "every figure of %s is that of the API as of its moment",
  async (definition) => {
    const { sections, coverFigures, evidence } = await issued(definition);
    const figures = [
      ...coverFigures,
      ...sections.flatMap(({ statements }) => statements.flatMap((one) => one.figures)),
    ];
    const told = figures.filter((figure) => figure.series !== null);
    expect(told.length).toBeGreaterThan(1);
    for (const figure of told) {
      expect(await readBack(evidence[figure.evidence]!, figure.statistic)).toBe(figure.value);
      if (figure.compared)
        expect(await readBack(evidence[figure.compared.evidence]!, figure.statistic)).toBe(
          figure.compared.value,
        );
    }
    for (const { chart } of sections) {
      const lines =
        chart?.kind === "small-multiples" ? chart.series : chart?.kind === "line" ? [chart.series] : [];
      for (const { points, evidence: place } of lines) {
        const known = points.flatMap(({ value }) => value ?? []);
        const mean = known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
        expect(await readBack(evidence[place]!, "mean")).toBe(mean);
      }
    }
  },
);

/** What a chart has to say in numbers, by the API: as many as it shows. */
async function numbersBy(
  chart: BriefingChart,
  evidence: readonly Evidence[],
  reader: Reader,
): Promise<string[]> {
  const write = (known: number | null, unit: Unit, reference?: number | null): string =>
    value(known, unit, reader, reference);
  switch (chart.kind) {
    case "small-multiples":
      return Promise.all(
        chart.series.map(async ({ evidence: place, unit, target, better }) => {
          const known = (await readPoints(evidence[place]!)).map((point) => point.value!);
          return write(better === "higher" ? Math.min(...known) : Math.max(...known), unit, target);
        }),
      );
    case "bullet": {
      const rows = chart.rows.map(async ({ evidence: place, unit, target, compared, name }) => {
        const { definition } = indicators.find(({ title }) => title.en === name.en)!;
        expect(evidence[place]!.definition).toEqual(definition);
        const told = await readBack(evidence[place]!, "mean");
        // The week before is the same address, a week earlier.
        const earlier = evidence[place]!.address.replaceAll(/(?<=from=|to=)\d+/g, (at) =>
          String(Number(at) - 7 * dayMs),
        );
        const before = await readBack({ ...evidence[place]!, address: earlier }, "mean");
        expect(compared).toBe(before);
        return [
          write(told, unit, target),
          write(target, unit),
          ...(before === null ? [] : [write(before, unit, target)]),
        ];
      });
      return (await Promise.all(rows)).flat();
    }
    case "area-map": {
      const areas = chart.areas.map(async ({ id, evidence: place, isSmall }) => {
        const { population } = districts.find((one) => one.id === id)!;
        const told = await readBack(evidence[place]!, "total");
        const words = write((10_000 * told!) / population, chart.unit);
        return isSmall ? `(${words})` : words;
      });
      return Promise.all(areas);
    }
    case "line":
    case "slope":
    case "timeline":
      throw new Error(`no ${chart.kind} is in this briefing`);
  }
}

const canReadPaper =
  findBrowser() !== null && spawnSync("pdftotext", ["-v"], { stdio: "ignore" }).error === undefined;

test.skipIf(!canReadPaper).each(languages)(
  "every number that a chart of its PDF shows is that of the API as of its moment (%s)",
  async (language) => {
    const briefing = await issued("morning");
    const file = await htmlFile(
      (await desk.find(briefing.id))!,
      { language, theme: "light", base: "", isGenerated: true },
      true,
    );
    const printed = await new Printer().print(() => Promise.resolve(file));
    if (!printed.ok) throw new Error(printed.failure);
    const paper = join(days.dir, `charts-${language}.pdf`);
    await writeFile(paper, printed.value);
    const bare = (text: string): string => text.normalize("NFKC").replaceAll(/\s/g, "");
    const text = bare(execFileSync("pdftotext", ["-raw", paper, "-"], { encoding: "utf8" }));
    const reader = readerOf(briefing, language, "");
    const charts = briefing.sections.flatMap(({ chart }) => chart ?? []);
    expect(charts.map(({ kind }) => kind)).toEqual([
      "small-multiples",
      "bullet",
      "small-multiples",
      "area-map",
    ]);
    const drawn = file.match(/<figure class="chart[^]*?<\/figure>/g)!;
    for (const [i, chart] of charts.entries()) {
      const numbers = (await numbersBy(chart, briefing.evidence, reader)).map(bare);
      for (const number of numbers) expect(text).toContain(number);
      // Nothing else that it shows has a figure in it but times and, of a map, what its colours and values are held to.
      const shown = drawn[i]!.replaceAll(
        /<(title|desc|figcaption|details|style)\b[^]*?<\/\1>|<p class="(ends|key)">[^]*?<\/p>/g,
        "",
      )
        .split(/<[^>]+>/)
        .flatMap((piece) => bare(piece.replaceAll(/\d\d:\d\d/g, "")).match(/\(?−?\d[\d.,]*\)?/g) ?? []);
      const scale = chart.kind === "area-map" ? ["0", "5", "10", "15", "20", "10,000"] : [];
      const known = [...scale, ...numbers].flatMap((number) => number.match(/\(?−?\d[\d.,]*\)?/g) ?? []);
      expect(shown.filter((number) => !known.includes(number))).toEqual([]);
      expect(shown.length).toBeGreaterThan(0);
    }
  },
  60_000,
);

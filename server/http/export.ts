/** `/api/v1/export`: series as a file, written as it is read. */

import type { Hono } from "hono";
import { z } from "zod";
import { bucketEdges } from "./buckets.ts";
import { csvOf } from "./export-csv.ts";
import {
  aboutLines,
  exportBlocks,
  rowCount,
  type AboutExport,
  type AboutLine,
  type ExportBlock,
} from "./export-table.ts";
import { mostXlsxRows, xlsxOf } from "./export-xlsx.ts";
import { shown } from "./instants.ts";
import type { QueryParameters } from "./parameters.ts";
import { badParameter } from "./problem.ts";
import { readSeriesQuery, seriesContext, seriesParameters, type SeriesSource } from "./series.ts";

type Writer = (about: readonly AboutLine[], blocks: AsyncIterable<ExportBlock>) => AsyncGenerator<Uint8Array>;

export const exportTypes = {
  csv: "text/csv; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;
type Format = keyof typeof exportTypes;

/** Parquet's is loaded when somebody asks for it. */
const writers: Readonly<Record<Format, () => Promise<Writer>>> = {
  csv: () => Promise.resolve(csvOf),
  parquet: async () => (await import("./export-parquet.ts")).parquetOf,
  xlsx: () => Promise.resolve(xlsxOf),
};

const { compare: _compared, ...asked } = seriesParameters;
export const exportParameters = {
  ...asked,
  format: { description: "Of the file.", schema: z.enum(["csv", "parquet", "xlsx"]).default("csv") },
} as const satisfies QueryParameters;

const mostExported = 2_000_000;

export interface ExportSource extends SeriesSource {
  readonly about: () => Pick<AboutExport, "city" | "feeds" | "departments">;
}

export function serveExport(app: Hono, source: ExportSource): void {
  app.get("/api/v1/export", async (c) => {
    const { format = "csv", ...query } = c.req.query();
    if (!isFormat(format)) {
      const detail = `format: "${shown(format)}" is not one of ${Object.keys(writers).join(", ")}`;
      return badParameter(c, { parameter: "format", detail });
    }
    const left = new AbortController();
    const signal = AbortSignal.any([c.req.raw.signal, left.signal]);
    const context = seriesContext(source, mostExported, signal);
    const read = await readSeriesQuery(query, context, exportParameters);
    if (!read.ok) return badParameter(c, read.failure);
    const { ids, bucket, fromAt, toAt } = read.value;
    const rows = rowCount(ids, bucketEdges(bucket, fromAt, toAt, context.zone));
    if (format === "xlsx" && rows >= mostXlsxRows) {
      const detail = `format: a sheet has at most ${mostXlsxRows} rows, this would be ${rows}; csv and parquet have no limit`;
      return badParameter(c, { parameter: "format", detail });
    }
    const about = aboutLines(read.value, {
      ...source.about(),
      query: new URL(c.req.url).search,
      madeAt: context.now,
    });
    const blocks = exportBlocks(source.past, read.value, context, signal);
    // What has no answer is told before anything is sent.
    const first = await blocks.next();
    const write = await writers[format]();
    const bytes = write(about, following(first, blocks));
    return c.body(streamOf(bytes, left), 200, {
      "content-type": exportTypes[format],
      "content-disposition": `attachment; filename="citydeck-${dateOf(fromAt)}-${dateOf(toAt)}.${format}"`,
      "cache-control": "no-store",
    });
  });
}

function isFormat(word: string): word is Format {
  return Object.hasOwn(writers, word);
}

async function* following<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

/** Bytes are made when there is room for them; a reader that goes away ends the questions behind them. */
function streamOf(bytes: AsyncGenerator<Uint8Array>, left: AbortController): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await bytes.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel(reason) {
        left.abort(reason);
        await bytes.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

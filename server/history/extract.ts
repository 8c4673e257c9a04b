/**
 * Extracts of figures that others have of the past: CSV (RFC 4180) with the columns `series,at,seconds,value`, sorted by
 * `at`. `series` is a series id, `at` the start of a bucket as ISO 8601 in UTC, `seconds` its length, 60 or 3600, `value`
 * the mean over it, empty where nothing was known.
 */

import { open } from "node:fs/promises";
import { parseSeriesId } from "../../shared/city.ts";
import { NoExtract, stateCodes, type ExtractPart, type ExtractTaken, type MinuteColumns } from "./history.ts";

const header = "series,at,seconds,value";
/** Of one part: some ten thousand lines. */
const mostBytes = 4 * 2 ** 20;
const freshCode = stateCodes.indexOf("fresh");
const noDataCode = stateCodes.indexOf("no-data");

/** As `MinuteColumns`, of hours: `at` is the start of the hour. */
export interface HourColumns {
  readonly series: readonly string[];
  readonly seriesOf: Uint32Array;
  readonly at: Float64Array;
  readonly knownAt: Float64Array;
  /** NaN where nothing is known. */
  readonly mean: Float64Array;
  readonly freshSeconds: Uint32Array;
  readonly code: Uint8Array;
}

/** Whole lines of the file from a byte on, and where the next ones begin. */
export async function readLines(
  path: string,
  fromByte: number,
  isWhole: boolean,
): Promise<{ readonly bytes: Buffer; readonly toByte: number }> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, fromByte);
    const isLast = isWhole && bytesRead < mostBytes;
    const length = isLast ? bytesRead : buffer.lastIndexOf("\n", bytesRead - 1) + 1;
    if (length === 0 && bytesRead === mostBytes)
      throw new NoExtract(`no line ends within ${mostBytes} bytes`);
    return { bytes: buffer.subarray(0, length), toByte: fromByte + length };
  } finally {
    await file.close();
  }
}

interface Parsed extends Pick<ExtractTaken, "toAt" | "refused"> {
  readonly minutes: MinuteColumns;
  readonly hours: HourColumns;
}

/** The rows of whole lines. A line that cannot be taken is counted and the others are. Throws `NoExtract`. */
export function parseExtract(bytes: Buffer, { fromByte, knownAt, revisions }: ExtractPart): Parsed {
  const text = bytes.toString("utf8");
  const lines = lineCount(bytes);
  const minutes = new ExtractRows(60, lines, knownAt, revisions);
  const hours = new ExtractRows(3600, lines, knownAt, revisions);
  let toAt: number | null = null;
  let refused: { count: number; reason: string } | null = null;
  let start = 0;
  if (fromByte === 0 && text !== "") start = afterHeader(text);
  const fields = new LineFields();
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    if (end > start) {
      const reason = fields.read(text, start, end) ?? (fields.seconds === 60 ? minutes : hours).add(fields);
      if (reason === null) toAt = Math.max(toAt ?? 0, fields.at + fields.seconds * 1000);
      else if (refused) refused.count++;
      else refused = { count: 1, reason: `${reason}: ${text.slice(start, Math.min(end, start + 120))}` };
    }
    start = end + 1;
  }
  return { minutes: minutes.minuteColumns(), hours: hours.columns(), toAt, refused };
}

/** As many as there may be. */
function lineCount(bytes: Buffer): number {
  let count = 1;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function afterHeader(text: string): number {
  const end = text.indexOf("\n");
  const first = text
    .slice(0, end < 0 ? text.length : end)
    .replace(/^\uFEFF/, "")
    .trimEnd();
  if (first !== header)
    throw new NoExtract(`its first line is ${JSON.stringify(first.slice(0, 100))}, expected "${header}"`);
  return end < 0 ? text.length : end + 1;
}

/** A line taken apart. Of lines that follow each other, most have the same `at`. */
class LineFields {
  series = "";
  at = Number.NaN;
  seconds = 0;
  /** NaN where it is empty. */
  value = Number.NaN;
  #atText = "";

  /** What is wrong with the line, `null` for nothing. */
  read(text: string, start: number, end: number): string | null {
    const last = text.lastIndexOf(",", end - 1);
    const second = text.lastIndexOf(",", last - 1);
    const first = text.lastIndexOf(",", second - 1);
    if (first < start) return "expected four fields";
    this.series = unquoted(text.slice(start, first));
    const atText = text.slice(first + 1, second);
    if (atText !== this.#atText) {
      this.#atText = atText;
      this.at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.0+)?)?Z$/.test(atText)
        ? Date.parse(atText)
        : Number.NaN;
    }
    this.seconds = Number(text.slice(second + 1, last));
    if (this.seconds !== 60 && this.seconds !== 3600) return "seconds: expected 60 or 3600";
    if (!(this.at % (this.seconds * 1000) === 0))
      return "at: expected a whole bucket's start as ISO 8601 in UTC";
    const valueText = text.slice(last + 1, end).trimEnd();
    this.value = valueText === "" ? Number.NaN : Number(valueText);
    return valueText === "" || Number.isFinite(this.value) ? null : "value: expected a number";
  }
}

function unquoted(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
}

/** Rows of buckets of one length. */
class ExtractRows {
  readonly #seconds: number;
  readonly #knownAt: number;
  readonly #revisions: ExtractPart["revisions"];
  /** By series: its place, -1 when no indicator of the city has it. */
  readonly #places = new Map<string, number>();
  readonly #series: string[] = [];
  readonly #most: number;
  /** Made for the first row, with room for all. */
  #seriesOf = new Uint32Array();
  #at = new Float64Array();
  #mean = new Float64Array();
  #length = 0;

  constructor(seconds: number, most: number, knownAt: number, revisions: ExtractPart["revisions"]) {
    this.#seconds = seconds;
    this.#most = most;
    this.#knownAt = knownAt;
    this.#revisions = revisions;
  }

  /** Why it is refused, `null` when it is not. */
  add({ series, at, value }: LineFields): string | null {
    let place = this.#places.get(series);
    if (place === undefined) {
      const isKnown = Object.hasOwn(this.#revisions, parseSeriesId(series).indicator);
      place = isKnown ? this.#series.push(series) - 1 : -1;
      this.#places.set(series, place);
    }
    if (place < 0) return "series: the city has no such indicator";
    if (this.#length === 0) {
      this.#seriesOf = new Uint32Array(this.#most);
      this.#at = new Float64Array(this.#most);
      this.#mean = new Float64Array(this.#most);
    }
    this.#seriesOf[this.#length] = place;
    this.#at[this.#length] = at;
    this.#mean[this.#length++] = value;
    return null;
  }

  columns(): HourColumns {
    const length = this.#length;
    const mean = this.#mean.subarray(0, length);
    const freshSeconds = new Uint32Array(length).fill(this.#seconds);
    const code = new Uint8Array(length).fill(freshCode);
    for (let row = 0; row < length; row++) {
      if (!Number.isNaN(mean[row]!)) continue;
      freshSeconds[row] = 0;
      code[row] = noDataCode;
    }
    return {
      series: this.#series,
      seriesOf: this.#seriesOf.subarray(0, length),
      at: this.#at.subarray(0, length),
      knownAt: new Float64Array(length).fill(this.#knownAt),
      mean,
      freshSeconds,
      code,
    };
  }

  minuteColumns(): MinuteColumns {
    const { series, mean, freshSeconds, ...columns } = this.columns();
    const revisions = [...new Set(series.map((id) => this.#revisionOf(id)))];
    const revisionOfSeries = series.map((id) => revisions.indexOf(this.#revisionOf(id)));
    return {
      ...columns,
      series,
      count: new Uint16Array(mean.length).fill(1),
      mean,
      min: mean,
      max: mean,
      freshSeconds: Uint8Array.from(freshSeconds),
      revisions,
      revisionOf: columns.seriesOf.map((place) => revisionOfSeries[place]!),
    };
  }

  #revisionOf(series: string): string {
    return this.#revisions[parseSeriesId(series).indicator]!;
  }
}

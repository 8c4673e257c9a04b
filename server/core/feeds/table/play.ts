/** A recorded table taken apart in time: at each instant the file as it would have been published then. */

import { Notices } from "../../../../shared/notice.ts";
import { fail, ok, type Result } from "../../../../shared/result.ts";
import type { ConnectorFeed, Failure, Part, Playback, PlaybackStep } from "../connector.ts";
import { Changes } from "../changes.ts";
import { Cells } from "./cells.ts";
import { columnNames, instantColumns } from "./columns.ts";
import { faultsText, tableFaults } from "./faults.ts";
import { publishedAtOf } from "./file-name.ts";
import type { InstantRule, TableOptions } from "./options.ts";
import { RowNotices } from "./row-notices.ts";
import { readSheet, recordColumns, recordsOf, writeSheet, type CellRecord, type Sheet } from "./sheet.ts";
import { sourceIdOf } from "./things.ts";

/**
 * A row is there from the first of its `observedAt` instants on; of its later instants each is blank until it
 * comes, and so are the cells that are `knownWith` it. A table without such instants is there from its publication on.
 */
export function playTable(part: Part, feed: ConnectorFeed<TableOptions>): Result<Playback, Failure> {
  const { options } = feed;
  const faults = tableFaults(options);
  if (faults.length > 0) return fail({ class: "unreadable", message: `options: ${faultsText(faults)}` });
  const notices = new Notices();
  const sheet = readSheet(part, options, columnNames(options), notices);
  if (!sheet.ok) return sheet;
  const rules = instantRules(options);
  if (rules.length === 0) return ok(wholePlayback(part, sheet.value, feed));
  const recorded = recordedOf(sheet.value);
  const cells = new Cells(recordColumns(recorded.header), options, feed.zone);
  const report = new RowNotices(notices, feed.spec, part.name);
  return ok(new RowPlayback(recorded, cells, options, rules, report));
}

/** A sheet whose cells can be blanked. */
type Recorded = Pick<Sheet, "form" | "header"> & { readonly rows: readonly CellRecord[] };

function recordedOf(sheet: Sheet): Recorded {
  const { form, header } = sheet;
  return { form, header, rows: recordsOf(sheet, header) };
}

/** The rules for instants at which rows become known; one for each set of columns. */
function instantRules(options: TableOptions): readonly InstantRule[] {
  const named = options.entities.flatMap(({ observedAt }) =>
    observedAt === undefined || observedAt === "published" ? [] : observedAt,
  );
  const known = new Set(named.flatMap(instantColumns));
  const more = Object.values(options.knownWith ?? {}).filter((column) => !known.has(column));
  const byColumns = new Map(
    [...named, ...more].map((rule) => [instantColumns(rule).join("\0"), rule] as const),
  );
  return [...byColumns.values()];
}

/** A publication that appears at once, such as a forecast. Before it the table is empty. */
function wholePlayback(part: Part, sheet: Sheet, feed: ConnectorFeed<TableOptions>): Playback {
  const publishedAt = publishedAtOf(sheet.fileNames, feed.options, feed.zone);
  const step = (at: number): PlaybackStep => {
    const isThere = publishedAt === null || publishedAt <= at;
    return { at, mode: "full", bytes: isThere ? part.bytes : writeSheet(sheet, [], feed.options) };
  };
  return {
    span: publishedAt === null ? null : { fromAt: publishedAt, toAt: publishedAt },
    stepAt: step,
    stepsBetween: (afterAt, untilAt) =>
      publishedAt !== null && afterAt < publishedAt && publishedAt <= untilAt ? [step(publishedAt)] : [],
  };
}

/** Cells that stay blank until the instant of one rule has come. */
interface Curtain {
  readonly instant: number;
  readonly columns: readonly number[];
}

class RowPlayback implements Playback {
  readonly span: Playback["span"];
  readonly #sheet: Recorded;
  readonly #options: TableOptions;
  readonly #curtains: readonly Curtain[];
  /** Row by row, `#curtains.length` instants each; NaN where the row has none. */
  readonly #instants: Float64Array;
  /** When each row becomes known; −∞ for a row without instants. */
  readonly #firstAt: Float64Array;
  readonly #changes: Changes;
  /** The rows that make things together with a row. */
  readonly #companions: readonly (readonly number[])[];

  constructor(
    sheet: Recorded,
    cells: Cells,
    options: TableOptions,
    rules: readonly InstantRule[],
    report: RowNotices,
  ) {
    this.#sheet = sheet;
    this.#options = options;
    this.#curtains = curtainsOf(rules, sheet, options);
    this.#instants = instantsOf(rules, sheet, cells, report);
    this.#firstAt = firstOf(this.#instants, rules.length, sheet.rows.length);
    this.#companions = companionsOf(sheet, cells, options);
    this.#changes = new Changes(changesOf(this.#instants, rules.length));
    this.span = this.#changes.span;
  }

  stepAt(at: number, sinceAt = Number.NEGATIVE_INFINITY): PlaybackStep {
    const lastAt = this.#sheet.rows.map((_, i) => this.#lastAt(i, at));
    const rows = [...lastAt.keys()].filter((i) =>
      this.#companions[i]!.some((row) => lastAt[row]! >= sinceAt),
    );
    return { at, mode: "full", bytes: this.#bytesAt(rows, at) };
  }

  *stepsBetween(afterAt: number, untilAt: number): Generator<PlaybackStep> {
    for (const { at, rows } of this.#changes.between(afterAt, untilAt)) {
      const together = new Set([...rows].flatMap((row) => this.#companions[row]!));
      yield { at, mode: "partial", bytes: this.#bytesAt(together, at) };
    }
  }

  /** When the row had its last word by `at`; a row without instants has it always. */
  #lastAt(i: number, at: number): number {
    if (this.#firstAt[i] === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    const perRow = this.#curtains.length;
    const known = this.#instants.subarray(i * perRow, (i + 1) * perRow).filter((instant) => instant <= at);
    return Math.max(...known);
  }

  #bytesAt(rows: Iterable<number>, at: number): Uint8Array {
    const known: CellRecord[] = [];
    for (const i of rows) if (this.#firstAt[i]! <= at) known.push(this.#rowAt(i, at));
    return writeSheet(this.#sheet, known, this.#options);
  }

  #rowAt(i: number, at: number): CellRecord {
    let row = this.#sheet.rows[i]!;
    this.#curtains.forEach(({ columns, instant }) => {
      if (!(this.#instants[i * this.#curtains.length + instant]! > at)) return;
      row = row.map((cell, column) => (columns.includes(column) ? "" : cell));
    });
    return row;
  }
}

function curtainsOf(
  rules: readonly InstantRule[],
  sheet: Recorded,
  { knownWith }: TableOptions,
): readonly Curtain[] {
  return rules.map((rule, instant) => {
    // A date column that two times share stays: the earlier time needs it.
    const shared = new Set(rules.filter((other) => other !== rule).flatMap(instantColumns));
    const own = instantColumns(rule).filter((column) => !shared.has(column));
    const others = Object.entries(knownWith ?? {}).flatMap(([column, by]) =>
      own.includes(by) ? [column] : [],
    );
    return { instant, columns: [...own, ...others].map((column) => sheet.header.indexOf(column)) };
  });
}

function instantsOf(
  rules: readonly InstantRule[],
  sheet: Recorded,
  cells: Cells,
  report: RowNotices,
): Float64Array {
  const reads = rules.map((rule) => cells.instant(rule));
  const instants = new Float64Array(sheet.rows.length * rules.length);
  let next = 0;
  sheet.rows.forEach((row, i) => {
    for (const read of reads) instants[next++] = read(row, i, report) ?? Number.NaN;
  });
  return instants;
}

function* changesOf(instants: Float64Array, perRow: number): Generator<{ at: number; row: number }> {
  for (const [i, at] of instants.entries()) if (!Number.isNaN(at)) yield { at, row: Math.floor(i / perRow) };
}

function firstOf(instants: Float64Array, perRow: number, rows: number): Float64Array {
  const first = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = instants.subarray(row * perRow, (row + 1) * perRow).filter((at) => !Number.isNaN(at));
    first[row] = own.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...own);
  }
  return first;
}

/** Rows of one call change it together: its step holds them all, or the call would lose its other units. */
function companionsOf(sheet: Recorded, cells: Cells, options: TableOptions): readonly (readonly number[])[] {
  const rules = options.entities.filter((rule) => rule.from === "rows");
  const groupings = rules.map((rule) => {
    const sourceId = sourceIdOf(rule, cells);
    const groups = new Map<string, number[]>();
    const own = sheet.rows.map((row, i) => {
      const id = sourceId(row);
      const group = (id === null ? undefined : groups.get(id)) ?? [];
      group.push(i);
      if (id !== null) groups.set(id, group);
      return group;
    });
    return own;
  });
  return sheet.rows.map((_, i) =>
    [...new Set([i, ...groupings.flatMap((own) => own[i]!)])].sort((a, b) => a - b),
  );
}

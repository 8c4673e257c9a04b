/** What history lost because its disk was slow, full or gone: when and how much, for whoever can bring it back. */

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { LostSpan } from "../../shared/lost.ts";
import type { Span } from "./history.ts";

export const rowKinds = ["minutes", "readings", "observations", "entities", "feeds", "moments"] as const;
export type RowKind = (typeof rowKinds)[number];
export type RowCounts = Readonly<Record<RowKind, number>>;

/** City time, from the first to after the last tick of which rows are missing. */
export interface LostStretch extends Span {
  readonly rows: RowCounts;
  /** Once it was measured again from bodies that were kept. */
  readonly recovered?: Recovered;
}

export interface Recovered {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Indicators that could be measured again, of all that are measured from feeds. */
  readonly indicators: number;
  readonly of: number;
}

/** Losses closer together than this are one stretch. */
const togetherWithinMs = 60_000;
const mostStretches = 1_000;
const writeEveryMs = 1_000;

export const noRows: RowCounts = {
  minutes: 0,
  readings: 0,
  observations: 0,
  entities: 0,
  feeds: 0,
  moments: 0,
};

export class Lost {
  readonly #path: string;
  #stretches: LostStretch[] = [];
  #sinceStart = noRows;
  #timer: NodeJS.Timeout | null = null;
  #writing = Promise.resolve();
  #isOwed = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Of all starts, in the order in which they were lost. */
  get stretches(): readonly LostStretch[] {
    return this.#stretches;
  }

  get sinceStart(): RowCounts {
    return this.#sinceStart;
  }

  /** Reads what earlier starts lost. */
  async restore(): Promise<void> {
    const text = await readFile(this.#path, "utf8").catch(() => "[]");
    try {
      const kept = (JSON.parse(text) as (LostStretch | null)[]).filter(isWhole);
      this.#stretches = [...kept, ...this.#stretches];
    } catch {
      // Half a file is what a crash of the machine leaves; what was lost before is then not known.
    }
  }

  note(span: Span, rows: RowCounts): void {
    this.#sinceStart = sumOf(this.#sinceStart, rows);
    const last = this.#stretches.at(-1);
    if (last && isNear(last, span)) this.#stretches[this.#stretches.length - 1] = united(last, span, rows);
    else this.#stretches.push({ ...span, rows });
    if (this.#stretches.length > mostStretches) {
      const [first, second] = this.#stretches.splice(0, 2);
      this.#stretches.unshift(united(first!, second!, second!.rows));
    }
    this.#isOwed = true;
    this.#timer ??= setTimeout(() => void this.flushed(), writeEveryMs);
  }

  /** Says of a stretch that it was brought back. */
  recovered(stretch: LostStretch, recovered: Recovered): void {
    this.#stretches = this.#stretches.map((one) => (one === stretch ? { ...one, recovered } : one));
    this.#isOwed = true;
  }

  /** Resolves when what is known now is on disk, or known not to be: then the next call tries again. */
  flushed(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => (this.#isOwed ? this.#writeAll() : undefined));
    return this.#writing;
  }

  /** Under another name first: a crash leaves the file as it was. */
  async #writeAll(): Promise<void> {
    this.#isOwed = false;
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(`${this.#path}.new`, JSON.stringify(this.#stretches));
      await rename(`${this.#path}.new`, this.#path);
    } catch {
      this.#isOwed = true;
    }
  }
}

/** Whether what was read is a stretch, whoever wrote it. */
function isWhole(stretch: LostStretch | null): stretch is LostStretch {
  if (!stretch) return false;
  const { fromAt, toAt, rows } = stretch as Partial<LostStretch>;
  return fromAt! < toAt! && rowKinds.every((kind) => (rows?.[kind] ?? -1) >= 0);
}

function isNear(a: LostStretch, b: Span): boolean {
  return (
    a.recovered === undefined &&
    b.fromAt <= a.toAt + togetherWithinMs &&
    b.toAt >= a.fromAt - togetherWithinMs
  );
}

function united(a: LostStretch, b: Span, rows: RowCounts): LostStretch {
  return { fromAt: Math.min(a.fromAt, b.fromAt), toAt: Math.max(a.toAt, b.toAt), rows: sumOf(a.rows, rows) };
}

function sumOf(a: RowCounts, b: RowCounts): RowCounts {
  return Object.fromEntries(rowKinds.map((kind) => [kind, a[kind] + b[kind]])) as unknown as RowCounts;
}

/** A stretch as it is told to people: how many rows, of whatever kind. */
export function lostSpanOf({ fromAt, toAt, rows, recovered }: LostStretch): LostSpan {
  return {
    fromAt,
    toAt,
    rows: Object.values(rows).reduce((sum, count) => sum + count, 0),
    recovered: recovered ?? null,
  };
}

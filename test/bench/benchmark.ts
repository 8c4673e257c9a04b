/** What a benchmark is: our way of doing something, beside another way or beside a limit that does not move. */

export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  /** What ours is held against: the other way's name, or `"budget"` for an absolute limit. */
  readonly baselineName: string;
  /** `ours / baseline` must not be above this. 1 for a budget. */
  readonly target: number;
  /** How often both sides are measured, in turns. One is enough for what never varies, such as a file's size. */
  readonly rounds?: number;
  /** Builds and warms up what is measured, or says why it cannot here. */
  prepare(): Promise<Contest | NotHere>;
}

/** One measurement of each side, in the benchmark's unit. Smaller is better. */
export interface Contest {
  ours(): number | Promise<number>;
  /** For a budget: the limit. */
  baseline(): number | Promise<number>;
  close?(): void | Promise<void>;
}

/** Why a benchmark cannot run on this machine, such as missing recordings. */
export interface NotHere {
  readonly notHere: string;
}

export interface BenchResult {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly baseline: number;
  readonly baselineName: string;
  readonly ratio: number;
  readonly target: number;
  readonly holds: boolean;
}

const defaultRounds = 5;

/** Measures both sides in turns, so that a busy minute of the machine meets both, and compares their medians. */
export async function measure(benchmark: Benchmark): Promise<BenchResult | NotHere> {
  const contest = await benchmark.prepare();
  if ("notHere" in contest) return contest;
  const ours: number[] = [];
  const baseline: number[] = [];
  try {
    for (let round = 0; round < (benchmark.rounds ?? defaultRounds); round++) {
      // Who goes first pays for what both share, so they take turns at that too.
      if (round % 2 === 0) ours.push(await contest.ours());
      baseline.push(await contest.baseline());
      if (round % 2 === 1) ours.push(await contest.ours());
    }
  } finally {
    await contest.close?.();
  }
  const { name, unit, baselineName, target } = benchmark;
  const ratio = median(ours) / median(baseline);
  return {
    name,
    unit,
    ours: median(ours),
    baseline: median(baseline),
    baselineName,
    ratio,
    target,
    holds: ratio <= target,
  };
}

/** The middle value; the mean of the two middle ones when their number is even. Throws on an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  if (low === undefined || high === undefined) throw new RangeError("the median of nothing");
  return (low + high) / 2;
}

/** How fast `values` grow from one to the next: the slope of the straight line that fits them best. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rise = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  return rise / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
}

/** The results as a table for a terminal. */
export function table(results: readonly BenchResult[]): string {
  const head = ["benchmark", "unit", "ours", "baseline", "", "ratio", "target", ""];
  const rows = results.map((result) => [
    result.name,
    result.unit,
    figure(result.ours),
    figure(result.baseline),
    result.baselineName,
    figure(result.ratio),
    `≤ ${result.target}`,
    result.holds ? "holds" : "MISSED",
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const isNumber = (column: number): boolean => column === 2 || column === 3 || column === 5;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join("  ")
      .trimEnd();
  return [line(head), ...rows.map(line)].join("\n");
}

function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

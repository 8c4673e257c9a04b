/** The tables beside the charts hold the very numbers that were drawn, whatever kind of chart it is. */

import { describe, expect, it } from "vitest";
import type { ForecastAnswer } from "../../../../shared/outlook.ts";
import { chartKinds } from "../view.ts";
import type { UsualBand } from "./band-drawing.ts";
import { draw } from "./draw.ts";
import type { Figure, Paper } from "./drawing.ts";
import { figure, hour, paper, startAt } from "./sample-paper.ts";
import { spaced } from "./time-marks.ts";

const calls = figure("calls", (i) => (i === 5 ? null : 10 + (i % 7)));
const units = figure("units", (i) => 20 - (i % 5));

interface Option {
  readonly series: readonly {
    readonly type: string;
    readonly data: readonly (readonly (number | null)[])[];
    readonly endLabel?: object;
  }[];
  readonly grid: readonly unknown[];
}

it.each(chartKinds)("draws %s with a table whose rows fit its columns", (kind) => {
  const { table, option, note } = draw(kind, [calls, units], 0, paper)!;
  expect(table.rows.length).toBeGreaterThan(0);
  for (const row of table.rows) expect(row).toHaveLength(table.columns.length);
  for (const row of table.rows) for (const cell of row) expect(cell.text).not.toBe("");
  // What ECharts is told is plain data and functions.
  expect(JSON.stringify(option)).not.toContain("undefined");
  expect(note).not.toBe("");
});

describe("lines", () => {
  it("say every bucket's mean, least and most, and why there is none", () => {
    const { table } = draw("lines", [calls], 0, paper)!;
    expect(table.columns.map(({ title }) => title)).toEqual(["Begins", "calls", "Least", "Most"]);
    expect(table.rows).toHaveLength(48);
    expect(table.rows[0]!.map(({ sort }) => sort)).toEqual([startAt, 10, 9, 12]);
    expect(table.rows[5]!.map(({ text }) => text)).toEqual(["Mon 23 Nov 05:00", "source down", "—", "—"]);
  });

  it("are drawn at the middle of their buckets and break at a gap", () => {
    const { series } = draw("lines", [calls], 0, paper)!.option as unknown as Option;
    const line = series.findLast(({ type, data }) => type === "line" && data.length > 0)!;
    expect(line.data[0]).toEqual([startAt + hour / 2, 10]);
    expect(line.data[5]).toEqual([startAt + 5.5 * hour, null]);
  });

  it("of different units have axes of their own", () => {
    const speed = figure("speed", () => 30, "kilometres-per-hour");
    expect((draw("lines", [calls, units], 0, paper)!.option as unknown as Option).grid).toHaveLength(1);
    expect((draw("lines", [calls, speed], 0, paper)!.option as unknown as Option).grid).toHaveLength(2);
  });

  it("are named at their ends up to five, the largest of more", () => {
    const many = [3, 9, 1, 7, 5, 8, 2].map((value, i) => figure(`g${i}`, () => value));
    const { series } = draw("lines", many, 0, paper)!.option as unknown as Option;
    expect(series.filter(({ endLabel }) => endLabel !== undefined)).toHaveLength(5);
  });

  it("have names that are not over each other where they end alike", () => {
    const alike = [0, 0, 5, 5].map((value, i) => figure(`g${i}`, () => value));
    for (const kind of ["lines", "share"] as const) {
      const { series } = draw(kind, alike, 0, paper)!.option as unknown as Option;
      const labels = series.flatMap(
        ({ endLabel }) => (endLabel as { offset: readonly [number, number] } | undefined) ?? [],
      );
      const down = labels.map(({ offset }) => offset[1]);
      expect(down).toHaveLength(4);
      expect(Math.abs(down[0]! - down[1]!)).toBeGreaterThanOrEqual(16);
    }
  });

  it("stand against another stretch bucket by bucket", () => {
    const compare = calls.points.map((one) => ({ ...one, at: one.at - 168 * hour }));
    const compared = { ...paper, comparedWith: "the week before" };
    const { table, note } = draw("lines", [{ ...calls, compare }], 0, compared)!;
    expect(table.columns.at(-1)!.title).toBe("the week before");
    expect(table.rows[3]!.at(-1)!.sort).toBe(13);
    expect(note).toContain("dashed: the week before");
  });
});

describe("beside measured lines", () => {
  const usual = calls.points.map(({ at, value }, i) => ({
    at,
    value,
    low: 10,
    median: 13,
    high: 15,
    samples: 8,
    outside: i === 6 ? ("above" as const) : null,
  }));
  const listed = [
    {
      side: "above" as const,
      fromAt: startAt + 6 * hour,
      toAt: startAt + 7 * hour,
      peak: { at: startAt + 6.5 * hour, value: 16 },
      low: 10,
      median: 13,
      high: 15,
      excess: 0.2,
    },
  ];
  const band: UsualBand = {
    bucket: "hour",
    points: usual,
    endAt: startAt + 48 * hour,
    banded: { excursions: listed, judged: 47, outside: 1, byChance: 9 },
    listed,
  };
  const forecast: ForecastAnswer = {
    id: "calls",
    unit: "count",
    bucket: "hour",
    method: "holt-winters",
    knownTo: startAt + 48 * hour,
    points: [0, 1].map((i) => ({ at: startAt + (48 + i) * hour, value: 30, low: 20, high: 41 })),
    backTest: { origins: 9, meanAbsoluteError: 1, naiveMeanAbsoluteError: 2, insidePercent: 80 },
  };
  const beside: Paper = {
    ...paper,
    stretch: { ...paper.stretch, toAt: startAt + 50 * hour },
    bands: new Map([["calls", band]]),
    forecasts: new Map([["calls", forecast]]),
  };

  it("what is usual and what is foretold have columns of their own", () => {
    const { table } = draw("lines", [calls, units], 0, beside)!;
    expect(table.columns.map(({ title }) => title).join(" | ")).toBe(
      "Begins | calls | Least | Most | Usual from | Usual, middle | Usual to | Outside" +
        " | Forecast | Forecast from | Forecast to | units | Least | Most",
    );
    const measured = table.rows[6]!.map(({ text }) => text);
    expect(measured.slice(1, 11)).toEqual(["16", "15", "18", "10", "13", "15", "above", "—", "—", "—"]);
  });

  it("no foretold number stands in a row or a column of measured ones", () => {
    const { table } = draw("lines", [calls, units], 0, beside)!;
    expect(table.rows).toHaveLength(50);
    const foretold = table.rows.slice(48).map((row) => row.map(({ text }) => text));
    expect(foretold[0]!.join(" ")).toBe("Wed 25 Nov 00:00 · forecast — — — — — — — 30 20 41 — — —");
  });

  it("what left the band has a triangle to its side, with words", () => {
    const { series } = draw("lines", [calls], 0, beside)!.option as unknown as Option;
    const marks = series.find(({ type }) => type === "scatter")!.data as unknown as {
      value: number[];
      symbolRotate: number;
      label: { formatter: string };
    }[];
    expect(marks).toMatchObject([
      { value: [startAt + 6.5 * hour, 16], symbolRotate: 0, label: { formatter: "+23 %" } },
    ]);
  });

  it("what is foretold begins at the present, whatever its first bucket", () => {
    const now = startAt + 48.75 * hour;
    const { series } = draw("lines", [calls], 0, { ...beside, now })!.option as unknown as Option;
    const dashed = series.filter(({ data }) => data.length === 2 && data[0]![1] === 30);
    expect(dashed.map(({ data }) => data[0]![0])).toEqual([now]);
  });

  it("takes the place of what was least and most seen, and makes room for itself", () => {
    const { note, option } = draw("lines", [calls], 0, beside)!;
    expect(note).toContain("band: usual");
    expect(note).not.toContain("least and most");
    expect((option as unknown as { yAxis: { max: number }[] }).yAxis[0]!.max).toBeGreaterThan(41);
  });

  it("is walked by the arrow keys, into what is foretold too", () => {
    const { walk } = draw("lines", [calls], 0, beside)!;
    expect(walk.stops).toBe(50);
    expect(walk.from).toBe(47);
    expect(walk.words(6)).toContain("usual");
    expect(walk.words(49)).toMatch(/forecast.*30 \(20 to 41\)/);
  });
});

it("annotations stand over the first drawing, and make room for their words", () => {
  const speed = figure("speed", () => 30, "kilometres-per-hour");
  const written: Paper = {
    ...paper,
    annotations: [
      {
        fromAt: startAt + 2 * hour,
        toAt: startAt + 5 * hour,
        text: "Market",
        isDraft: false,
        priority: null,
      },
      {
        fromAt: startAt + 3 * hour,
        toAt: startAt + 3 * hour,
        text: "Bridge closed",
        isDraft: false,
        priority: null,
      },
    ],
  };
  const top = (drawn: ReturnType<typeof draw>): number =>
    (drawn!.option as unknown as { grid: { top: number }[] }).grid[0]!.top;
  const { option } = draw("lines", [calls, speed], 0, written)!;
  expect(top(draw("lines", [calls, speed], 0, written)) - top(draw("lines", [calls, speed], 0, paper))).toBe(
    2 * 18,
  );
  interface Custom {
    readonly type: string;
    readonly clip?: boolean;
    readonly renderItem: () => { children: { type: string; style: { text?: string } }[] };
  }
  const drawn = (option as unknown as { series: readonly Custom[] }).series
    .filter(({ type, clip }) => type === "custom" && clip === false)
    .map(({ renderItem }) => renderItem().children);
  expect(drawn.map((children) => children.flatMap(({ style }) => style.text ?? []))).toEqual([
    ["Market", "Bridge closed"],
    [],
  ]);
  // Two ends and one moment, in both drawings.
  expect(drawn[1]!.map(({ type }) => type)).toEqual(["line", "line", "line"]);
});

describe("what is compared", () => {
  const weekBefore = calls.points.map((one) => ({
    ...one,
    at: one.at - 168 * hour,
    value: one.value && 2 * one.value,
  }));
  const compared = { ...paper, comparedWith: "the week before" };
  const both = [{ ...calls, compare: weekBefore }];

  it("has squares of its own in heat maps, in the colours of the same scale", () => {
    const { table, option } = draw("week", both, 0, compared)!;
    expect(table.columns.map(({ title }) => title)).toEqual([
      "Hour of the week",
      "calls",
      "calls · the week before",
    ]);
    expect(table.rows[0]!.slice(1).map(({ sort }) => sort)).toEqual([10, 20]);
    expect((option as unknown as Option).grid).toHaveLength(2);
    expect(draw("calendar", both, 0, compared)!.walk.stops).toBe(96);
  });

  it("has a spread of its own", () => {
    const { findings } = draw("spread", both, 0, compared)!;
    expect(findings[1]).toMatch(/^calls · the week before: median 2\d/);
  });

  it("is one line over a stack, the sum of all", () => {
    const stack = [...both, { ...units, compare: units.points }];
    const { series } = draw("stack", stack, 0, compared)!.option as unknown as Option;
    const sum = series.find(({ data }) => data[0]?.[1] === 40)!;
    expect(sum.data[0]).toEqual([startAt + hour / 2, 40]);
    // One of them is not known then.
    expect(sum.data[5]![1]).toBeNull();
  });

  it("is the change that a map shows, and stands beside it among the numbers", () => {
    const { table, note } = draw("map", both, 0, compared)!;
    expect(table.columns.map(({ title }) => title).slice(-2)).toEqual(["the week before", "Change"]);
    expect(table.rows[0]!.slice(-2).map(({ text }) => text)).toEqual(["25.8", "−12.9"]);
    expect(note).toBe("mean over the time shown, less that of the week before");
  });

  it("is named by its group where the time is the same", () => {
    const harbour = { ...paper, comparedWith: "Harbour" };
    const { walk } = draw("lines", [{ ...calls, compare: units.points }], 0, harbour)!;
    expect(walk.words(0)).toContain("Harbour: 20");
  });
});

it("shares of a bucket add up to a hundred in the table", () => {
  const { table } = draw("share", [calls, units], 0, paper)!;
  const shares = table.rows[0]!.filter((_, i) => table.columns[i]!.title.startsWith("Share"));
  expect(shares.reduce((sum, { sort }) => sum + Number(sort), 0)).toBeCloseTo(100);
});

it("a ranking's table is the order of each bucket", () => {
  const { table } = draw("ranks", [calls, units], 0, paper)!;
  expect(table.rows.slice(0, 2).map((row) => row.map(({ text }) => text))).toEqual([
    ["Mon 23 Nov 00:00", "1", "units", "20"],
    ["Mon 23 Nov 00:00", "2", "calls", "10"],
  ]);
});

it("a relation's table is its pairs, and a figure alone has none", () => {
  const { table, findings } = draw("relation", [calls, units], 2, paper)!;
  expect(table.rows).toHaveLength(45);
  expect(table.rows[0]!.map(({ sort }) => sort)).toEqual([startAt, 10, 18]);
  expect(findings[0]).toMatch(/^Correlation .* over 45 pairs\.$/);
  expect(draw("relation", [calls], 0, paper)).toBeNull();
});

it("numbers marks that are too near to each other once", () => {
  const marks = [0, 10, 12, 30].map((at, i) => ({ at, label: String(i + 1) }));
  expect(spaced(marks, () => 5, 3).map(({ at }) => at)).toEqual([0, 10, 30]);
  expect(spaced(marks, () => 5, 2)).toEqual([
    { at: 0, label: "1" },
    { at: 10, label: "2–3" },
    { at: 12, label: "" },
    { at: 30, label: "4" },
  ]);
});

it("an alarm stands over its series in its priority's shape and colour, from when it was raised until it was over", () => {
  const alarm = {
    fromAt: startAt + 2 * hour,
    toAt: startAt + 5 * hour,
    text: "2 High · Calls wait",
    isDraft: false,
    priority: "high" as const,
  };
  const { option } = draw("lines", [calls], 0, { ...paper, annotations: [alarm] })!;
  interface Custom {
    readonly type: string;
    readonly clip?: boolean;
    readonly renderItem: () => {
      children: { type: string; shape?: { points?: number[][] }; style: { fill?: string; text?: string } }[];
    };
  }
  const [children] = (option as unknown as { series: readonly Custom[] }).series
    .filter(({ type, clip }) => type === "custom" && clip === false)
    .map(({ renderItem }) => renderItem().children);
  const shape = children!.find(({ type }) => type === "polygon")!;
  expect(shape.style.fill).toBe("#high");
  expect(shape.shape!.points).toHaveLength(3);
  expect(children!.flatMap(({ style }) => style.text ?? [])).toEqual(["2 High · Calls wait"]);
});

describe("against the week before", () => {
  const compared = { ...paper, comparedWith: "the week before" };
  const against = (one: Figure, value: (i: number) => number | null): Figure => ({
    ...one,
    compare: figure(one.id, value).points.map((point) => ({ ...point, at: point.at - 168 * hour })),
  });
  const texts = (row: readonly { readonly text: string }[]) => row.map(({ text }) => text);

  it("a relation has hollow marks, says both correlations and has every mark in its table", () => {
    const [x, y] = [against(calls, (i) => i), against(units, (i) => (i < 4 ? null : 2 * i))];
    const { table, findings, note, option, walk } = draw("relation", [x, y], 0, compared)!;
    expect(note).toContain("hollow: the week before");
    expect(findings[0]).toMatch(/^Correlation .* over 47 pairs\.$/);
    expect(findings[1]).toBe("In the week before: correlation 1.00 over 44 pairs.");
    expect(table.rows).toHaveLength(47 + 44);
    expect(texts(table.rows[0]!)).toEqual(["Mon 16 Nov 04:00", "4", "8", "the week before"]);
    expect(texts(table.rows[44]!)).toEqual(["Mon 23 Nov 00:00", "10", "20", "the time shown"]);
    const { series } = option as unknown as { series: { data: unknown[]; itemStyle?: { color: string } }[] };
    expect(series.map(({ data }) => data.length)).toEqual([47, 2, 44]);
    expect(series[2]!.itemStyle!.color).toBe("transparent");
    expect(walk.stops).toBe(91);
    expect([walk.place(0), walk.place(44), walk.place(90)]).toEqual([
      { series: 2, index: 0 },
      { series: 0, index: 0 },
      { series: 0, index: 46 },
    ]);
    const flat = draw("relation", [against(calls, () => 3), against(units, () => null)], 0, compared)!;
    expect(flat.findings[1]).toBe("In the week before no correlation can be told from 0 pairs.");
  });

  it("a ranking says who has gained and lost places, at the labels, in words and in its table", () => {
    const three = [
      against(
        figure("a", () => 30),
        () => 1,
      ),
      against(
        figure("b", () => 20),
        () => 3,
      ),
      against(
        figure("c", () => 10),
        (i) => (i === 47 ? null : 2),
      ),
    ];
    const { table, findings, note, option } = draw("ranks", three, 0, compared)!;
    expect(note).toContain("▲▼ places gained and lost against the week before");
    expect(table.columns.slice(-2).map(({ title }) => title)).toEqual(["Place, the week before", "Change"]);
    expect(table.rows.slice(0, 3).map(texts)).toEqual([
      ["Mon 23 Nov 00:00", "1", "a", "30", "3", "up 2"],
      ["Mon 23 Nov 00:00", "2", "b", "20", "1", "down 1"],
      ["Mon 23 Nov 00:00", "3", "c", "10", "2", "down 1"],
    ]);
    // Of the newest bucket, in which c had no place then.
    expect(texts(table.rows.at(-1)!).slice(-2)).toEqual(["—", "—"]);
    expect(findings).toEqual([
      "Tue 24 Nov 23:00 against the week before: a up 1, to place 1; b down 1, to place 2.",
    ]);
    const { series } = option as unknown as { series: { endLabel: { formatter: string } }[] };
    expect(series.map(({ endLabel }) => endLabel.formatter)).toEqual(["▲1 a", "▼1 b", "c"]);
    const still = three.map((one) => ({ ...one, compare: one.points }));
    expect(draw("ranks", still, 0, compared)!.findings).toEqual([
      "Tue 24 Nov 23:00 all places are as in the week before.",
    ]);
  });

  it("shares say by how many points they differ, and where they lay", () => {
    const two = [
      against(
        figure("a", () => 30),
        () => 50,
      ),
      against(
        figure("b", () => 70),
        () => 50,
      ),
    ];
    const { table, findings, note, option } = draw("share", two, 0, compared)!;
    expect(note).toContain("dashed: the week before");
    expect(table.columns.slice(1, 6).map(({ title }) => title)).toEqual([
      "a",
      "Share: a",
      "the week before",
      "Share: the week before",
      "Change",
    ]);
    expect(texts(table.rows[0]!).slice(1, 6)).toEqual(["30", "30 %", "50", "50 %", "−20 points"]);
    expect(findings).toEqual(["Of the whole time, against the week before: a −20 points; b +20 points."]);
    const { series } = option as unknown as Option;
    const dashed = series.filter(({ data }) => data[0]?.[1] === 50);
    expect(dashed).toHaveLength(1);
    const labels = series.flatMap(({ endLabel }) => (endLabel as { formatter: string } | undefined) ?? []);
    expect(labels.map(({ formatter }) => formatter)).toEqual(["a\n−20 points", "b\n+20 points"]);
    const small = [
      against(
        figure("a", () => 1),
        () => 2,
      ),
      against(
        figure("b", () => 249),
        () => 248,
      ),
    ];
    expect(draw("share", small, 0, compared)!.findings[0]).toContain("a −0.4 points");
  });

  it("shares are those of what has the same unit", () => {
    const parts = [
      ["a", 30, 50, "count"],
      ["b", 70, 50, "count"],
      ["c", 1_000, 3_000, "kilometres-per-hour"],
      ["d", 3_000, 1_000, "kilometres-per-hour"],
    ] as const;
    const four = parts.map(([id, now, then, unit]) =>
      against(
        figure(id, () => now, unit),
        () => then,
      ),
    );
    const { table, findings } = draw("share", four, 0, compared)!;
    expect(findings).toEqual([
      "Of the whole time, against the week before: a −20 points; b +20 points.",
      "Of the whole time, against the week before: c −50 points; d +50 points.",
    ]);
    const said = texts(table.rows[0]!);
    expect([2, 4, 5, 12, 14, 15].map((column) => said[column])).toEqual([
      "30 %",
      "50 %",
      "−20 points",
      "25 %",
      "75 %",
      "−50 points",
    ]);
  });

  it("shares of which one was not known then are compared where all were", () => {
    const two = [
      against(
        figure("a", () => 30),
        (i) => (i < 40 ? null : 50),
      ),
      against(
        figure("b", () => 70),
        () => 50,
      ),
    ];
    const { table, findings } = draw("share", two, 0, compared)!;
    expect(findings).toEqual(["Of the whole time, against the week before: a −20 points; b +20 points."]);
    expect(texts(table.rows[0]!).slice(4, 6)).toEqual(["—", "—"]);
    expect(texts(table.rows[40]!).slice(4, 6)).toEqual(["50 %", "−20 points"]);
    const never = [
      two[0]!,
      against(
        figure("b", () => 70),
        () => null,
      ),
    ];
    expect(draw("share", never, 0, compared)!.findings).toEqual([
      "Of the week before not every part is known: shares cannot be compared.",
    ]);
  });
});

import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { sampleBriefing } from "../../../test/briefing-sample.ts";
import type { BriefingChart, ChartPoint } from "../../../shared/briefing.ts";
import { areaMap, projection } from "./area-map.ts";
import { bullet } from "./bullet.ts";
import { lineChart } from "./line-chart.ts";
import { slope } from "./slope.ts";
import { smallMultiples } from "./small-multiples.ts";
import { sparkline, trendOf } from "./sparkline.ts";
import { textWidth } from "./text-width.ts";
import { drawnEntries, timeline } from "./timeline.ts";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** All elements in order. Throws where it is not well-formed. */
function elementsOf(svg: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: "" };
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on("closetag", () => void open.pop());
  parser.write(svg).close();
  return elements;
}

function chartOf<Kind extends BriefingChart["kind"]>(kind: Kind): Extract<BriefingChart, { kind: Kind }> {
  const chart = sampleBriefing.sections.find((section) => section.chart?.kind === kind)?.chart;
  if (!chart) throw new Error(`the sample has no ${kind}`);
  return chart as Extract<BriefingChart, { kind: Kind }>;
}

const axes = {
  zone: "Europe/Lisbon",
  value: String,
  tick: (at: number) => new Date(at).toISOString().slice(11, 16),
};
const words = { extreme: null, missing: "no data", redefined: "defined anew" };
const look = (width = 350) => ({ id: "c", width, title: "Which & why?", description: "Fell to <44>" });

const line = (width?: number) => lineChart(chartOf("line").series, { axes, words }, look(width));
const multiples = smallMultiples(
  chartOf("small-multiples").series.map((series) => ({ series, look: look(220) })),
);
const slopes = (width?: number) => {
  const { rows, before, after } = chartOf("slope");
  const named = rows.map((row) => ({ ...row, name: row.name.zh, isSound: row.confidence === "sound" }));
  return slope(
    { rows: named, before: before.en, after: after.en, write: (value) => `${value} %` },
    look(width),
  );
};
const map = (width?: number) => {
  const { ground, ...chart } = chartOf("area-map");
  const areas = chart.areas.map((area) => ({ ...area, name: area.name.en }));
  return areaMap(
    { areas, ground, write: String, legend: "per 10,000 inhabitants", missing: "not known" },
    look(width),
  );
};
const times = (width?: number) => {
  const { fromAt, toAt, entries } = chartOf("timeline");
  return timeline(
    { fromAt, toAt, entries: entries.map((entry) => ({ ...entry, words: entry.name.en })) },
    axes,
    look(width),
  );
};
const bullets = chartOf("bullet").rows.map((row) => bullet({ ...row, before: row.compared }, look(160)));
const drawings: readonly (readonly [string, string])[] = [
  ["line, phone", line()],
  ["line, paper", line(700)],
  ["small multiple", multiples[0]!],
  ["slope", slopes()],
  ["map, phone", map()],
  ["map, paper", map(560)],
  ["timeline, phone", times()],
  ["timeline, paper", times(700)],
  ["bullet", bullets[0]!],
  ["bullet of nothing", bullets[2]!],
  ["sparkline", sparkline(trendOf([1, null, 3]), look(80))],
  ["sparkline of nothing", sparkline(trendOf([]), look(80))],
];

describe.each(drawings)("%s", (_, svg) => {
  const elements = elementsOf(svg);
  const [root] = elements;

  it("is one image with a name and a description", () => {
    expect(root!.attributes).toMatchObject({
      role: "img",
      "aria-labelledby": "c-title",
      "aria-describedby": "c-desc",
    });
    expect(elements.find(({ name }) => name === "title")?.text).toBe("Which & why?");
    expect(elements.find(({ name }) => name === "desc")?.text).toBe("Fell to <44>");
  });

  it("keeps its words inside", () => {
    const [, , width, height] = root!.attributes["viewBox"]!.split(" ").map(Number);
    for (const { attributes, text } of elements.filter(({ name }) => name === "text")) {
      const room = textWidth(
        text,
        Number(attributes["font-size"]),
        attributes["font-weight"] === "600" ? 600 : 400,
      );
      const anchor = attributes["text-anchor"] ?? "start";
      const from = Number(attributes["x"]) - { start: 0, middle: room / 2, end: room }[anchor]!;
      expect(from, text).toBeGreaterThanOrEqual(-1);
      expect(from + room, text).toBeLessThanOrEqual(width! + 1);
      expect(Number(attributes["y"]), text).toBeLessThanOrEqual(height!);
    }
  });

  it("has colours of its page and numbers that are numbers", () => {
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const { attributes } of elements)
      for (const paint of [attributes["fill"], attributes["stroke"]])
        expect(paint ?? "none").toMatch(/^(none|var\(--[-\w]+, #\w{6}\)|url\(#c-hatch\))$/);
  });
});

describe("a line chart", () => {
  it("has its line in as many pieces as gaps leave, and a hatch for each gap", () => {
    const elements = elementsOf(line());
    const paths = elements.filter(
      ({ name, attributes }) => name === "path" && attributes["stroke-width"] === "1.6",
    );
    expect(paths[0]!.attributes["d"]!.match(/M/g)).toHaveLength(2);
    expect(elements.filter(({ attributes }) => attributes["fill"] === "url(#c-hatch)")).toHaveLength(1);
  });

  it("says the extreme, and draws it at its value", () => {
    const { series } = chartOf("line");
    const point = series.points.at(-1) as ChartPoint;
    const svg = lineChart(
      series,
      { axes, words: { ...words, extreme: { point, words: "44 at 23:00" } } },
      look(),
    );
    expect(svg).toContain("44 at 23:00");
    expect(svg).toContain("<circle");
  });
});

describe("small multiples", () => {
  it("of one figure share their height, those of others do not", () => {
    const [series] = chartOf("small-multiples").series;
    const level = (id: string, value: number) => ({
      ...series!,
      series: id,
      target: null,
      breaks: [],
      points: [0, 1].map((at) => ({ at, value, low: null, high: null })),
    });
    const heightsOf = (...of: ReturnType<typeof level>[]) =>
      smallMultiples(of.map((one) => ({ series: one, look: look(100) }))).map((svg) =>
        Number(elementsOf(svg).find(({ name }) => name === "circle")!.attributes["cy"]),
      );
    const [low, high] = heightsOf(level("a{area.district:x}", 10), level("a{area.district:y}", 90));
    expect(low! - high!).toBeGreaterThan(30);
    const [one, other] = heightsOf(level("a", 10), level("b", 900));
    expect(one).toBe(other);
  });
});

describe("the map", () => {
  it("is true to length: a kilometre north is as long as one east", () => {
    const project = projection([-12.1, 43.9, -11.9, 44.1], 400, 400);
    const [x, y] = project([-12, 44]);
    const kilometre = 1 / 111.32;
    const north = y - project([-12, 44 + kilometre])[1];
    const east = project([-12 + kilometre / Math.cos((44 * Math.PI) / 180), 44])[0] - x;
    expect(east / north).toBeCloseTo(1, 3);
  });

  it("hatches what is not known and brackets what is too little to tell", () => {
    expect(
      elementsOf(map()).filter(
        ({ name, attributes }) => name === "path" && attributes["fill"] === "url(#c-hatch)",
      ),
    ).toHaveLength(1);
    expect(map()).toContain("(2.1)");
  });

  it("has water under its areas and roads faintly over them, both within its picture", () => {
    const drawn = map();
    const [water, area, road, name] = ["--map-water", "--s", "stroke-opacity", ">Old Town<"].map((word) =>
      drawn.indexOf(word),
    );
    expect([water! > 0, area! > water!, road! > area!, name! > road!]).toEqual([true, true, true, true]);
    const groups = elementsOf(drawn).filter(({ name: tag }) => tag === "g");
    expect(groups.map(({ attributes }) => attributes["clip-path"])).toEqual(["url(#c-land)", "url(#c-land)"]);
  });
});

describe("a bullet", () => {
  it("is as long as its value is to its target", () => {
    const bar = (value: number) =>
      Number(
        elementsOf(bullet({ value, target: 100 }, look(160))).find(({ name }) => name === "rect")!.attributes[
          "width"
        ],
      );
    expect(bar(80) / bar(40)).toBeCloseTo(2, 1);
  });
});

describe("a timeline", () => {
  it("draws what is urgent and what lasted, in its order, and no more than a page holds", () => {
    const entries = Array.from({ length: 40 }, (_, at) => ({
      at,
      endsAt: at + (at % 7),
      isUrgent: at % 10 === 9,
    }));
    const drawn = drawnEntries(entries, 60);
    expect(drawn).toHaveLength(16);
    expect(drawn.map(({ at }) => at)).toEqual(drawn.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(drawn.filter(({ isUrgent }) => isUrgent)).toHaveLength(4);
    const shortest = Math.min(
      ...drawn.filter(({ isUrgent }) => !isUrgent).map(({ at, endsAt }) => endsAt - at),
    );
    expect(shortest).toBeGreaterThanOrEqual(4);
    expect(drawnEntries(entries.slice(0, 3), 60)).toEqual(entries.slice(0, 3));
  });
});

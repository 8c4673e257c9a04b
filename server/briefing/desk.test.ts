/** Briefings from a real history to files, and every figure read back from `/api/v1/series`. */

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { indicator } from "../../test/planned-city.ts";
import { plainText, type Briefing, type BriefingFigure, type Evidence } from "../../shared/briefing.ts";
import type { SeriesItem } from "../../shared/series.ts";
import type { BriefingDefinition } from "../core/briefing/definition.ts";
import { batchOf } from "../history/conformance.ts";
import { openDuckDb } from "../history/duckdb.ts";
import type { History, MinuteColumns } from "../history/history.ts";
import { openHistory } from "../history/sql-history.ts";
import { serveSeries } from "../http/series.ts";
import { DefinitionLog } from "./definition-log.ts";
import { BriefingDesk, type DeskOptions } from "./desk.ts";
import { gatherFacts } from "./gather.ts";
import type { GatherContext, KnownIndicator } from "./gather-context.ts";

const zone = "Europe/Lisbon";
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const minuteMs = 60_000;
const today = Date.parse("2026-11-27T00:00Z");
const at = today + 6.5 * hourMs;
const firstAt = today - 35 * dayMs;
const both = (en: string, zh: string) => ({ en, zh });

const indicators: readonly KnownIndicator[] = [
  indicator({
    id: "transport.on-time",
    title: both("On time", "准点率"),
    unit: "percent",
    better: "higher",
    target: 85,
  }),
  indicator({
    id: "community.opened",
    title: both("Requests today", "今日新增诉求"),
    window: { field: "requestedAt", since: "midnight" },
    by: ["area.district"],
  }),
  indicator({ id: "community.open", title: both("Open requests", "未结诉求"), better: "lower" }),
].map((one) => ({
  ...one,
  domain: one.id.split(".")[0] as KnownIndicator["domain"],
  revision: "r1",
  feeds: ["requests"],
}));

/** Its value at a minute: a fall of the first on Thursday's afternoon, a count that begins at midnight, a slow growth. */
function valueAt(series: string, minuteAt: number): number | null {
  const hour = new Date(minuteAt).getUTCHours() + new Date(minuteAt).getUTCMinutes() / 60;
  const isThursday = minuteAt >= today - dayMs && minuteAt < today;
  if (series === "transport.on-time")
    return isThursday && hour >= 16 && hour < 21 ? 40 + hour : 88 + Math.sin(minuteAt / hourMs);
  if (series.startsWith("community.opened{")) return series.endsWith("old-town}") ? 3 * hour : hour;
  if (series === "community.opened") return isThursday && hour < 3 ? null : Math.floor(4 * hour);
  return 100 + (minuteAt - firstAt) / dayMs;
}

function minutesOf(
  series: readonly string[],
  fromAt: number,
  toAt: number,
  everyMinutes: number,
): MinuteColumns {
  const rows = series.flatMap((id, place) =>
    Array.from({ length: (toAt - fromAt) / (everyMinutes * minuteMs) }, (_, i) => {
      const rowAt = fromAt + i * everyMinutes * minuteMs;
      return { place, rowAt, value: valueAt(id, rowAt) };
    }).filter(({ value }) => value !== null),
  );
  const values = Float64Array.from(rows, ({ value }) => value!);
  return {
    series,
    seriesOf: Uint32Array.from(rows, ({ place }) => place),
    at: Float64Array.from(rows, ({ rowAt }) => rowAt),
    count: new Uint16Array(rows.length).fill(everyMinutes),
    knownAt: Float64Array.from(rows, ({ rowAt }) => rowAt + everyMinutes * minuteMs),
    mean: values,
    min: values,
    max: values,
    freshSeconds: new Uint8Array(rows.length).fill(60),
    code: new Uint8Array(rows.length),
    revisions: ["r1"],
    revisionOf: new Uint32Array(rows.length),
  };
}

const districts = [
  { id: "old-town", name: both("Old Town", "老城"), population: 38_400 },
  { id: "centre", name: both("Centre", "中央区"), population: 61_700 },
];
const series = [
  ...indicators.map(({ id }) => id),
  ...districts.map(({ id }) => `community.opened{area.district:${id}}`),
];

const morning: BriefingDefinition = {
  id: "morning",
  title: both("Morning briefing", "早间简报"),
  audience: both("Mayor", "市长"),
  period: { of: "day", until: "end" },
  comparison: "week",
  sections: ["unusual", "targets", "services", "areas", "data", "next"],
  score: null,
  domains: ["transport", "community"],
  indicators: null,
  services: {
    opened: "community.opened",
    closed: null,
    open: "community.open",
    overdue: null,
    oldest: null,
    repeat: null,
  },
  compare: [{ indicator: "community.opened", by: "area.district", per: "inhabitants", of: null }],
  recipients: [],
  schedule: [],
};
const soFar: BriefingDefinition = { ...morning, id: "so-far", period: { of: "day", until: "now" } };
const week: BriefingDefinition = {
  ...morning,
  id: "week",
  period: { of: "week", until: "end" },
  comparison: "previous",
};

let dir: string;
let history: History;
let definitionLog: DefinitionLog;
let desk: BriefingDesk;
let now = at;

function contextOf(known = indicators): GatherContext {
  const square = [
    [-12, 44],
    [-11.9, 44],
    [-11.9, 44.1],
    [-12, 44],
  ];
  return {
    folder: {
      settings: {
        id: "merrow-bay",
        title: both("Merrow Bay", "梅罗湾"),
        zone,
        bounds: [-13, 43, -11, 45],
        areaLevels: [],
        basemap: null,
      },
      basemapPath: null,
      departments: [{ id: "mobility", title: both("Mobility", "交通局") }],
      holidays: [],
      areas: [
        {
          level: "district",
          title: both("District", "城区"),
          areas: districts.map((one) => ({
            ...one,
            aliases: [],
            geometry: { type: "Polygon", coordinates: [square] },
          })),
        },
      ],
      feeds: [],
      rules: [],
    },
    indicators: known,
    seriesIds: series,
    clock: "live",
    past: history,
    alarmEvents: () => Promise.resolve([]),
    nameOfAlarm: () => null,
    cityEvents: () => Promise.resolve([]),
    definitions: definitionLog,
  };
}

function deskIn(
  folder: string,
  context = contextOf,
  tell: DeskOptions["tell"] = async () => undefined,
): BriefingDesk {
  return new BriefingDesk({
    dir: folder,
    definitions: () => [morning, soFar, week],
    context,
    tell,
    log: pino({ level: "silent" }),
  });
}

async function issued(definition: string): Promise<Briefing> {
  const answer = await desk.issue({ definition, at: now });
  if (!answer.ok) throw new Error(answer.failure.detail);
  return answer.value.briefing;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "citydeck-briefings-"));
  history = await openHistory(await openDuckDb(join(dir, "history", "history.duckdb")), { zone });
  await history.append(batchOf({ minutes: minutesOf(series, firstAt, today - 8 * dayMs, 60) }));
  await history.append(batchOf({ minutes: minutesOf(series, today - 8 * dayMs, today + 6 * hourMs, 1) }));
  await history.maintain(at);
  definitionLog = await DefinitionLog.open(join(dir, "definitions.jsonl"));
  await definitionLog.begin(indicators, firstAt);
  desk = deskIn(join(dir, "briefings"));
}, 60_000);
afterAll(async () => {
  await history.close();
  await rm(dir, { recursive: true, force: true });
});

/** What the address of a figure's evidence answers, and the statistic of it: written anew here, as a second witness. */
async function readBack(
  { address }: Evidence,
  statistic: BriefingFigure["statistic"],
): Promise<number | null> {
  const app = new Hono();
  serveSeries(app, {
    past: history as never,
    context: () => ({ indicators, seriesIds: series, zone, now: now + hourMs }),
  });
  const answer = await app.request(address);
  expect(answer.status).toBe(200);
  const [item] = (await answer.json()) as [SeriesItem];
  const known = item.points.filter(({ min }) => min !== null);
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

test("an issue is kept as it was: its file has its hash, and its name is never written again", async () => {
  const first = await issued("morning");
  const second = await issued("morning");
  expect(second.id).not.toBe(first.id);
  const before = await readFile(join(dir, "briefings", "issued", `${first.id}.json`));
  const archive = await desk.archive();
  await expect(archive.issue({ ...first, cover: second.cover })).rejects.toThrow("EEXIST");
  expect(await readFile(join(dir, "briefings", "issued", `${first.id}.json`))).toEqual(before);
  const again = deskIn(join(dir, "briefings"));
  expect(await again.find(first.id)).toEqual(await desk.find(first.id));
  expect((await again.findLatest("morning"))?.briefing.id).toBe(second.id);
});

test("what could not be kept whole is not issued, and a start forgets its rest", async () => {
  const broken = join(dir, "broken");
  const other = deskIn(broken);
  await other.list();
  await rm(join(broken, "issued"), { recursive: true });
  await writeFile(join(broken, "issued"), "");
  expect(await other.issue({ definition: "morning", at: now })).toMatchObject({
    ok: false,
    failure: { why: "not-kept" },
  });
  expect(await other.list()).toEqual([]);

  const left = join(dir, "left");
  await deskIn(left).list();
  await writeFile(join(left, "issued", "morning-2026-11-01.json.new"), '{"id":');
  await writeFile(join(left, "issued", "morning-2026-11-02.json"), '{"id":');
  const late = deskIn(left);
  expect(await late.list()).toEqual([]);
  expect((await late.archive()).unreadable).toEqual(["issued/morning-2026-11-02.json"]);
  expect(await readdir(join(left, "issued"))).toEqual(["morning-2026-11-02.json"]);

  await writeFile(join(left, "issued", "morning-2026-11-27.json"), '{"id":');
  const beside = await deskIn(left).issue({ definition: "morning", at: now });
  expect(beside.ok && beside.value.briefing.id).toBe("morning-2026-11-27-2");
});

test("a correction is a new issue that says what is another figure now, and only then is there one", async () => {
  const wrong = await issued("morning");
  expect(await desk.correct(wrong.id, now)).toMatchObject({ ok: false, failure: { why: "nothing-changed" } });
  now = at + hourMs;
  const length = 5 * 60;
  const rows = minutesOf(["transport.on-time"], today - 8 * hourMs, today - 3 * hourMs, 1);
  const better = new Float64Array(length).fill(80);
  const knownAt = new Float64Array(length).fill(at + minuteMs);
  await history.append(batchOf({ minutes: { ...rows, mean: better, min: better, max: better, knownAt } }));
  const corrected = await desk.correct(wrong.id, now);
  if (!corrected.ok) throw new Error(corrected.failure.detail);
  const { briefing } = corrected.value;
  expect(briefing.corrects?.id).toBe(wrong.id);
  expect(briefing.corrects?.changes.map(({ id }) => id)).toEqual(["data/revised/transport.on-time"]);
  expect(briefing.period).toEqual(wrong.period);
  expect((await desk.find(wrong.id))?.correctedBy).toBe(briefing.id);
  expect(await desk.correct(wrong.id, now)).toMatchObject({ ok: false });
});

test("an hour of the course says how much of it is known", async () => {
  const period = { kind: "day", fromAt: today - dayMs, toAt: today, isOver: true } as const;
  const request = { definition: morning, period, knownAt: at, previous: null };
  const { figures } = await gatherFacts(contextOf(), request, new AbortController().signal);
  const course = figures.find(({ series: id }) => id === "transport.on-time")!.course;
  expect(course.map(({ knownPercent }) => knownPercent)).toEqual(Array.from({ length: 24 }, () => 100));
  const early = { ...request, period: { ...period, fromAt: today, toAt: today + dayMs, isOver: false } };
  const later = await gatherFacts(contextOf(), early, new AbortController().signal);
  const known = later.figures[0]!.course.map(({ knownPercent }) => Math.round(knownPercent));
  expect(known.slice(5, 8)).toEqual([100, 0, 0]);
});

test("half a period is told as the half that it is", async () => {
  const early = await desk.issue({ definition: "morning", at: firstAt + 1.5 * dayMs });
  if (!early.ok) throw new Error(early.failure.detail);
  const data = early.value.briefing.sections.find(({ kind }) => kind === "data");
  expect(data?.statements.map(({ id }) => id)).toContain("data/whole");
});

test("of a city that remembers nothing a briefing says that nothing is known", async () => {
  const empty = await desk.issue({ definition: "morning", at: firstAt - dayMs });
  if (!empty.ok) throw new Error(empty.failure.detail);
  const { cover, sections } = empty.value.briefing;
  expect(plainText(cover, "en")).toContain("most figures are not known");
  const figures = sections.flatMap(({ statements }) => statements.flatMap((one) => one.figures));
  expect(figures.every(({ value }) => value === null)).toBe(true);
});

test("an indicator that is defined anew within the period is told from then on, and compared with nothing", async () => {
  const renewed = indicators.map((one) => ({
    ...one,
    revision: one.id === "transport.on-time" ? "r2" : one.revision,
  }));
  await definitionLog.begin(renewed, today - 6 * hourMs);
  const other = deskIn(join(dir, "renewed"), () => contextOf(renewed));
  const answer = await other.issue({ definition: "morning", at: now });
  if (!answer.ok) throw new Error(answer.failure.detail);
  const { sections, evidence } = answer.value.briefing;
  const said = sections.flatMap(({ statements }) => statements);
  expect(said.map(({ id }) => id)).toContain("data/redefined/transport.on-time");
  const onTime = said
    .flatMap(({ figures }) => figures)
    .find(({ series: id, statistic }) => id === "transport.on-time" && statistic === "mean");
  expect(onTime?.compared).toBeNull();
  expect(evidence.some(({ address }) => address.includes(`from=${today - 6 * hourMs}`))).toBe(true);
});

test("an edition is made from the one before it, and all of them stay", async () => {
  const { id } = await issued("morning");
  const edition = {
    briefing: id,
    number: 1,
    at: now,
    editor: "Duty officer",
    comments: [{ section: null, text: "Seen." }],
    hidden: [],
    order: null,
    isSigned: true,
  };
  expect(await desk.edit(edition)).toEqual({ ok: true, value: edition });
  expect(await desk.edit(edition)).toEqual({ ok: false, failure: "changed" });
  expect(await desk.edit({ ...edition, briefing: "none" })).toEqual({ ok: false, failure: "missing" });
  const again = deskIn(join(dir, "briefings"));
  expect((await again.find(id))?.edition).toEqual(edition);
  expect(await again.editions(id)).toEqual([edition]);
  expect((await again.list()).find((item) => item.id === id)?.isSigned).toBe(true);
});

test("what a run issued and did not come to tell is told by the next one, once", async () => {
  const folder = join(dir, "untold");
  const killed = deskIn(folder, contextOf, () => Promise.reject(new Error("killed")));
  const answer = await killed.issue({ definition: "morning", at: now });
  await killed.stop();
  const told: string[] = [];
  for (let start = 0; start < 2; start++) {
    const next = deskIn(folder, contextOf, async ({ briefing }) => void told.push(briefing.id));
    await next.tellUntold();
    await next.stop();
  }
  expect(told).toEqual(answer.ok ? [answer.value.briefing.id] : []);
  expect(told).toHaveLength(1);
});

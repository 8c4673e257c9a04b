/** For tests: five weeks of a small city in a real history, with a fall of one figure on its last Thursday, and a desk over it. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { indicator } from "./planned-city.ts";
import type { BriefingDefinition } from "../server/core/briefing/definition.ts";
import { batchOf } from "../server/history/conformance.ts";
import { openDuckDb } from "../server/history/duckdb.ts";
import type { History, MinuteColumns } from "../server/history/history.ts";
import { openHistory } from "../server/history/sql-history.ts";
import { DefinitionLog } from "../server/briefing/definition-log.ts";
import { BriefingDesk, type DeskOptions } from "../server/briefing/desk.ts";
import type { GatherContext, KnownIndicator } from "../server/briefing/gather-context.ts";

export const zone = "Europe/Lisbon";
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const minuteMs = 60_000;
export const today = Date.parse("2026-11-27T00:00Z");
export const at = today + 6.5 * hourMs;
export const firstAt = today - 35 * dayMs;
const both = (en: string, zh: string) => ({ en, zh });

export const indicators: readonly KnownIndicator[] = [
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

/** A row for every so many minutes. */
export function minutesOf(
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

export const districts = [
  { id: "old-town", name: both("Old Town", "老城"), population: 38_400 },
  { id: "centre", name: both("Centre", "中央区"), population: 61_700 },
];
export const series = [
  ...indicators.map(({ id }) => id),
  ...districts.map(({ id }) => `community.opened{area.district:${id}}`),
];

export const morning: BriefingDefinition = {
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
export const soFar: BriefingDefinition = { ...morning, id: "so-far", period: { of: "day", until: "now" } };
export const week: BriefingDefinition = {
  ...morning,
  id: "week",
  period: { of: "week", until: "end" },
  comparison: "previous",
};

export interface RecordedDays {
  readonly dir: string;
  readonly history: History;
  readonly definitionLog: DefinitionLog;
  readonly contextOf: (known?: readonly KnownIndicator[]) => GatherContext;
  readonly deskIn: (
    folder: string,
    context?: () => GatherContext,
    tell?: DeskOptions["tell"],
  ) => BriefingDesk;
  readonly close: () => Promise<void>;
}

export async function openRecordedDays(): Promise<RecordedDays> {
  const dir = await mkdtemp(join(tmpdir(), "citydeck-briefings-"));
  const history = await openHistory(await openDuckDb(join(dir, "history", "history.duckdb")), { zone });
  await history.append(batchOf({ minutes: minutesOf(series, firstAt, today - 8 * dayMs, 60) }));
  await history.append(batchOf({ minutes: minutesOf(series, today - 8 * dayMs, today + 6 * hourMs, 1) }));
  await history.maintain(at);
  const definitionLog = await DefinitionLog.open(join(dir, "definitions.jsonl"));
  await definitionLog.begin(indicators, firstAt);
  const recordedContext = (known = indicators): GatherContext => contextOf(history, definitionLog, known);
  return {
    dir,
    history,
    definitionLog,
    contextOf: recordedContext,
    deskIn: (folder, context = recordedContext, tell = async () => undefined) =>
      new BriefingDesk({
        dir: folder,
        definitions: () => [morning, soFar, week],
        context,
        tell,
        log: pino({ level: "silent" }),
      }),
    async close() {
      await history.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function contextOf(
  history: History,
  definitions: DefinitionLog,
  known: readonly KnownIndicator[],
): GatherContext {
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
    definitions,
  };
}

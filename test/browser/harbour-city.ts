/** The scripted city's settings and states: invented figures, chosen to show every state of a tile. */

import type { Domain, IndicatorDefinition, Text } from "../../shared/city.ts";
import type { SceneDefinition, WallDefinition } from "../../shared/wall.ts";
import { Dictionary, encodeEntityColumns, type EntityFrame } from "../../shared/entity-frame.ts";
import { entityId, type EntityOf } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Reading } from "../../shared/protocol.ts";
import type { Unit } from "../../shared/units.ts";
import type { Script } from "./scripted-city.ts";

export const startAt = Date.UTC(2025, 9, 15, 0, 21, 4);

interface Figure {
  id: string;
  title: Text;
  department: string;
  unit: Unit;
  better: IndicatorDefinition["better"];
  target: number | null;
  feed: string;
  calm: number;
  storm: number;
}

function figure(
  id: string,
  title: [string, string],
  department: string,
  unit: Unit,
  aim: [IndicatorDefinition["better"], number | null],
  feed: string,
  values: [number, number],
): Figure {
  const [en, zh] = title;
  const [better, target] = aim;
  return { id, title: { en, zh }, department, unit, better, target, feed, calm: values[0], storm: values[1] };
}

const figures: readonly Figure[] = [
  figure(
    "transport.vehicles",
    ["Vehicles in service", "在营车辆"],
    "transport",
    "count",
    ["neither", null],
    "trains",
    [508, 471],
  ),
  figure(
    "transport.on-time",
    ["On time −1…+5 min", "准点率 −1…+5 分"],
    "transport",
    "percent",
    ["higher", 88],
    "trains",
    [91.2, 71],
  ),
  figure(
    "transport.delay-p90",
    ["Delay, 90th percentile", "延误 P90"],
    "transport",
    "seconds",
    ["lower", 300],
    "trains",
    [252, 708],
  ),
  figure(
    "transport.stations-empty",
    ["Bike stations empty", "无车站点占比"],
    "transport",
    "percent",
    ["lower", 10],
    "bikes",
    [2.5, 3],
  ),
  figure(
    "security.calls-open",
    ["Emergency calls open", "未结警情"],
    "fire",
    "count",
    ["lower", 30],
    "calls",
    [14, 39],
  ),
  figure(
    "security.to-scene",
    ["Call to on scene, median", "呼叫至到场中位数"],
    "fire",
    "seconds",
    ["lower", 420],
    "calls",
    [384, 534],
  ),
  figure(
    "security.units-busy",
    ["Units busy", "出动单位占比"],
    "fire",
    "percent",
    ["lower", 75],
    "calls",
    [31, 68],
  ),
  figure(
    "security.cap",
    ["Warnings, severe and above", "严重及以上预警"],
    "fire",
    "count",
    ["lower", 0],
    "warnings",
    [0, 1],
  ),
  figure(
    "community.open",
    ["Requests open", "未结诉求"],
    "works",
    "count",
    ["lower", 1_400],
    "requests",
    [1_286, 1_352],
  ),
  figure(
    "community.overdue",
    ["Requests overdue", "超期诉求"],
    "works",
    "percent",
    ["lower", 5],
    "requests",
    [6.1, 6.1],
  ),
  figure(
    "community.oldest",
    ["Oldest request", "最早未结诉求"],
    "works",
    "seconds",
    ["lower", 2_592_000],
    "requests",
    [1_900_000, 2_700_000],
  ),
  figure(
    "community.demand",
    ["Electricity demand", "用电负荷"],
    "water",
    "megawatts",
    ["neither", null],
    "grid",
    [2_431, 2_702],
  ),
];

const departments = [
  { id: "transport", title: { en: "Transport", zh: "交通局" } },
  { id: "fire", title: { en: "Fire", zh: "消防局" } },
  { id: "works", title: { en: "Public Works", zh: "市政工程局" } },
  { id: "water", title: { en: "Water and Power", zh: "水电局" } },
];

const feedTitles: Record<string, [en: string, zh: string, cadence: number, stale: number]> = {
  trains: ["Trains and trams", "轨道车辆", 20, 90],
  bikes: ["Bike share", "共享单车", 60, 180],
  calls: ["Emergency calls", "警情", 10, 60],
  warnings: ["Official warnings", "官方预警", 120, 600],
  requests: ["Citizen requests", "市民诉求", 60, 300],
  grid: ["Electricity grid", "电网", 900, 3_600],
};

export function feed(id: string, change: Partial<FeedStatus> = {}, now = startAt): FeedStatus {
  const [en, zh, cadenceSeconds, staleAfterSeconds] = feedTitles[id]!;
  return {
    id,
    title: { en, zh },
    spec: "table",
    transport: "poll",
    department: "transport",
    supplier: "harbour-data",
    licence: "CC-BY-4.0",
    attribution: null,
    cadenceSeconds,
    staleAfterSeconds,
    status: "fresh",
    lastGoodAt: now - 4_000,
    observedAt: now - Math.round(cadenceSeconds * 400),
    entities: 100,
    dropped: 0,
    error: null,
    notices: [],
    ...change,
  };
}

export function reading(
  id: string,
  value: number | null,
  change: Partial<Reading> = {},
  now = startAt,
): Reading {
  const known = figures.find((one) => one.id === id);
  const observedAt = known ? feed(known.feed, {}, now).observedAt : now;
  return { id, value, state: "fresh", reason: null, quality: "good", observedAt, oldestAt: null, ...change };
}

function vehicle(label: string, lon: number, lat: number): EntityOf<"VehiclePosition"> {
  return {
    id: entityId("trains", "VehiclePosition", label),
    kind: "VehiclePosition",
    feedId: "trains",
    sourceId: label,
    observedAt: startAt - 8_000,
    receivedAt: startAt - 4_000,
    position: [lon, lat],
    quality: "good",
    fields: { label, bearing: 90, delaySeconds: 60 },
  };
}

function vehicleFrame(vehicles: readonly EntityOf<"VehiclePosition">[]): EntityFrame {
  const dictionary = new Dictionary();
  const slots = vehicles.map((_, slot) => slot);
  return {
    kind: "VehiclePosition",
    count: vehicles.length,
    columns: encodeEntityColumns("VehiclePosition", vehicles, slots, dictionary),
    ids: vehicles.map(({ id }, slot) => [slot, id] as const),
    removed: [],
    firstText: 1,
    texts: dictionary.since(1),
  };
}

const areas = ["harbour", "north-beach", "mission", "castro", "bayview", "sunset", "old-town"];

const domains = ["transport", "security", "community"] as const;
const figuresOf = (domain: Domain): string[] =>
  figures.filter((one) => one.id.startsWith(`${domain}.`)).map((one) => one.id);

const overview: SceneDefinition = {
  id: "overview",
  title: { en: "City overview", zh: "城市总览" },
  seconds: 60,
  map: { layers: ["VehiclePosition"], shade: { indicator: "security.calls-open", level: "district" } },
  regions: {
    left: [
      [{ show: "off-target", when: "always" }],
      [{ show: "data", when: "always" }],
      [{ show: "ranking", indicator: "security.calls-open", by: "area.district", when: "always" }],
    ],
    centre: [],
    beside: [],
    right: domains.map((domain) => [
      { show: "tiles", domain, indicators: figuresOf(domain), compact: false, when: "always" },
    ]),
    bottom: [[{ show: "today", indicators: domains.map((domain) => figuresOf(domain)[0]!), when: "always" }]],
  },
  variations: {},
};

const wall: WallDefinition = {
  id: "city",
  title: { en: "City overview", zh: "城市总览" },
  viewing: {
    distanceMetres: 4,
    diagonalInches: 75,
    shape: "16:9",
    screens: { across: 1, bezelMillimetres: 0 },
  },
  interrupt: null,
  scenes: [overview],
};

function definition(one: Figure): IndicatorDefinition & { feeds: readonly string[] } {
  return {
    id: one.id,
    domain: one.id.slice(0, one.id.indexOf(".")) as Domain,
    department: one.department,
    title: one.title,
    definition: {
      en: `${one.title.en}, as reported by the feed of the department that owns it.`,
      zh: `${one.title.zh}，取自责任部门的数据源。`,
    },
    unit: one.unit,
    better: one.better,
    target: one.target,
    reads: "Sensor",
    from: null,
    where: {},
    window: null,
    measure: { count: true },
    by: [],
    staleAfterSeconds: feedTitles[one.feed]![3],
    revision: "3f9c1a",
    groupTitles: {},
    replacedBy: null,
    feeds: [one.feed],
  };
}

/** A smooth, seeded wander around a value, so that trends look like trends. */
function wander(id: string, at: number): number {
  const seed = Array.from(id).reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const minutes = at / 60_000;
  return (
    Math.sin(minutes / 61 + seed) * 0.5 +
    Math.sin(minutes / 17 + seed * 2) * 0.25 +
    Math.sin(minutes / 3.1 + seed) * 0.12
  );
}

/** `calm`: nothing abnormal. `storm`: figures off target, one feed stale, one down. `empty`: no feed has spoken yet. */
export type Weather = "calm" | "storm" | "empty";

export function harbourCity(weather: Weather, clock: Script["clock"] = { kind: "live", speed: 1 }): Script {
  const bikesDown = {
    status: "down",
    observedAt: startAt - 29 * 60_000,
    error: { class: "timeout", message: "body: no answer in 10 s", at: startAt - 60_000 },
  } as const;
  const gridStale = { status: "stale", observedAt: startAt - 70 * 60_000 } as const;
  const feeds = Object.keys(feedTitles).map((id) => {
    if (weather === "empty")
      return feed(id, { status: "waiting", observedAt: null, lastGoodAt: null, entities: 0 });
    if (weather === "storm" && id === "bikes") return feed(id, bikesDown);
    if (weather === "storm" && id === "grid") return feed(id, gridStale);
    return feed(id);
  });
  const readingOf = (one: Figure): Reading => {
    if (weather === "empty")
      return reading(one.id, null, { state: "none", reason: "no-data", observedAt: null });
    if (weather === "calm") return reading(one.id, one.calm);
    if (one.feed === "bikes")
      return reading(one.id, null, {
        state: "none",
        reason: "source-down",
        observedAt: bikesDown.observedAt,
      });
    if (one.feed === "grid")
      return reading(one.id, one.storm, {
        state: "stale",
        reason: "stale",
        observedAt: gridStale.observedAt,
      });
    if (one.id === "security.units-busy")
      return reading(one.id, null, { state: "none", reason: "not-applicable" });
    return reading(one.id, one.storm, one.id === "transport.vehicles" ? { quality: "estimated" } : {});
  };
  const groups =
    weather === "empty"
      ? []
      : areas.map((area, i) => reading(`security.calls-open{area.district:${area}}`, 12 - i * 2 + (i % 2)));
  return {
    city: {
      settings: {
        id: "harbour",
        title: { en: "Harbour City", zh: "港湾市" },
        zone: "America/Los_Angeles",
        bounds: [-122.52, 37.7, -122.35, 37.83],
        areaLevels: [{ level: "district", title: { en: "District", zh: "城区" } }],
        basemap: null,
      },
      departments,
      suppliers: [{ id: "harbour-data", title: { en: "Harbour Data Ltd", zh: "港湾数据公司" } }],
      indicators: figures.map(definition),
      rules: [],
      walls: [wall],
      areaLevels: [{ level: "district", title: { en: "District", zh: "城区" } }],
      mailbox: null,
    },
    wall,
    feeds,
    readings: [...figures.map(readingOf), ...groups],
    entities: [
      vehicleFrame(
        weather === "empty" ? [] : [vehicle("N-7", -122.42, 37.77), vehicle("T-3", -122.39, 37.76)],
      ),
    ],
    clock,
    startAt,
    series: (id, fromAt, toAt, bucketMs) => seriesOf(id, weather, fromAt, toAt, bucketMs),
  };
}

function seriesOf(id: string, weather: Weather, fromAt: number, toAt: number, bucketMs: number) {
  const one = figures.find((known) => known.id === id);
  if (!one || weather === "empty") return [];
  const silentFrom =
    weather === "storm" && one.feed === "bikes" ? 29 : weather === "storm" && one.feed === "grid" ? 70 : 0;
  const points = [];
  for (let at = Math.floor(fromAt / bucketMs) * bucketMs; at < toAt; at += bucketMs) {
    const minutesAgo = (startAt - at) / 60_000;
    const rising = weather === "storm" ? Math.max(0, 1 - minutesAgo / 55) : 0;
    const base = one.calm + (one.storm - one.calm) * rising;
    const value = base * (1 + wander(id, at) * (rising > 0 ? 0.02 : 0.09));
    if (minutesAgo > silentFrom)
      points.push({ at, value: one.unit === "count" ? Math.round(value) : value, state: "fresh" });
  }
  return points;
}

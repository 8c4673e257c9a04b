/** For tests: days of a small city, scripted, as the facts that a briefing is made from. */

import type { AlarmEvent, AlarmEventKind, AlarmRule } from "../../../shared/alarms.ts";
import type { CityEvent } from "../../../shared/city-event.ts";
import type { IndicatorDefinition, Text } from "../../../shared/city.ts";
import type { Unit } from "../../../shared/units.ts";
import type { BriefingDefinition } from "./definition.ts";
import type { BriefingFacts, SeriesFacts, UsualPoint } from "./facts.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
export const dayAt = Date.parse("2026-11-26T00:00Z");

const both = (en: string, zh: string): Text => ({ en, zh });

const departments = [
  { id: "transport", title: both("Merrow Bay Transport", "公共交通集团") },
  { id: "fire", title: both("Fire and Rescue", "消防救援局") },
  { id: "water", title: both("Water and Drainage", "水务局") },
  { id: "citizens", title: both("Citizen Services", "政务服务中心") },
  { id: "digital", title: both("Digital and Data", "数据局") },
];

interface Known {
  readonly title: Text;
  readonly unit: Unit;
  readonly department: string;
  readonly better: IndicatorDefinition["better"];
  readonly target: number | null;
  readonly feeds: readonly string[];
  /** Its mean on an ordinary day, and how far an hour's usual band reaches. */
  readonly usual: number;
  readonly spread: number;
  readonly measure?: IndicatorDefinition["measure"];
}

/** The city's figures. */
const known = {
  "platform.city-score": {
    title: both("City score", "城市得分"),
    unit: "score",
    department: "digital",
    better: "higher",
    target: 90,
    feeds: ["trips", "calls", "requests"],
    usual: 91,
    spread: 4,
    measure: {
      score: [
        { indicator: "transport.on-time", worst: 30, weight: 2 },
        { indicator: "security.on-scene", worst: 40 },
        { indicator: "community.overdue", worst: 60 },
      ],
    },
  },
  "transport.on-time": {
    title: both("On time", "准点率"),
    unit: "percent",
    department: "transport",
    better: "higher",
    target: 85,
    feeds: ["trips"],
    usual: 88,
    spread: 4,
  },
  "transport.cancelled": {
    title: both("Cancelled trips", "取消车次"),
    unit: "count",
    department: "transport",
    better: "lower",
    target: 4,
    feeds: ["trips"],
    usual: 2,
    spread: 1,
  },
  "security.on-scene": {
    title: both("On scene within 10 min", "10 分钟内到场"),
    unit: "percent",
    department: "fire",
    better: "higher",
    target: 85,
    feeds: ["calls"],
    usual: 88,
    spread: 5,
  },
  "security.calls-open": {
    title: both("Open emergency calls", "处置中警情"),
    unit: "count",
    department: "fire",
    better: "lower",
    target: 18,
    feeds: ["calls"],
    usual: 12,
    spread: 4,
  },
  "community.rain": {
    title: both("Rain, highest station", "最大雨强"),
    unit: "millimetres-per-hour",
    department: "water",
    better: "lower",
    target: 15,
    feeds: ["rain"],
    usual: 0.4,
    spread: 0.4,
  },
  "community.level": {
    title: both("Water level, highest gauge", "最高水位"),
    unit: "metres",
    department: "water",
    better: "lower",
    target: 2.9,
    feeds: ["gauges"],
    usual: 1.9,
    spread: 0.3,
  },
  "community.wait": {
    title: both("Longest wait", "最长等候"),
    unit: "seconds",
    department: "citizens",
    better: "lower",
    target: 1500,
    feeds: ["counters"],
    usual: 1200,
    spread: 240,
  },
  "community.opened": {
    title: both("Requests today", "今日新增诉求"),
    unit: "count",
    department: "citizens",
    better: "neither",
    target: null,
    feeds: ["requests"],
    usual: 412,
    spread: 60,
  },
  "community.closed": {
    title: both("Closed today", "今日办结"),
    unit: "count",
    department: "citizens",
    better: "higher",
    target: null,
    feeds: ["requests"],
    usual: 430,
    spread: 60,
  },
  "community.open": {
    title: both("Open requests", "未结诉求"),
    unit: "count",
    department: "citizens",
    better: "lower",
    target: null,
    feeds: ["requests"],
    usual: 2140,
    spread: 120,
  },
  "community.overdue": {
    title: both("Open requests overdue", "未结诉求超期率"),
    unit: "percent",
    department: "citizens",
    better: "lower",
    target: 20,
    feeds: ["requests"],
    usual: 18,
    spread: 3,
  },
  "community.oldest": {
    title: both("Oldest open request", "最早未结诉求"),
    unit: "seconds",
    department: "citizens",
    better: "lower",
    target: null,
    feeds: ["requests"],
    usual: 41 * 86_400,
    spread: 86_400,
  },
  "community.repeat": {
    title: both("Requests that come back", "重复诉求占比"),
    unit: "percent",
    department: "citizens",
    better: "lower",
    target: 10,
    feeds: ["requests"],
    usual: 7.4,
    spread: 1.5,
  },
} as const satisfies Record<string, Known>;

export type FigureId = keyof typeof known;

interface Change {
  readonly from: number;
  readonly to: number;
  readonly value: number | null;
  /** Of each of the hours; 100 unless said. */
  readonly knownPercent?: number;
}

/** How a scripted day differs from an ordinary one. */
export interface Script {
  /** The first instant of the day. */
  readonly fromAt?: number;
  /** Known only up to so many hours of the day; 24 unless said. */
  readonly hours?: number;
  /** By figure, what the hours from one to another were instead; `null`: nothing is known of them. */
  readonly changes?: Partial<Record<FigureId, readonly Change[]>>;
  /** What ordinary is, by figure. */
  readonly usual?: Partial<Record<FigureId, number>>;
  readonly breaks?: Partial<Record<FigureId, number>>;
  /** What an indicator counts only, by figure. */
  readonly where?: Partial<Record<FigureId, IndicatorDefinition["where"]>>;
  readonly events?: readonly CityEvent[];
  readonly alarms?: readonly ScriptedAlarm[];
  readonly feeds?: BriefingFacts["feeds"];
  readonly areas?: readonly {
    readonly id: string;
    readonly name: Text;
    readonly count: number | null;
    readonly inhabitants: number;
  }[];
  readonly holidays?: ReadonlyMap<string, Text>;
  readonly definition?: Partial<BriefingDefinition>;
  readonly revised?: readonly { readonly id: FigureId; readonly was: number; readonly value: number }[];
}

export interface ScriptedAlarm {
  readonly rule: keyof typeof rules;
  readonly group?: string;
  /** Hours of the day. */
  readonly from: number;
  readonly to: number | null;
  readonly acknowledgedAfterMinutes?: number;
  readonly comment?: string;
  readonly explainedBy?: string;
}

const rules = {
  "transport.on-time-low": {
    title: both("Many trips late", "大面积晚点"),
    owner: "transport",
    priority: "medium",
    text: both("Hold connections and tell passengers.", "保障换乘并告知乘客。"),
    withinSeconds: 1800,
  },
  "security.units-short": {
    title: both("Nearly all units busy", "出动单位接近上限"),
    owner: "fire",
    priority: "high",
    text: both("Call in the reserve.", "调集备勤力量。"),
    withinSeconds: 900,
  },
  "security.extreme-warning": {
    title: both("Extreme weather warning", "气象红色预警"),
    owner: "fire",
    priority: "critical",
    text: both("Activate the emergency staff and warn the public.", "启动应急指挥部并向公众发布预警。"),
    withinSeconds: 300,
  },
  "security.attack": {
    title: both("Log-ins under attack", "登录遭受攻击"),
    owner: "digital",
    priority: "high",
    text: both("Block the sources and follow the plan for attacks.", "封禁攻击来源并执行应急预案。"),
    withinSeconds: 600,
  },
  "security.attack-in-emergency": {
    title: both("Attack during an emergency", "应急期间遭受网络攻击"),
    owner: "digital",
    priority: "critical",
    text: both("Go over to the fallback systems of the emergency staff.", "应急指挥部切换至备用系统。"),
    withinSeconds: 300,
  },
  "community.flooding": {
    title: both("Flooding reported in a district", "片区内涝集中上报"),
    owner: "water",
    priority: "low",
    text: both("Send pumps.", "调派抽排设备。"),
    withinSeconds: 3600,
  },
  "platform.feed-silent": {
    title: both("A feed is silent", "数据源中断"),
    owner: "digital",
    priority: "medium",
    text: both("Ask the supplier.", "联系供应方。"),
    withinSeconds: 3600,
  },
} as const;

const feedTitles = new Map<string, Text>([
  ["trips", both("Trip updates", "车次动态")],
  ["calls", both("Emergency calls", "接警数据")],
  ["requests", both("Service requests", "市民诉求")],
  ["rain", both("Rain gauges", "雨量站")],
  ["gauges", both("River gauges", "水位站")],
  ["counters", both("Service counters", "政务窗口")],
]);

const districts = new Map<string, Text>([
  ["old-town", both("Old Town", "老城")],
  ["west-quays", both("West Quays", "西码头")],
]);

export function scriptedFacts(script: Script = {}): BriefingFacts {
  const fromAt = script.fromAt ?? dayAt;
  const toAt = fromAt + (script.hours ?? 24) * hourMs;
  const definition = { ...baseDefinition, ...script.definition };
  const figures = (Object.keys(known) as FigureId[]).map((id) => figureFacts(id, script, fromAt, toAt));
  return {
    definition,
    city: { id: "merrow-bay", title: both("Merrow Bay", "梅罗湾"), zone: "Europe/Lisbon" },
    clock: "live",
    period: { kind: "day", fromAt, toAt, isOver: toAt === fromAt + dayMs },
    comparison: { kind: "week", fromAt: fromAt - 7 * dayMs, toAt: toAt - 7 * dayMs },
    knownAt: toAt === fromAt + dayMs ? toAt + 6.5 * hourMs : toAt,
    dataVersion: "3d0b8c55",
    holidays: script.holidays ?? new Map(),
    departments,
    figures,
    ground: null,
    compared: comparedFacts(
      script,
      figures.find(({ series }) => series === "community.opened")!,
    ),
    rules: Object.entries(rules).map(([id, rule]) => ruleOf(id, rule)),
    alarmEvents: (script.alarms ?? [])
      .flatMap((alarm) => eventsOf(alarm, fromAt))
      .toSorted((a, b) => a.at - b.at),
    nameOfAlarm: ({ group }) => districts.get(group?.split(":")[1] ?? "") ?? null,
    events: script.events ?? [],
    feeds: script.feeds ?? [],
    feedTitles,
    revised: (script.revised ?? []).map(({ id, was, value }) => {
      const facts = figureFacts(id, {}, fromAt - dayMs, fromAt);
      return {
        facts: { ...facts, told: { ...facts.told, value } },
        was,
        briefing: "morning-2026-11-26",
        period: both("Wednesday 25 November", "11 月 25 日（周三）"),
      };
    }),
  };
}

const baseDefinition: BriefingDefinition = {
  id: "morning",
  title: both("Morning briefing", "早间简报"),
  audience: both("Mayor and heads of department", "市长与各部门负责人"),
  period: { of: "day", until: "end" },
  comparison: "week",
  sections: ["score", "unusual", "targets", "alarms", "services", "areas", "data", "next"],
  score: "platform.city-score",
  domains: ["transport", "security", "community"],
  indicators: null,
  services: {
    opened: "community.opened",
    closed: "community.closed",
    open: "community.open",
    overdue: "community.overdue",
    oldest: "community.oldest",
    repeat: "community.repeat",
  },
  compare: [],
  recipients: [],
  schedule: [],
};

function definitionOf(id: FigureId, where: IndicatorDefinition["where"] = {}): IndicatorDefinition {
  const { title, unit, department, better, target, ...rest } = known[id];
  return {
    id,
    domain: id.split(".")[0] as IndicatorDefinition["domain"],
    department,
    title,
    definition: title,
    unit,
    better,
    target,
    reads: null,
    from: null,
    where,
    window: null,
    measure: "measure" in rest ? rest.measure : { count: true },
    by: [],
    groupTitles: {},
    staleAfterSeconds: 60,
    revision: "r1",
    replacedBy: null,
  };
}

function figureFacts(id: FigureId, script: Script, fromAt: number, toAt: number): SeriesFacts {
  const { spread, feeds, usual: ordinary } = known[id];
  const usual = script.usual?.[id] ?? ordinary;
  const changes = script.changes?.[id] ?? [];
  const course = Array.from({ length: Math.round((toAt - fromAt) / hourMs) }, (_, hour): UsualPoint => {
    const change = changes.find(({ from, to }) => hour >= from && hour < to);
    return {
      fromAt: fromAt + hour * hourMs,
      toAt: fromAt + (hour + 1) * hourMs,
      value: change ? change.value : usual,
      low: Math.max(0, usual - spread),
      high: usual + spread,
      knownPercent: change?.knownPercent ?? 100,
    };
  });
  const told = course.slice(script.breaks?.[id] ?? 0);
  const values = told.flatMap(({ value }) => value ?? []);
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const brokenAt = script.breaks?.[id];
  const address = (from: number, to: number, bucket: string): string =>
    `/api/v1/series?indicator=${id}&from=${from}&to=${to}&bucket=${bucket}&asOf=${toAt}`;
  return {
    series: id,
    definition: definitionOf(id, script.where?.[id]),
    feeds,
    statistic: "mean",
    told: {
      value: mean,
      knownPercent: course.length === 0 ? 0 : (100 * values.length) / course.length,
      address: address(fromAt, toAt, "day"),
    },
    compared:
      brokenAt === undefined
        ? { value: usual, knownPercent: 100, address: address(fromAt - 7 * dayMs, fromAt - 6 * dayMs, "day") }
        : null,
    course,
    courseAddress: address(fromAt, toAt, "hour"),
    pointAddress: (span) => address(span.fromAt, span.toAt, "hour"),
    daysBefore: brokenAt === undefined ? Array.from({ length: 28 }, () => usual) : [],
    breaks: brokenAt === undefined ? [] : [fromAt + brokenAt * hourMs],
  };
}

function comparedFacts({ areas }: Script, { definition, feeds }: SeriesFacts): BriefingFacts["compared"] {
  if (!areas) return [];
  return [
    {
      asked: { indicator: definition.id, by: "area.district", per: "inhabitants", of: null },
      definition,
      statistic: "total",
      feeds,
      groups: areas.map(({ id, name, count, inhabitants }, i) => ({
        series: `${definition.id}{area.district:${id}}`,
        name,
        told: {
          value: count,
          knownPercent: 100,
          address: `/api/v1/series?indicator=${definition.id}{area.district:${id}}&bucket=day`,
        },
        size: inhabitants,
        area: {
          id,
          rings: [
            [
              [i, 0],
              [i + 1, 0],
              [i + 1, 1],
              [i, 0],
            ],
          ],
        },
      })),
    },
  ];
}

function ruleOf(
  id: string,
  { title, owner, priority, text, withinSeconds }: (typeof rules)[keyof typeof rules],
): AlarmRule {
  return {
    id,
    domain: id.split(".")[0] as AlarmRule["domain"],
    enabled: true,
    title,
    consequence: title,
    indicator: null,
    when: id === "security.extreme-warning" ? { each: "CapAlert", where: {} } : { above: 1, clearBelow: 1 },
    by: [],
    groups: null,
    onDelaySeconds: 0,
    offDelaySeconds: 0,
    priority,
    latch: false,
    response: { text, checklist: [], sop: null, withinSeconds },
    owner,
    backup: null,
    validTimes: [],
    maintenance: [],
    suppressedBy: [],
    shelveAtMostSeconds: 3600,
    revision: "r1",
  };
}

function eventsOf(
  { rule, group, from, to, acknowledgedAfterMinutes, comment, explainedBy }: ScriptedAlarm,
  dayFromAt: number,
): AlarmEvent[] {
  const at = dayFromAt + from * hourMs;
  const event = (kind: AlarmEventKind, when: number, text: string | null = null): AlarmEvent => ({
    at: when,
    alarm: group ? `${rule}{${group}}` : rule,
    rule,
    group: group ?? null,
    occurrence: 1,
    kind,
    priority: rules[rule].priority,
    state: "unacknowledged",
    value: null,
    by:
      kind === "acknowledge" || kind === "comment"
        ? { position: "Duty desk", shift: null, account: null }
        : null,
    text,
    until: null,
  });
  const known = acknowledgedAfterMinutes === undefined ? null : at + acknowledgedAfterMinutes * 60_000;
  return [
    event("raised", at),
    ...(explainedBy ? [event("suppressed", at, explainedBy)] : []),
    ...(known === null ? [] : [event("acknowledge", known)]),
    ...(comment ? [event("comment", at + 30 * 60_000, comment)] : []),
    ...(to === null ? [] : [event("returned", dayFromAt + to * hourMs)]),
  ];
}

/** A briefing made by hand, of a day with a storm, with every kind of chart: what its faces are tried with. */

import type {
  Briefing,
  BriefingFigure,
  ChartPoint,
  Confidence,
  Evidence,
  Run,
  Sentences,
  Statement,
} from "../shared/briefing.ts";
import type { Text } from "../shared/city.ts";

const zone = "Europe/Lisbon";
const fromAt = Date.parse("2026-11-26T00:00Z");
const toAt = Date.parse("2026-11-27T00:00Z");
const knownAt = Date.parse("2026-11-27T06:30Z");
const hourMs = 3_600_000;
const at = (time: string): number => Date.parse(`2026-11-26T${time}Z`);

const departments = {
  transport: { en: "Merrow Bay Transport", zh: "公共交通集团" },
  fire: { en: "Fire and Rescue", zh: "消防救援局" },
  water: { en: "Water and Drainage", zh: "水务局" },
  citizens: { en: "Citizen Services", zh: "政务服务中心" },
  digital: { en: "Digital and Data", zh: "数据局" },
} as const;

function seriesEvidence(
  indicator: string,
  title: Text,
  owner: keyof typeof departments,
  feed: string,
): Evidence {
  return {
    address: `/api/v1/series?indicator=${indicator}&from=${fromAt}&to=${toAt}&bucket=day&asOf=${knownAt}`,
    source: "series",
    title,
    definition: {
      en: `What ${title.en.toLowerCase()} counts, in a sentence.`,
      zh: `${title.zh}的口径说明。`,
    },
    revision: "5f2c9a1e",
    owner: departments[owner],
    feeds: [{ id: feed, title: { en: `Feed ${feed}`, zh: `数据源 ${feed}` } }],
  };
}

const titles = {
  score: { en: "City score", zh: "城市得分" },
  onTime: { en: "On time", zh: "准点率" },
  onScene: { en: "On scene within 10 min", zh: "10 分钟内到场" },
  flooding: { en: "Flooding and drains open", zh: "积水与排水未结" },
  level: { en: "Water level, highest gauge", zh: "最高水位" },
  overdue: { en: "Open requests overdue", zh: "未结诉求超期率" },
} as const;

const evidence: readonly Evidence[] = [
  seriesEvidence("platform.city-score", titles.score, "digital", "trips"),
  seriesEvidence("transport.on-time", titles.onTime, "transport", "trips"),
  seriesEvidence("security.on-scene-within-target", titles.onScene, "fire", "calls"),
  seriesEvidence("community.flooding-requests", titles.flooding, "water", "requests"),
  seriesEvidence("community.water-level", titles.level, "water", "gauges"),
  seriesEvidence("community.requests-overdue-share", titles.overdue, "citizens", "requests"),
  {
    address: `/api/v1/alarms/events?from=${fromAt}&to=${toAt}`,
    source: "alarms",
    title: { en: "Log of alarms", zh: "告警日志" },
    definition: null,
    revision: null,
    owner: null,
    feeds: [],
  },
  {
    address: `/api/v1/quality?from=${fromAt}&to=${toAt}&period=day`,
    source: "feeds",
    title: { en: "What feeds kept of their promises", zh: "数据源履约情况" },
    definition: null,
    revision: null,
    owner: departments.digital,
    feeds: [],
  },
  {
    address: `/api/v1/events?from=${fromAt}&to=${toAt}`,
    source: "events",
    title: { en: "Warnings and works", zh: "预警与施工" },
    definition: null,
    revision: null,
    owner: null,
    feeds: [],
  },
];

function figure(
  place: number,
  series: string | null,
  value: number | null,
  rest: Partial<BriefingFigure> & { readonly confidence?: Confidence } = {},
): BriefingFigure {
  return {
    series,
    name: evidence[place]!.title,
    statistic: series === null ? "count" : "mean",
    value,
    unit: "count",
    better: "lower",
    target: null,
    compared: null,
    confidence: "sound",
    was: null,
    knownPercent: series === null ? null : 100,
    evidence: place,
    ...rest,
  };
}

function say(en: readonly Run[], zh: readonly Run[]): Sentences {
  return { en, zh };
}

function statement(
  id: string,
  text: Sentences,
  figures: readonly BriefingFigure[],
  rest: Partial<Statement> = {},
): Statement {
  return {
    id,
    text,
    figures,
    evidence: [...new Set(figures.map((one) => one.evidence))],
    tone: "bad",
    weight: 50,
    at: null,
    cause: null,
    action: null,
    ...rest,
  };
}

/** By the hour: as usual, and from `since` on what the storm makes of it. */
function hours(usual: number, spread: number, since: string, storm: number): readonly ChartPoint[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const start = fromAt + hour * hourMs;
    const depth = Math.max(0, Math.min(1, (start - at(since)) / (3 * hourMs)));
    const value = usual + depth * (storm - usual) + spread * 0.5 * Math.sin(hour);
    return { at: start, value: hour === 4 ? null : value, low: usual - spread, high: usual + spread };
  });
}

const score = figure(0, "platform.city-score", 71.4, {
  unit: "score",
  better: "higher",
  target: 90,
  compared: { value: 88.2, evidence: 0 },
});
const onTime = figure(1, "transport.on-time", 61.3, {
  unit: "percent",
  better: "higher",
  target: 85,
  compared: { value: 86.9, evidence: 1 },
});

const square = (west: number, south: number): readonly (readonly [number, number])[] => [
  [west, south],
  [west + 0.02, south],
  [west + 0.02, south + 0.02],
  [west, south + 0.02],
  [west, south],
];

export const sampleBriefing: Briefing = {
  version: 1,
  id: "morning-2026-11-27",
  definition: "morning",
  title: { en: "Morning briefing", zh: "早间简报" },
  audience: { en: "Mayor and heads of department", zh: "市长与各部门负责人" },
  city: { id: "merrow-bay", title: { en: "Merrow Bay", zh: "梅罗湾" }, zone },
  clock: "simulated",
  period: {
    kind: "day",
    fromAt,
    toAt,
    isOver: true,
    words: { en: "Thursday 26 November", zh: "11 月 26 日（星期四）" },
  },
  comparison: {
    kind: "week",
    fromAt: fromAt - 7 * 24 * hourMs,
    toAt: toAt - 7 * 24 * hourMs,
    words: { en: "Thursday 19 November", zh: "11 月 19 日（星期四）" },
  },
  knownAt,
  issuedAt: knownAt,
  dueAt: knownAt,
  dataVersion: "3d0b8c55",
  corrects: null,
  cover: say(
    [
      "The city scored ",
      { figure: 0, words: "71 of 100" },
      " on Thursday, 17 fewer than a week before: from 16:40 a storm made trips late and flooded streets in the old town.",
    ],
    [
      "周四全市得分 ",
      { figure: 0, words: "71 分" },
      "，比一周前低 17 分：16:40 起的风暴造成大面积晚点，老城多处积水。",
    ],
  ),
  coverFigures: [score],
  sections: [
    {
      kind: "score",
      title: { en: "How the city did", zh: "城市总体" },
      statements: [
        statement(
          "score/platform.city-score",
          say(
            [
              "The score of the day was ",
              { figure: 0, words: "71" },
              ", after 88 on Thursday 19 November; what cost it most is that only ",
              { figure: 1, words: "61 %" },
              " of trips were on time.",
            ],
            [
              "当日得分 ",
              { figure: 0, words: "71 分" },
              "，11 月 19 日（星期四）为 88 分；拖累最大的是准点率，仅 ",
              { figure: 1, words: "61 %" },
              "。",
            ],
          ),
          [score, onTime],
          { weight: 90 },
        ),
      ],
      chart: {
        question: { en: "When did the score fall?", zh: "得分何时下降？" },
        kind: "line",
        series: {
          series: "platform.city-score",
          name: titles.score,
          unit: "score",
          better: "higher",
          target: 90,
          points: hours(88, 4, "16:40", 44),
          breaks: [],
          evidence: 0,
        },
      },
    },
    {
      kind: "unusual",
      title: { en: "What was unusual", zh: "异常情况" },
      statements: [
        statement(
          "unusual/transport.on-time",
          say(
            [
              "On time fell to ",
              { figure: 0, words: "61 %" },
              " and has been below what is usual since 17:00.",
            ],
            ["准点率降至 ", { figure: 0, words: "61 %" }, "，17:00 起低于常值。"],
          ),
          [onTime],
          {
            weight: 80,
            cause: {
              kind: "alert",
              text: say(["A red warning of storm was in force from 16:40."], ["16:40 起风暴红色预警生效。"]),
            },
            evidence: [1, 8],
            action: { owner: departments.transport, dueAt: at("17:30") },
          },
        ),
        statement(
          "unusual/community.water-level",
          say(
            ["The highest gauge stood at ", { figure: 0, words: "2.94 m" }, "."],
            ["最高水位 ", { figure: 0, words: "2.94 米" }, "。"],
          ),
          [
            figure(4, "community.water-level", 2.94, {
              unit: "metres",
              statistic: "highest",
              target: 2.9,
              confidence: "revised",
              was: 2.88,
            }),
          ],
          {
            weight: 60,
            cause: {
              kind: "correlation",
              text: say(
                ["It moved with the rain of 2 hours before; that is a correlation, no proof."],
                ["与 2 小时前的降雨同步变化；仅为相关，不能证明因果。"],
              ),
            },
          },
        ),
      ],
      chart: {
        question: { en: "What left its usual band, and when?", zh: "哪些指标何时偏离常值？" },
        kind: "small-multiples",
        series: [
          {
            series: "transport.on-time",
            name: titles.onTime,
            unit: "percent",
            better: "higher",
            target: 85,
            points: hours(87, 4, "16:00", 38),
            breaks: [],
            evidence: 1,
          },
          {
            series: "community.water-level",
            name: titles.level,
            unit: "metres",
            better: "lower",
            target: 2.9,
            points: hours(1.9, 0.3, "17:00", 2.94),
            breaks: [at("09:00")],
            evidence: 4,
          },
        ],
      },
    },
    {
      kind: "targets",
      title: { en: "Targets", zh: "目标" },
      statements: [
        statement(
          "targets/security.on-scene-within-target",
          say(
            [
              "Crews were on scene within 10 minutes of ",
              { figure: 0, words: "78 %" },
              " of urgent calls; the target is 85 %.",
            ],
            ["紧急警情 10 分钟内到场的占 ", { figure: 0, words: "78 %" }, "，目标为 85 %。"],
          ),
          [
            figure(2, "security.on-scene-within-target", 78.1, {
              unit: "percent",
              better: "higher",
              target: 85,
              confidence: "preliminary",
              knownPercent: 82,
            }),
          ],
          { weight: 55 },
        ),
      ],
      chart: {
        question: { en: "Which targets were met?", zh: "哪些目标达成？" },
        kind: "bullet",
        rows: [
          {
            name: titles.onTime,
            unit: "percent",
            better: "higher",
            target: 85,
            value: 61.3,
            compared: 86.9,
            confidence: "sound",
            trend: [86, 87, 86.9, 85.2, 61.3],
            evidence: 1,
          },
          {
            name: titles.onScene,
            unit: "percent",
            better: "higher",
            target: 85,
            value: 78.1,
            compared: 86,
            confidence: "preliminary",
            trend: [86, null, 84.1, 86, 78.1],
            evidence: 2,
          },
          {
            name: titles.overdue,
            unit: "percent",
            better: "lower",
            target: 20,
            value: null,
            compared: 18.3,
            confidence: "missing",
            trend: [17, 18, 18.2, 18.3, null],
            evidence: 5,
          },
        ],
      },
    },
    {
      kind: "timeline",
      title: { en: "The storm, hour by hour", zh: "风暴经过" },
      statements: [
        statement(
          "timeline/warning",
          say(["16:40 Red warning of storm in force."], ["16:40 风暴红色预警生效。"]),
          [],
          { at: at("16:40"), evidence: [8], weight: 70 },
        ),
        statement(
          "timeline/transport.on-time-low",
          say(
            ["17:22 Many trips late: acknowledged after 4 minutes by the transport desk."],
            ["17:22 大面积晚点：交通席位 4 分钟后确认。"],
          ),
          [],
          { at: at("17:22"), evidence: [6] },
        ),
      ],
      chart: {
        question: { en: "What came after what?", zh: "先后经过如何？" },
        kind: "timeline",
        fromAt: at("16:00"),
        toAt,
        entries: [
          {
            kind: "alert",
            name: { en: "Red warning of storm", zh: "风暴红色预警" },
            at: at("16:40"),
            endsAt: at("22:00"),
            isUrgent: true,
            evidence: 8,
          },
          {
            kind: "alarm",
            name: { en: "Many trips late", zh: "大面积晚点" },
            at: at("17:22"),
            endsAt: null,
            isUrgent: false,
            evidence: 6,
          },
        ],
      },
    },
    {
      kind: "services",
      title: { en: "Community services", zh: "民生服务" },
      statements: [
        statement(
          "services/community.requests-overdue-share",
          say(
            [{ figure: 0, words: "No figure" }, " is known of overdue requests: the feed was silent."],
            ["超期率", { figure: 0, words: "无数据" }, "：数据源中断。"],
          ),
          [
            figure(5, "community.requests-overdue-share", null, {
              unit: "percent",
              target: 20,
              confidence: "missing",
              knownPercent: 0,
            }),
          ],
          { tone: "neutral", weight: 40 },
        ),
      ],
      chart: {
        question: { en: "Which districts got better or worse?", zh: "哪些城区变好或变差？" },
        kind: "slope",
        unit: "percent",
        better: "lower",
        before: { en: "19 November", zh: "11 月 19 日" },
        after: { en: "26 November", zh: "11 月 26 日" },
        rows: [
          { name: { en: "Old Town", zh: "老城" }, before: 18, value: 31, confidence: "sound", evidence: 5 },
          { name: { en: "Centre", zh: "中央区" }, before: 20, value: 19, confidence: "sound", evidence: 5 },
          {
            name: { en: "West Quays", zh: "西码头" },
            before: null,
            value: 12,
            confidence: "preliminary",
            evidence: 5,
          },
        ],
      },
    },
    {
      kind: "areas",
      title: { en: "Where it was", zh: "分布" },
      statements: [
        statement(
          "areas/community.flooding-requests",
          say(
            ["Old Town reported most flooding: ", { figure: 0, words: "9.4 per 10,000 inhabitants" }, "."],
            ["老城积水上报最多：每万人 ", { figure: 0, words: "9.4 件" }, "。"],
          ),
          [figure(3, "community.flooding-requests{area.district:old-town}", 36, { statistic: "highest" })],
        ),
      ],
      chart: {
        question: { en: "Where was flooding reported?", zh: "哪里上报了积水？" },
        kind: "area-map",
        unit: "count",
        better: "lower",
        per: { en: "per 10,000 inhabitants", zh: "每万人" },
        ground: {
          water: [[square(-12.04, 43.97)]],
          roads: [
            [
              [-12.02, 43.98],
              [-11.98, 44.02],
            ],
          ],
          attribution: "Merrow Bay is a made-up city",
        },
        areas: [
          {
            id: "old-town",
            name: { en: "Old Town", zh: "老城" },
            value: 9.4,
            confidence: "sound",
            isSmall: false,
            rings: [square(-12.02, 43.99)],
            evidence: 3,
          },
          {
            id: "centre",
            name: { en: "Centre", zh: "中央区" },
            value: 2.1,
            confidence: "sound",
            isSmall: true,
            rings: [square(-12, 43.99)],
            evidence: 3,
          },
          {
            id: "west-quays",
            name: { en: "West Quays", zh: "西码头" },
            value: null,
            confidence: "missing",
            isSmall: false,
            rings: [square(-12.02, 43.97)],
            evidence: 3,
          },
        ],
      },
    },
    {
      kind: "data",
      title: { en: "How sure we are", zh: "数据可信度" },
      statements: [
        statement(
          "data/requests",
          say(
            ["The feed of requests was silent for ", { figure: 0, words: "212 minutes" }, "."],
            ["诉求数据源中断 ", { figure: 0, words: "212 分钟" }, "。"],
          ),
          [figure(7, null, 12_720, { unit: "seconds", name: { en: "Silent", zh: "中断" } })],
          { action: { owner: departments.digital, dueAt: null } },
        ),
      ],
      chart: null,
    },
  ],
  evidence,
};

/**
 * Scripted days and what their briefings say, word by word, in both languages: `golden/*.txt`. Whoever changes a sentence
 * changes them too (`vitest -u`) and reads them again.
 */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainText, type Briefing } from "../../../shared/briefing.ts";
import { languages } from "../../../shared/city.ts";
import { briefingText } from "./plain-text.ts";
import { composeBriefing } from "./compose.ts";
import { dayAt, scriptedFacts, type FigureId, type Script } from "./scripted-facts.ts";
import { briefingFaults } from "./soundness.ts";

const hourMs = 3_600_000;
const title = (en: string, zh: string) => ({ en, zh });

const storm: Script = {
  hours: 20,
  changes: {
    "platform.city-score": [{ from: 16, to: 20, value: 48 }],
    "transport.on-time": [
      { from: 16, to: 18, value: 61 },
      { from: 18, to: 20, value: 34 },
    ],
    "transport.cancelled": [{ from: 17, to: 20, value: 21 }],
    "security.on-scene": [{ from: 17, to: 20, value: 58 }],
    "security.calls-open": [{ from: 16, to: 20, value: 47 }],
    "community.rain": [{ from: 15, to: 19, value: 31 }],
    "community.level": [{ from: 17, to: 20, value: 3.04 }],
    "community.opened": [{ from: 17, to: 20, value: 700 }],
  },
  events: [
    {
      kind: "alert",
      at: dayAt + 15 * hourMs,
      endsAt: dayAt + 23 * hourMs,
      subject: "warnings/CapAlert/7",
      department: null,
      value: null,
      text: title("Red warning of storm", "风暴红色预警"),
    },
  ],
  alarms: [
    {
      rule: "transport.on-time-low",
      from: 16.4,
      to: null,
      acknowledgedAfterMinutes: 4,
      comment: "Tram 1 turns at the bridge",
    },
    { rule: "security.units-short", from: 17.1, to: 19.2, acknowledgedAfterMinutes: 2 },
    {
      rule: "community.flooding",
      group: "area.district:old-town",
      from: 17.5,
      to: 19,
      acknowledgedAfterMinutes: 12,
    },
    { rule: "community.flooding", group: "area.district:west-quays", from: 18, to: null },
    {
      rule: "platform.feed-silent",
      group: "feed:rain",
      from: 18.5,
      to: 18.9,
      explainedBy: "transport.on-time-low",
    },
  ],
  areas: [
    { id: "old-town", name: title("Old Town", "老城"), count: 96, inhabitants: 38_400 },
    { id: "centre", name: title("Centre", "中央区"), count: 71, inhabitants: 61_700 },
    { id: "west-quays", name: title("West Quays", "西码头"), count: 69, inhabitants: 57_300 },
    { id: "islet", name: title("Islet", "小岛"), count: 4, inhabitants: 900 },
  ],
  definition: {
    sections: ["score", "unusual", "timeline", "alarms", "targets", "services", "areas", "data", "next"],
  },
};

/** Works that close a road of a district from one hour of the day on. */
function closure(
  road: string,
  district: string,
  from: number,
  to: number | null,
  closes: "road" | "lanes" = "road",
): NonNullable<Script["events"]>[number] {
  return {
    kind: "works",
    at: dayAt + from * hourMs,
    endsAt: to === null ? null : dayAt + to * hourMs,
    subject: `works/WorkZone/${road}/${from}`,
    department: "transport",
    value: null,
    text: title(road, road),
    works: { closes, roads: [road], areas: [`area.district:${district}`] },
  };
}

const works: Script = {
  where: {
    "transport.on-time": { $area: "area.district:old-town" },
    "transport.cancelled": { roadName: { in: ["Quay Street", "Mill Lane"] }, routeName: "Market Street" },
    "security.on-scene": { $area: "area.district:centre" },
  },
  changes: {
    "transport.on-time": [{ from: 10, to: 16, value: 61 }],
    "transport.cancelled": [{ from: 9, to: 14, value: 12 }],
    "security.on-scene": [{ from: 10, to: 16, value: 60 }],
    "security.calls-open": [{ from: 10, to: 16, value: 40 }],
    "community.opened": [{ from: 8, to: 20, value: 700 }],
  },
  events: [
    closure("Harbour Road", "old-town", 10, 15.5),
    closure("Harbour Road", "old-town", 10, 15.5),
    closure("Sluice Street", "old-town", 11, 12, "lanes"),
    closure("Early Street", "old-town", 4, 9),
    closure("Quay Street", "west-quays", 9, null, "lanes"),
    closure("Market Street", "centre", 17, 19),
    {
      ...closure("Nowhere", "centre", 11, 12),
      subject: "works/plain",
      works: { closes: "road", roads: ["Nowhere"], areas: [] },
    },
  ],
  areas: [
    { id: "old-town", name: title("Old Town", "老城"), count: 96, inhabitants: 38_400 },
    { id: "centre", name: title("Centre", "中央区"), count: 71, inhabitants: 61_700 },
    { id: "west-quays", name: title("West Quays", "西码头"), count: 69, inhabitants: 57_300 },
  ],
};

/** The demo city's storm: two warnings, flooding, late trips, an attack on the portal, a supplier that died. */
const demoStorm: Script = {
  ...storm,
  events: [
    demoWarning("warning", 15.5, 20, "Storm warning: gusts to 110 km/h", "风暴橙色预警：阵风 110 km/h"),
    demoWarning("flood", 16, 22, "Flood warning: low-lying districts", "洪水红色预警：低洼地区"),
    demoWarning("watch", 14, 15.5, "Storm watch", "风暴蓝色预警"),
  ],
  alarms: [
    { rule: "transport.on-time-low", from: 15.9, to: null },
    { rule: "security.extreme-warning", group: "thing:warnings/CapAlert/flood", from: 16, to: null },
    { rule: "security.extreme-warning", group: "thing:warnings/CapAlert/warning", from: 15.6, to: 19 },
    { rule: "security.attack", from: 16.6, to: 17.2 },
    {
      rule: "security.attack-in-emergency",
      from: 16.7,
      to: 17.3,
      acknowledgedAfterMinutes: 3,
      comment: "Portal behind the shield",
    },
    { rule: "security.units-short", from: 16.7, to: null },
    { rule: "community.flooding", group: "area.district:old-town", from: 16.6, to: null },
    { rule: "community.flooding", group: "area.district:west-quays", from: 17, to: 19 },
  ],
  feeds: [
    {
      id: "counters",
      title: title("Bay Bike stations", "海湾单车站点"),
      department: "transport",
      silences: [{ fromAt: dayAt + 16.1 * hourMs, toAt: dayAt + 17.7 * hourMs }],
    },
  ],
};

function demoWarning(id: string, from: number, to: number, en: string, zh: string) {
  return {
    kind: "alert" as const,
    at: dayAt + from * hourMs,
    endsAt: dayAt + to * hourMs,
    subject: `warnings/CapAlert/${id}`,
    department: null,
    value: null,
    text: title(en, zh),
  };
}

const situations: Readonly<Record<string, Script>> = {
  "demo-storm": demoStorm,
  "quiet-day": {
    areas: [
      { id: "old-town", name: title("Old Town", "老城"), count: 16, inhabitants: 38_400 },
      { id: "centre", name: title("Centre", "中央区"), count: 25, inhabitants: 61_700 },
    ],
  },
  storm,
  works,
  "dead-feeds": {
    changes: {
      "platform.city-score": [{ from: 3, to: 24, value: null }],
      "transport.on-time": [{ from: 6, to: 24, value: null }],
      "transport.cancelled": [{ from: 6, to: 24, value: null }],
      "community.opened": [{ from: 0, to: 24, value: null }],
      "community.closed": [{ from: 0, to: 24, value: null }],
      "community.open": [{ from: 0, to: 24, value: null }],
      "community.overdue": [{ from: 0, to: 24, value: null }],
      "community.oldest": [{ from: 0, to: 24, value: null }],
      "community.repeat": [{ from: 0, to: 24, value: null }],
    },
    feeds: [
      {
        id: "trips",
        title: title("Trip updates", "车次动态"),
        department: "transport",
        silences: [
          { fromAt: dayAt + 6 * hourMs, toAt: dayAt + 9 * hourMs },
          { fromAt: dayAt + 10 * hourMs, toAt: dayAt + 24 * hourMs },
        ],
      },
      {
        id: "requests",
        title: title("Service requests", "市民诉求"),
        department: "citizens",
        silences: [{ fromAt: dayAt - 5 * hourMs, toAt: null }],
      },
      {
        id: "rain",
        title: title("Rain gauges", "雨量站"),
        department: "water",
        silences: [{ fromAt: dayAt + 2 * hourMs, toAt: dayAt + 2 * hourMs + 60_000 }],
      },
    ],
  },
  redefinition: {
    breaks: { "transport.on-time": 9 },
    changes: { "transport.on-time": [{ from: 9, to: 24, value: 79 }] },
    revised: [{ id: "community.overdue", was: 17.2, value: 19.4 }],
  },
  "tiny-numbers": {
    usual: {
      "transport.cancelled": 0.1,
      "security.calls-open": 1,
      "community.opened": 3,
      "community.closed": 4,
      "community.open": 11,
      "community.overdue": 12,
    },
    changes: {
      "transport.cancelled": [{ from: 7, to: 12, value: 1.4 }],
      "security.calls-open": [{ from: 2, to: 6, value: 5.5 }],
    },
    areas: [
      { id: "old-town", name: title("Old Town", "老城"), count: 2, inhabitants: 800 },
      { id: "centre", name: title("Centre", "中央区"), count: 0, inhabitants: 1_100 },
      { id: "west-quays", name: title("West Quays", "西码头"), count: 1, inhabitants: 700 },
    ],
  },
  holiday: {
    fromAt: Date.parse("2026-12-25T00:00Z"),
    holidays: new Map([["2026-12-25", title("Christmas Day", "圣诞节")]]),
    usual: { "community.opened": 38, "community.closed": 5 },
    changes: { "community.wait": [{ from: 0, to: 24, value: null }] },
  },
};

function briefingOf(script: Script): Briefing {
  const facts = scriptedFacts(script);
  return composeBriefing(facts, {
    id: "morning-2026-11-27",
    issuedAt: facts.knownAt,
    dueAt: null,
    corrects: null,
  });
}

describe("scripted days", () => {
  test.each(Object.entries(situations))("%s", async (name, script) => {
    const briefing = briefingOf(script);
    expect(briefingFaults(briefing)).toEqual([]);
    for (const language of languages)
      await expect(briefingText(briefing, null, language)).toMatchFileSnapshot(
        `golden/${name}.${language}.txt`,
      );
  });
});

test("the same warning issued twice is told once, and works are counted", () => {
  const [alert] = storm.events!;
  const works = ["Drain renewal", "Drain renewal", "Tram tracks"].map((name, i) => ({
    ...alert!,
    kind: "works" as const,
    subject: `works/${i}`,
    endsAt: dayAt + 30 * hourMs,
    text: title(name, name),
  }));
  const briefing = briefingOf({ ...storm, events: [alert!, { ...alert!, subject: "again" }, ...works] });
  expect(briefingFaults(briefing)).toEqual([]);
  const next = briefing.sections.at(-1)!.statements.map(({ id }) => id);
  expect(next.filter((id) => !id.includes("."))).toEqual(["next/warnings/CapAlert/7", "next/works-end"]);
});

test("an hour that is known in part is told as preliminary", () => {
  const { sections } = briefingOf({
    changes: {
      "security.calls-open": [{ from: 3, to: 8, value: 50, knownPercent: 60 }],
      "platform.city-score": [{ from: 3, to: 4, value: 86, knownPercent: 60 }],
    },
  });
  const said = new Map(sections.flatMap(({ statements }) => statements.map((one) => [one.id, one])));
  for (const id of ["unusual/security.calls-open", "score/platform.city-score"])
    expect(said.get(id)?.figures[0]).toMatchObject({ confidence: "preliminary" });
});

test("an hour that is hardly known does not hide the lowest of those that are known", () => {
  const lowest = (changes: NonNullable<NonNullable<Script["changes"]>["platform.city-score"]>): string => {
    const { cover, sections } = briefingOf({ changes: { "platform.city-score": changes } });
    const said = sections
      .flatMap(({ statements }) => statements)
      .find(({ id }) => id === "score/platform.city-score");
    return `${plainText(cover, "en")}\n${plainText(said!.text, "en")}`;
  };
  const hardly = { from: 3, to: 4, value: 20, knownPercent: 10 };
  expect(lowest([hardly, { from: 9, to: 10, value: 45 }])).toMatch(/\b45\b.* in the hour from 09:00/);
  const all = { from: 0, to: 24, value: 70, knownPercent: 10 };
  expect(lowest([hardly, all])).toContain("Lowest in the hour from 03:00, at 20");
});

test("what feeds and people say keeps no briefing back, whatever its words are", () => {
  const odd = "Null Island: undefined, NaN, null and Infinity";
  const briefing = briefingOf({
    ...storm,
    events: [{ ...storm.events![0]!, text: title(odd, odd) }],
    alarms: [{ ...storm.alarms![0]!, comment: odd }],
  });
  expect(briefingFaults(briefing)).toEqual([]);
  expect(briefingText(briefing, null, "en")).toContain(`noted: “${odd}”`);
});

test("a storm's evening is told to somebody who was not there, in both languages", () => {
  const briefing = briefingOf(demoStorm);
  const story = {
    en: [
      "Storm warning: gusts to 110 km/h",
      "Flood warning: low-lying districts",
      "“Attack during an emergency” among them",
      "Flooding reported in a district (Old Town and West Quays)",
      "Many trips late",
      "Log-ins under attack",
      "“Bay Bike stations” was silent from 16:06, for 96 minutes",
      "acknowledged by Duty desk after 3 minutes, last noted: “Portal behind the shield”",
    ],
    zh: [
      "风暴橙色预警：阵风 110 km/h",
      "洪水红色预警：低洼地区",
      "其中包括“应急期间遭受网络攻击”",
      "片区内涝集中上报（老城、西码头）",
      "大面积晚点",
      "登录遭受攻击",
      "数据源“海湾单车站点”16:06 起中断，累计 96 分钟",
      "由 Duty desk 于 3 分钟后确认，最新备注：“Portal behind the shield”",
    ],
  };
  for (const language of languages) {
    const cover = plainText(briefing.cover, language);
    const told = briefing.sections.flatMap(({ statements }) =>
      statements.map(({ text }) => plainText(text, language)),
    );
    for (const words of story[language]) expect([cover, ...told].join("\n")).toContain(words);
    // Read aloud, the cover alone says what it was about.
    for (const words of story[language].slice(0, 3)) expect(cover).toContain(words);
  }
});

test("of several warnings the cover tells the two gravest by their alarms, and urgent alarms as the alarms' section counts them", () => {
  const [first] = storm.events!;
  const warning = (subject: string, hour: number, words: string) => ({
    ...first!,
    subject: `warnings/CapAlert/${subject}`,
    at: dayAt + hour * hourMs,
    text: title(words, words),
  });
  const { cover, sections } = briefingOf({
    ...storm,
    events: [warning("1", 14, "Watch"), warning("2", 15, "Storm"), warning("3", 16, "Flood")],
    alarms: [
      ...storm.alarms!,
      { rule: "transport.on-time-low", group: "thing:warnings/CapAlert/2", from: 15, to: null },
      { rule: "security.units-short", group: "thing:warnings/CapAlert/3", from: 16, to: null },
    ],
  });
  expect(plainText(cover, "en")).toContain(
    "the warnings “Storm” (from 15:00) and “Flood” (from 16:00) were in force; 2 urgent alarms,",
  );
  const alarms = sections.find(({ kind }) => kind === "alarms")!;
  expect(plainText(alarms.statements[0]!.text, "en")).toContain("2 of them urgent");
});

test("that nobody acknowledged anything is said once, and what finds no sentence of its own is named", () => {
  const { sections } = briefingOf({
    ...storm,
    alarms: storm.alarms!.map(({ acknowledgedAfterMinutes: _, comment: __, ...alarm }) => alarm),
  });
  const alarms = sections.find(({ kind }) => kind === "alarms")!.statements;
  const said = alarms.map(({ text }) => plainText(text, "en"));
  expect(said.filter((one) => one.includes("acknowledged"))).toEqual([said[0]]);
  expect(said[0]).toContain("nobody acknowledged any of them");
  const zh = alarms.map(({ text }) => plainText(text, "zh"));
  expect(zh.filter((one) => one.includes("确认"))).toEqual([zh[0]]);
});

test("a figure that hardly moved since the briefing before is counted, not told", () => {
  const { sections } = briefingOf({
    revised: [
      { id: "community.overdue", was: 17.2, value: 19.4 },
      { id: "community.open", was: 2_140, value: 2_138 },
    ],
  });
  const data = sections.find(({ kind }) => kind === "data")!.statements;
  expect(data.map(({ id }) => id)).toEqual(["data/revised/community.overdue", "data/revised-little"]);
  expect(plainText(data[1]!.text, "en")).toMatch(
    /^1 more figure of briefing \S+ moved since by less than 2 %\.$/,
  );
});

test("what came late in a day has the width of its picture", () => {
  const charts = briefingOf(storm).sections.flatMap(({ chart }) =>
    chart?.kind === "timeline" ? [chart] : [],
  );
  expect(charts.map(({ fromAt, toAt }) => [fromAt - dayAt, toAt - dayAt])).toEqual([
    [15 * hourMs, 20 * hourMs],
    [16 * hourMs, 20 * hourMs],
  ]);
});

test("in a city's first weeks the cover still tells the warning and the urgent alarms", () => {
  const facts = scriptedFacts(storm);
  const young = facts.figures.map((one) => ({
    ...one,
    course: one.course.map((point) => ({ ...point, low: null, high: null })),
  }));
  const { cover } = composeBriefing(
    { ...facts, figures: young },
    { id: "x", issuedAt: 0, dueAt: null, corrects: null },
  );
  expect(plainText(cover, "en")).toContain(
    "from 15:00 the warning “Red warning of storm” was in force; 1 urgent alarm, “Nearly all units busy”.",
  );
  expect(plainText(cover, "zh")).toContain(
    "15:00 起“风暴红色预警”生效；紧急告警 1 条，为“出动单位接近上限”。",
  );
});

test("what goes from district to district is one line of the timeline, until an hour lies between", () => {
  const flooding = (from: number, district: string, to: number | null = null) =>
    ({ rule: "community.flooding", group: `area.district:${district}`, from, to }) as const;
  const { sections } = briefingOf({
    ...storm,
    alarms: [
      flooding(17, "old-town", 18),
      flooding(17.9, "west-quays", 19.5),
      flooding(18.8, "old-town", 19),
      flooding(19.9, "west-quays"),
    ],
  });
  const { statements, chart } = sections.find(({ kind }) => kind === "timeline")!;
  const told = statements.filter(({ id }) => id.startsWith("timeline/alarm/"));
  expect(told.map(({ text }) => plainText(text, "en"))).toEqual([
    "17:00: Flooding reported in a district (Old Town and West Quays), 3 times until 18:48.",
    "19:54: Flooding reported in a district, West Quays.",
  ]);
  const lanes = chart?.kind === "timeline" ? chart.entries.filter(({ kind }) => kind === "alarm") : [];
  const hour = (at: number | null) => at && (at - dayAt) / hourMs;
  expect(lanes.map(({ name, at, endsAt }) => [name.en, hour(at), hour(endsAt)])).toEqual([
    ["Flooding reported in a district, 3 times", 17, 19.5],
    ["Flooding reported in a district, West Quays", 19.9, null],
  ]);
});

describe("whatever happened", () => {
  const figures = ["transport.on-time", "security.calls-open", "community.open", "community.rain"] as const;
  const change = fc.record({
    from: fc.integer({ min: 0, max: 23 }),
    length: fc.integer({ min: 1, max: 24 }),
    value: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1e6, noNaN: true })),
  });
  const alarm = fc.record({
    rule: fc.constantFrom("transport.on-time-low" as const, "security.units-short" as const),
    from: fc.integer({ min: 0, max: 20 }),
    to: fc.option(fc.integer({ min: 21, max: 30 }), { nil: null }),
  });
  const script = fc.record({
    hours: fc.integer({ min: 1, max: 24 }),
    changes: fc.dictionary(fc.constantFrom<FigureId>(...figures), fc.array(change, { maxLength: 3 })),
    alarms: fc.array(alarm, { maxLength: 6 }),
    areas: fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 90_000 })), { maxLength: 6 }),
  });

  function scriptFrom({
    hours,
    changes,
    alarms,
    areas,
  }: typeof script extends fc.Arbitrary<infer T> ? T : never): Script {
    return {
      hours,
      changes: Object.fromEntries(
        Object.entries(changes).map(([id, all]) => [
          id,
          all.map(({ from, length, value }) => ({ from, to: from + length, value })),
        ]),
      ),
      alarms,
      areas: areas.map(([count, inhabitants], i) => ({
        id: `a${i}`,
        name: title(`Area ${i}`, `区域${i}`),
        count,
        inhabitants,
      })),
    };
  }

  test("every sentence has evidence, and nothing is said twice", () => {
    fc.assert(
      fc.property(script, (made) => {
        expect(briefingFaults(briefingOf(scriptFrom(made)))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("the same facts make the same briefing", () => {
    fc.assert(
      fc.property(script, (made) => {
        const facts = scriptedFacts(scriptFrom(made));
        const issue = { id: "x", issuedAt: 0, dueAt: null, corrects: null };
        const [one, same] = [
          composeBriefing(facts, issue),
          composeBriefing(scriptedFacts(scriptFrom(made)), issue),
        ];
        expect(same).toEqual(one);
      }),
      { numRuns: 50 },
    );
  });
});

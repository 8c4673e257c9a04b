import { describe, expect, it } from "vitest";
import { alarm, duty, noon, route, rule } from "../../test/alarm-samples.ts";
import type { PlannedMessage } from "../core/notify/decider.ts";
import { compose, type ToldCity } from "./compose.ts";

const bridge = {
  ...rule("transport.bridge-shut"),
  title: { en: "Bridge closed", zh: "桥梁封闭" },
  consequence: { en: "Buses stand in the queue.", zh: "公交车将滞留。" },
  response: {
    text: { en: "Open the detour.", zh: "启用绕行路线。" },
    checklist: [{ en: "Call the bridge keeper.", zh: "联系桥梁值守。" }],
    sop: { en: "https://city.example/sop/12", zh: "https://city.example/sop/12-zh" },
    withinSeconds: 900,
  },
};

const city: ToldCity = {
  city: { id: "merrow-bay", title: { en: "Merrow Bay", zh: "默罗湾" }, zone: "Europe/Lisbon" },
  clockKind: "live",
  rules: [bridge],
  indicators: [],
  departments: [{ id: "mobility", title: { en: "Mobility", zh: "交通局" } }],
  routes: [route()],
  nameOf: ({ group }) => (group === null ? null : { en: "Harbour", zh: "港区" }),
  address: "https://deck.city.example",
};

function message(over: Partial<PlannedMessage> = {}): PlannedMessage {
  const { contacts } = duty;
  return {
    route: "urgent",
    role: duty,
    contacts,
    stage: "new",
    level: 0,
    alarms: [harbour],
    of: ["harbour"],
    ...over,
  };
}

const harbour = alarm({ id: "transport.bridge-shut{area:harbour}", group: "area:harbour", value: 2 });

describe("a message", () => {
  it("says what, where, since when, who acts until when, what to do, and why it came", () => {
    const { subject, text } = compose(message(), city);
    expect(subject).toBe("High: Bridge closed – Harbour");
    expect(text).toBe(`Merrow Bay
One alarm is active.

High: Bridge closed – Harbour
  Since 1 Jun, 12:00, now 2
  Mobility acts, by 1 Jun, 12:15
  Otherwise: Buses stand in the queue.
  What to do: Open the detour.
    – Call the bridge keeper.
  Procedure: https://city.example/sop/12

All alarms: https://deck.city.example/desk
You are told as “Duty”, by the route “Urgent”.
`);
  });

  it("is in the role's language", () => {
    const { subject, text } = compose(message({ role: { ...duty, language: "zh" } }), city);
    expect(subject).toBe("高：桥梁封闭（港区）");
    expect(text).toContain("责任部门：交通局，须在 6月1日 12:15 前处置");
    expect(text).not.toMatch(/Mobility|Harbour|alarm/);
  });

  it("of a simulation or a replay says so first", () => {
    expect(compose(message(), { ...city, clockKind: "simulated" }).subject).toMatch(/^\[SIMULATED\] /);
    expect(compose(message(), { ...city, clockKind: "replay" }).text).toMatch(/^Merrow Bay \[REPLAY\]/);
  });

  it("of an end says from when to when", () => {
    const over = alarm({ isActive: false, state: "returned", returnedAt: noon + 600_000 });
    const { subject, text } = compose(message({ stage: "over", alarms: [over] }), city);
    expect(subject).toBe("Over: Bridge closed");
    expect(text).toContain("From 1 Jun, 12:00 to 1 Jun, 12:10");
    expect(text).not.toContain("What to do");
  });

  it("lists the first twenty and counts the rest; its data has all", () => {
    const alarms = Array.from({ length: 25 }, (_, i) => alarm({ id: `transport.bridge-shut{area:${i}}` }));
    const { subject, text, payload } = compose(message({ alarms }), city);
    expect(subject).toBe("25 alarms, first Bridge closed");
    expect(text.match(/^High: /gm)).toHaveLength(20);
    expect(text).toContain("… and 5 more.");
    expect(payload).toMatchObject({ clock: "live", stage: "new", alarms: { length: 25 } });
  });

  it("has a subject of one line, whatever a title has", () => {
    const rules = [{ ...bridge, title: { en: "Bridge\r\nBcc: all@city.example", zh: "x" } }];
    expect(compose(message(), { ...city, rules }).subject).toBe(
      "High: Bridge Bcc: all@city.example – Harbour",
    );
  });
});

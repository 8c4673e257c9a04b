import { describe, expect, it } from "vitest";
import type { Statement } from "../../../shared/briefing.ts";
import { sampleBriefing } from "../../../test/briefing-sample.ts";
import { sampleEdition, sampleIssue } from "../../../test/briefing-pages.ts";
import { daysOld, domainOf, minuteOf } from "./briefing-minute.ts";

const asIssued = { briefing: sampleBriefing, edition: null };

describe("a minute of a briefing", () => {
  it("tells what is bad first, within that each section's first sentence before any second one, and no course of events", () => {
    expect(minuteOf(asIssued).map(({ id }) => id)).toEqual([
      "score/platform.city-score",
      "unusual/transport.on-time",
      "targets/security.on-scene-within-target",
      "areas/community.flooding-requests",
      "data/requests",
    ]);
  });

  it("leaves out what the editor left out", () => {
    const edition = { ...sampleEdition, hidden: ["unusual", "score"] } as const;
    expect(minuteOf({ briefing: sampleBriefing, edition }).map(({ id }) => id)).toEqual([
      "areas/community.flooding-requests",
      "targets/security.on-scene-within-target",
      "data/requests",
      "services/community.requests-overdue-share",
    ]);
  });

  it("does not count what it names, unless that is all there is to say", () => {
    const [, unusual] = sampleBriefing.sections;
    const overview = { ...unusual!.statements[0]!, id: "unusual/overview" };
    const told = (statements: readonly Statement[]): string[] =>
      minuteOf({
        briefing: { ...sampleBriefing, sections: [{ ...unusual!, statements }] },
        edition: null,
      }).map(({ id }) => id);
    expect(told([overview, ...unusual!.statements])).toEqual([
      "unusual/transport.on-time",
      "unusual/community.water-level",
    ]);
    expect(told([overview])).toEqual(["unusual/overview"]);
  });

  it("says whose a sentence is by its rule or indicator, and by its figure where it has none", () => {
    const [first] = sampleBriefing.sections[1]!.statements;
    expect(domainOf(first!)).toBe("transport");
    expect(domainOf({ ...first!, id: "alarms/security.attack" })).toBe("security");
    expect(domainOf({ ...first!, id: "services/flow" })).toBe("transport");
    expect(domainOf({ ...first!, id: "services/flow", figures: [] })).toBeNull();
  });
});

describe("the age of a briefing of a day", () => {
  it("counts the city's days since its issue, from the first on", () => {
    expect(daysOld(sampleIssue, Date.parse("2026-11-27T23:59Z"))).toBeNull();
    expect(daysOld(sampleIssue, Date.parse("2026-11-28T00:01Z"))).toBe(1);
    expect(daysOld(sampleIssue, Date.parse("2026-12-04T12:00Z"))).toBe(7);
  });

  it("lets one of a week be good for a week", () => {
    const weekly = {
      ...sampleIssue,
      briefing: { ...sampleBriefing, period: { ...sampleBriefing.period, kind: "week" } },
    } as const;
    expect(daysOld(weekly, Date.parse("2026-12-03T12:00Z"))).toBeNull();
    expect(daysOld(weekly, Date.parse("2026-12-04T12:00Z"))).toBe(7);
  });
});

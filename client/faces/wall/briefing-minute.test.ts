import { describe, expect, it } from "vitest";
import type { Statement } from "../../../shared/briefing.ts";
import { sampleBriefing } from "../../../test/briefing-sample.ts";
import { sampleEdition } from "../../../test/briefing-pages.ts";
import { domainOf, minuteOf, standingOf } from "./briefing-minute.ts";

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

describe("a briefing on a wall", () => {
  /** The sample is issued on Friday 27 November 2026. */
  const standing = (nextDue: string | null, now: string): string =>
    standingOf(
      { briefing: sampleBriefing, nextDueAt: nextDue === null ? null : Date.parse(nextDue) },
      Date.parse(now),
    );

  it("is the newest there could be through the night, until a quarter of an hour after the next is due", () => {
    expect(standing("2026-11-28T06:30Z", "2026-11-28T00:01Z")).toBe("newest");
    expect(standing("2026-11-28T06:30Z", "2026-11-28T06:44Z")).toBe("newest");
    expect(standing("2026-11-28T06:30Z", "2026-11-28T06:45Z")).toBe("yesterdays");
  });

  it("of working days is good until Monday, and one of a week until its hour", () => {
    expect(standing("2026-11-30T06:30Z", "2026-11-28T12:00Z")).toBe("newest");
    expect(standing("2026-12-04T08:00Z", "2026-12-04T07:59Z")).toBe("newest");
    expect(standing("2026-12-04T08:00Z", "2026-12-04T08:15Z")).toBe("old");
  });

  it("is yesterday's only on the day after, and where today's is the one that is missing", () => {
    expect(standing("2026-11-28T06:30Z", "2026-11-29T00:00Z")).toBe("old");
    expect(standing("2026-11-27T23:00Z", "2026-11-27T23:15Z")).toBe("old");
    expect(standing("2026-11-27T23:00Z", "2026-11-28T00:01Z")).toBe("old");
  });

  it("without a schedule is never old", () => {
    expect(standing(null, "2027-11-27T12:00Z")).toBe("newest");
  });
});

/** What of a briefing a wall has a minute for. Pure. */

import { sectionsShown, type IssuedBriefing, type NewestBriefing } from "../../../shared/briefing.ts";
import type { Statement } from "../../../shared/briefing.ts";
import { domains, type Domain } from "../../../shared/city.ts";
import { startOfDay, startOfNextDay } from "../../../shared/city-time.ts";

const toldAtMost = 5;
/** Of one section: a minute is about the whole city. */
const ofSectionAtMost = 2;

/**
 * The sentences that matter most: what is bad before what is not, and within that each section's first before its second,
 * in the order in which the briefing tells them. The course of events is left to the briefing, and so are sentences that only count
 * what the next ones name.
 */
export function minuteOf({ briefing, edition }: Pick<IssuedBriefing, "briefing" | "edition">): Statement[] {
  const told = sectionsShown(briefing, edition)
    .filter(({ kind }) => kind !== "timeline")
    .flatMap(({ statements }) =>
      (statements.length > 1 ? statements.filter(({ id }) => !id.endsWith("/overview")) : statements)
        .slice(0, ofSectionAtMost)
        .map((statement, place) => ({ statement, place: place + (statement.tone === "bad" ? 0 : 10) })),
    );
  return told
    .toSorted((a, b) => a.place - b.place)
    .slice(0, toldAtMost)
    .map(({ statement }) => statement);
}

/** Whose it is: the domain of the rule or indicator that a sentence is about, else of its first figure. */
export function domainOf({ id, figures }: Statement): Domain | null {
  const about = [id.slice(id.lastIndexOf("/") + 1), figures[0]?.series ?? ""];
  for (const subject of about) {
    const domain = domains.find((one) => subject.startsWith(`${one}.`));
    if (domain) return domain;
  }
  return null;
}

/** A briefing that is due is not issued in the same minute: its figures are gathered first. */
const graceMs = 15 * 60_000;

/** Whether another one should have followed this one by now, and how it is called then. */
export function standingOf(
  { briefing, nextDueAt }: Pick<NewestBriefing, "briefing" | "nextDueAt">,
  now: number,
): "newest" | "yesterdays" | "old" {
  if (nextDueAt === null || now < nextDueAt + graceMs) return "newest";
  const { zone } = briefing.city;
  const today = startOfDay(now, zone);
  const isYesterdays = startOfNextDay(startOfDay(briefing.issuedAt, zone), zone) === today;
  return isYesterdays && startOfDay(nextDueAt, zone) === today ? "yesterdays" : "old";
}

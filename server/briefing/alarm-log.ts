/** The log of alarms over a stretch of time, read in pages: all of a flood at once would hold up frames. */

import type { AlarmEvent } from "../../shared/alarms.ts";
import type { Span } from "../core/briefing/facts.ts";
import type { AlarmRecords } from "../records/alarm-records.ts";

const pageSize = 2_000;
/** What is older is not told of. */
const pagesAtMost = 50;

/** In the order in which it was learnt. Rejects when the log cannot be read. */
export async function readAlarmLog(
  alarms: Pick<AlarmRecords, "events">,
  span: Span,
): Promise<readonly AlarmEvent[]> {
  const pages: (readonly AlarmEvent[])[] = [];
  let before: number | null = null;
  do {
    const page: Awaited<ReturnType<AlarmRecords["events"]>> = await alarms.events({
      ...span,
      alarm: null,
      atMost: pageSize,
      before,
    });
    pages.unshift(page.events);
    before = page.older;
  } while (before !== null && pages.length < pagesAtMost);
  return pages.flat();
}

import type { Notices } from "../../../../shared/notice.ts";
import { quote } from "../body.ts";
import { clockSkewMs, earliestSensibleAt } from "../instant.ts";
import { inMilliseconds, latestAt, type Source } from "./judge.ts";
import { absent, type FeedHeader } from "./message.ts";

const oldestFreshMs = 65_000;
const longestRefreshMs = 35_000;

/** What is known of the body before: its header and when it came. */
export interface Before {
  readonly header: FeedHeader;
  readonly receivedAt: number;
}

/** Judges a header, alone and after the one before (validator E001, E018, E038, E048 to E050, W001, W007, W008). */
export function noteHeader(
  header: FeedHeader,
  { receivedAt }: Source,
  before: Before | null,
  notices: Notices,
): { publishedAt: number | null } {
  const isSecond = header.version.startsWith("2");
  if (!/^[12]\.\d$/.test(header.version)) {
    notices.add(
      "E038",
      "error",
      `header.gtfs_realtime_version ${quote(header.version)}, expected 1.0 or 2.0`,
    );
  }
  if (isSecond && header.incrementality === absent) {
    notices.add("E049", "error", "header.incrementality missing, FULL_DATASET is understood");
  }
  if (Number.isNaN(header.timestamp) || header.timestamp === 0) {
    notices.add(isSecond ? "E048" : "W001", isSecond ? "error" : "warning", "header.timestamp missing");
    return { publishedAt: null };
  }
  const at = inMilliseconds(header.timestamp);
  if (at !== header.timestamp * 1000 || !isSensible(at)) {
    notices.add("E001", "error", `header.timestamp ${header.timestamp}, expected POSIX time in seconds`);
  }
  if (!isSensible(at)) return { publishedAt: null };
  noteAge(at, receivedAt, header, notices);
  if (before) noteProgress(at, receivedAt, before, notices);
  return { publishedAt: at };
}

function isSensible(at: number): boolean {
  return at >= earliestSensibleAt && at <= latestAt;
}

function noteAge(at: number, receivedAt: number, header: FeedHeader, notices: Notices): void {
  const age = receivedAt - at;
  const seconds = Math.round(Math.abs(age) / 1000);
  if (age < -clockSkewMs) {
    notices.add("E050", "error", `header.timestamp ${header.timestamp} is ${seconds} s ahead of our clock`);
  }
  if (age > oldestFreshMs) {
    notices.add(
      "W008",
      "warning",
      `header.timestamp ${header.timestamp} was ${seconds} s old, expected at most 65 s`,
    );
  }
}

/** How slow we ask is not the publisher's fault: the interval counts only while we ask often enough. */
function noteProgress(at: number, receivedAt: number, before: Before, notices: Notices): void {
  const step = at - inMilliseconds(before.header.timestamp);
  if (step < 0) notices.add("E018", "error", `header.timestamp went back by ${-step / 1000} s`);
  if (step > longestRefreshMs && receivedAt - before.receivedAt <= longestRefreshMs) {
    notices.add(
      "W007",
      "warning",
      `header.timestamp moved on by ${step / 1000} s at once, expected at most 35 s`,
    );
  }
}

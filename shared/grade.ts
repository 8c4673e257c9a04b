/** How good a feed is, from bronze to platinum, and what is missing for the next grade. */

import type { Text } from "./city.ts";
import type { FeedStatusWord } from "./feed.ts";

export const grades = ["bronze", "silver", "gold", "platinum"] as const;
export type Grade = (typeof grades)[number];

/** What is known of a feed when it is graded; `null` is not known. */
export interface GradedFeed {
  readonly status: FeedStatusWord;
  readonly hasError: boolean;
  readonly department: string | null;
  readonly licence: string | null;
  readonly agreement: { readonly isInForce: boolean } | null;
  /** Percent of the measured minutes of the last seven days in which the feed kept its cadence. */
  readonly onTimePercent: number | null;
  readonly errors: number;
  readonly warnings: number;
  /** Notices about time that are more than an info. */
  readonly timeFaults: number;
  /** Percent; see `completenessOf`. */
  readonly completeness: number | null;
  /** What the agreement promises, 100 − `toleratedLossPercent` where it promises nothing. */
  readonly promisedCompleteness: number | null;
  /** As the bodies declare it. */
  readonly version: string | null;
  /** Of the standard; `null` where bodies declare none. */
  readonly newestVersion: string | null;
}

/** A feed must keep its cadence in this share of the minutes. */
const onTimePercentNeeded = 95;
/** A pace is judged when it was measured for this long. */
export const fewestMinutes = 60;
const toleratedLossPercent = 0.5;

export interface Requirement {
  readonly id: string;
  readonly grade: Grade;
  readonly meaning: Text;
  readonly isMet: (feed: GradedFeed) => boolean;
}

export const requirements = [
  {
    id: "reachable",
    grade: "bronze",
    meaning: { en: "The source answers; no error stands.", zh: "数据源有响应，没有未消除的错误。" },
    isMet: ({ hasError, status }) => !hasError && status !== "down",
  },
  {
    id: "readable",
    grade: "bronze",
    meaning: { en: "At least one body could be read.", zh: "至少有一份内容可以读取。" },
    isMet: ({ status }) => status !== "waiting",
  },
  {
    id: "owner",
    grade: "silver",
    meaning: { en: "A department answers for it.", zh: "有部门对其负责。" },
    isMet: ({ department }) => isNamed(department),
  },
  {
    id: "licence",
    grade: "silver",
    meaning: { en: "Its licence is named.", zh: "注明了许可。" },
    isMet: ({ licence }) => isNamed(licence),
  },
  {
    id: "agreement",
    grade: "silver",
    meaning: { en: "An agreement names its purpose and is in force.", zh: "有注明用途且有效的协议。" },
    isMet: ({ agreement }) => agreement?.isInForce === true,
  },
  {
    id: "cadence",
    grade: "silver",
    meaning: {
      en: `Its word is at most two cadences old in ${onTimePercentNeeded} % of the minutes of the last seven days, ${fewestMinutes} or more.`,
      zh: `最近七天中 ${onTimePercentNeeded} % 的分钟里（至少测量 ${fewestMinutes} 分钟），数据的时间不早于两个更新周期。`,
    },
    isMet: ({ onTimePercent }) => onTimePercent !== null && onTimePercent >= onTimePercentNeeded,
  },
  {
    id: "no-errors",
    grade: "gold",
    meaning: { en: "No notice is an error.", zh: "没有错误级别的提示。" },
    isMet: ({ errors }) => errors === 0,
  },
  {
    id: "true-times",
    grade: "gold",
    meaning: { en: "It is fresh, and no notice doubts its times.", zh: "数据新鲜，且没有对时间存疑的提示。" },
    isMet: ({ status, timeFaults }) => status === "fresh" && timeFaults === 0,
  },
  {
    id: "no-warnings",
    grade: "platinum",
    meaning: { en: "No notice is a warning.", zh: "没有警告级别的提示。" },
    isMet: ({ warnings }) => warnings === 0,
  },
  {
    id: "complete",
    grade: "platinum",
    meaning: {
      en: `As complete as its agreement promises, ${100 - toleratedLossPercent} % where it promises nothing.`,
      zh: `完整度达到协议承诺；没有承诺时为 ${100 - toleratedLossPercent} %。`,
    },
    isMet: ({ completeness, promisedCompleteness }) =>
      completeness !== null && completeness >= (promisedCompleteness ?? 100 - toleratedLossPercent),
  },
  {
    id: "newest-version",
    grade: "platinum",
    meaning: {
      en: "It follows the standard's newest version, where bodies declare one.",
      zh: "遵循标准的最新版本（若内容声明版本）。",
    },
    isMet: ({ version, newestVersion }) => newestVersion === null || version === newestVersion,
  },
] as const satisfies readonly Requirement[];

export type RequirementId = (typeof requirements)[number]["id"];

export interface Graded {
  /** `null`: not even bronze. */
  readonly grade: Grade | null;
  /** What is not met, in the order of the grades. */
  readonly missing: readonly { readonly grade: Grade; readonly id: RequirementId }[];
}

/** The grade of a feed: the highest of which, and of all below, every requirement is met. */
export function gradeOf(feed: GradedFeed): Graded {
  const missing = requirements.filter(({ isMet }) => !isMet(feed)).map(({ grade, id }) => ({ grade, id }));
  const firstMissed = Math.min(...missing.map(({ grade }) => grades.indexOf(grade)), grades.length);
  return { grade: grades[firstMissed - 1] ?? null, missing };
}

/**
 * Percent of what a feed spoke of that came through without an error: things held ÷ (things held + error notices). A
 * thing with two errors counts twice, so it is a lower bound; `null` while there is nothing to judge.
 */
export function completenessOf(things: number, errors: number): number | null {
  return things + errors === 0 ? null : (100 * things) / (things + errors);
}

function isNamed(text: string | null): boolean {
  return text !== null && text.trim() !== "" && !/^(unknown|none|tbd)$/i.test(text.trim());
}

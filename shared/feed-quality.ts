/** What a feed promised and what it kept, as `/api/v1/feed-quality` says it. */

import type { Text } from "./city.ts";
import type { Spec } from "./feed.ts";
import type { Graded } from "./grade.ts";
import type { Kind } from "./kinds.ts";
import type { NoticeSeverity } from "./notice.ts";

/** What was measured, minute by minute, in a span; percents are of the measured minutes. */
export interface KeptSpan {
  readonly minutes: number;
  /** Neither down nor without a word. */
  readonly availablePercent: number;
  /** Not older than `staleAfterSeconds`. */
  readonly freshPercent: number;
  /** Not older than two cadences. */
  readonly onTimePercent: number;
  /** The mean of `completenessOf`; `null` while there was nothing to judge. */
  readonly completenessPercent: number | null;
  /** How old the feed's word was at worst. */
  readonly oldestSeconds: number | null;
}

/** `expiring`: within 30 days, or notice was given and it will not be renewed. */
export type AgreementState = "in-force" | "expiring" | "expired";

/** What was agreed with who supplies the feed; a promise that was not made is `null`. */
export interface Agreement {
  readonly purpose: Text;
  /** A city date; `null` without an end. */
  readonly validUntil: string | null;
  readonly contract: string | null;
  /** Notice was given: it ends for good when it is no longer valid. */
  readonly terminated: boolean;
  /** What the source has and may not pass on; `null` where it may pass on all it has. */
  readonly forbids: { readonly kinds: readonly Kind[]; readonly reason: Text } | null;
  readonly availabilityPercent: number | null;
  readonly freshnessPercent: number | null;
  readonly completenessPercent: number | null;
}

/** Shares that an agreement promises, by what they are measured by; `null` where nothing was. */
export interface Promised {
  readonly availablePercent: number | null;
  readonly freshPercent: number | null;
  readonly completenessPercent: number | null;
}

/** What a feed, or all feeds of a supplier, kept in a day, a week or a month: an item of `/api/v1/quality`. */
export interface QualityPeriod {
  /** The city date on which the period begins. */
  readonly startsOn: string;
  /** `null`: all feeds of the supplier together. */
  readonly feed: string | null;
  /** `null`: the departments themselves. */
  readonly supplier: string | null;
  /** City days in which anything was measured. */
  readonly days: number;
  readonly minutes: number;
  /** Percents are of the measured minutes. */
  readonly availablePercent: number | null;
  readonly freshPercent: number | null;
  readonly onTimePercent: number | null;
  readonly completenessPercent: number | null;
  /** How old its word was, on the mean and at worst. */
  readonly lagSeconds: number | null;
  readonly oldestSeconds: number | null;
  /** Entries that stood as lost or doubtful, on the mean over the minutes. */
  readonly errors: number | null;
  readonly warnings: number | null;
  /** By code, the gravest first; `null` where it is not known. */
  readonly notices: readonly QualityNotice[] | null;
  /** Whether it kept everything that was promised and can be judged; `null` without a promise. */
  readonly keeps: boolean | null;
}

/** What was noticed of a feed, or of one or more feeds of a supplier, in a period. */
export interface QualityNotice {
  readonly code: string;
  readonly severity: NoticeSeverity;
  /** In which it stood; of a supplier, of all its feeds together. */
  readonly minutes: number;
  /** Entries that it was said of, on the mean over those minutes. */
  readonly entries: number;
}

export interface FeedQuality {
  readonly id: string;
  /** What it can give. */
  readonly kinds: readonly Kind[];
  readonly agreement: (Agreement & { readonly state: AgreementState }) | null;
  /** The standard's version as the bodies declare it, and the newest one there is. */
  readonly version: string | null;
  readonly newestVersion: string | null;
  readonly completeness: number | null;
  /** Since the city's midnight. */
  readonly today: KeptSpan | null;
  /** Today and the six city days before it. */
  readonly week: KeptSpan | null;
  readonly graded: Graded;
}

/** A notice code and what it means. */
export interface FeedRule {
  readonly spec: Spec;
  readonly code: string;
  readonly severities: readonly NoticeSeverity[];
  readonly meaning: Text;
  readonly basis: string;
}

/** The last body of a part of a feed, as far as it is shown. */
export interface FeedBody {
  readonly part: string;
  /** Every part that is kept, the last one first. */
  readonly parts: readonly string[];
  readonly receivedAt: number;
  /** Without query and user. */
  readonly url: string | null;
  /** In bytes; more than is shown when `isCut`. */
  readonly size: number;
  readonly isCut: boolean;
  readonly form: "text" | "hex";
  readonly content: string;
}

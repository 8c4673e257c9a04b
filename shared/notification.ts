/** Who was told about an alarm, and why somebody was not. */

import type { Text } from "./city.ts";

/** What a message is about: alarms that are new, alarms that nobody acknowledged in time, alarms that are over. */
export const noticeStages = ["new", "escalated", "over"] as const;
export type NoticeStage = (typeof noticeStages)[number];

/**
 * Why a route tells of an alarm, or does not:
 *
 * - `told`: a message was made.
 * - `gathering`: it will be told together with what else comes within moments.
 * - `settling`: it has not been there for long enough.
 * - `waiting`: not yet; somebody may still acknowledge it.
 * - `over`: it was over before it had been there for long enough.
 * - `known`: somebody has acknowledged it.
 * - `hidden`: it is shelved, suppressed or out of service.
 * - `inhibited`: an alarm of another rule says it already.
 * - `quiet`: it is not urgent enough for this hour.
 * - `nobody-on-call`: the role has nobody at this hour.
 */
export const decisionWords = [
  "told",
  "gathering",
  "settling",
  "waiting",
  "over",
  "known",
  "hidden",
  "inhibited",
  "quiet",
  "nobody-on-call",
] as const;
export type DecisionWord = (typeof decisionWords)[number];

/** What a route decided about an alarm: a line of the log, added when it is another one than before. @public */
export interface NotificationDecision {
  /** City time, epoch milliseconds. */
  readonly at: number;
  readonly route: string;
  readonly alarm: string;
  readonly occurrence: number;
  readonly stage: NoticeStage;
  /** 0: the first to be told; then each step of the escalation. */
  readonly level: number;
  readonly decision: DecisionWord;
  /** The role that is asked for. */
  readonly role: string;
  /** When it may be decided otherwise; `null` when only something else can change it. */
  readonly until: number | null;
  /** The rule that says it already, the state that hides it, or the contacts that were told. */
  readonly because: string | null;
}

/** `waiting` for its first or next attempt; `sent`: accepted; `given-up`: tried for as long as it is worth. */
export const deliveryStates = ["waiting", "sent", "given-up"] as const;
type DeliveryState = (typeof deliveryStates)[number];

/** A message to one contact and what became of it. @public */
export interface Delivery {
  /** The idempotency key: the same message always has the same. */
  readonly key: string;
  readonly route: string;
  readonly role: string;
  readonly contact: string;
  /** `briefing`: a briefing that was issued, by the route `briefing:<definition>`. */
  readonly stage: NoticeStage | "briefing";
  readonly level: number;
  /** `<alarm>#<occurrence>` of each alarm in it. */
  readonly alarms: readonly string[];
  readonly subject: string;
  /** City time. */
  readonly madeAt: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Wall time of the last attempt, epoch milliseconds; `null` before the first. */
  readonly triedAt: number | null;
  /** Why the last attempt failed. */
  readonly error: string | null;
}

/** A role and its contacts as the city calls them. @public */
export interface ToldRole {
  readonly id: string;
  readonly title: Text;
  /** `title: null`: it is called by its id. */
  readonly contacts: readonly { readonly id: string; readonly title: Text | null }[];
}

/** `/api/v1/notifications`. @public */
export interface NotificationsAnswer {
  readonly deliveries: readonly Delivery[];
  readonly decisions: readonly NotificationDecision[];
  /** Of an alarm that is there: what each route decides about it now. */
  readonly now: readonly NotificationDecision[];
  /** Those of the city as it is now. */
  readonly roles: readonly ToldRole[];
}

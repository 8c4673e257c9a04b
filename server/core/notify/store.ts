/** What has to outlive a start: messages, whom somebody was told of, and the log of decisions. */

import type { Delivery, NotificationDecision } from "../../../shared/notification.ts";
import type { Told } from "./decider.ts";

/** What a mail says, and what a program receives. */
export interface MessageContent {
  readonly text: string;
  readonly payload: object;
}

/** A message to one contact with what is sent. */
export interface StoredDelivery extends Delivery {
  readonly content: MessageContent;
}

export interface NotificationWrite {
  readonly deliveries: readonly StoredDelivery[];
  readonly told: readonly Told[];
  readonly ended: readonly Told[];
  readonly decisions: readonly NotificationDecision[];
  /** Messages of which something became since they were written. */
  readonly settled: readonly Delivery[];
}

/** Everything rejects when the disk or the database does not do what it should. */
export interface NotificationStore {
  told(): Promise<readonly Told[]>;
  /** Messages that were not accepted yet, the oldest first. */
  waiting(): Promise<readonly StoredDelivery[]>;
  /** Writes all of it, or nothing. */
  write(change: NotificationWrite): Promise<void>;
  /** Takes away what was settled and decided before `before`; whom somebody still has to tell of an end stays. */
  prune(before: number): Promise<void>;
}

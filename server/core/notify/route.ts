/** Who is to be told about which alarms: the files `roles/` and `routes/` of a city folder, with defaults filled in. */

import type { Priority, ValidTime } from "../../../shared/alarms.ts";
import type { Domain, Text } from "../../../shared/city.ts";

/** An address: a mailbox, or a program that receives signed messages. Of a person a city folder says nothing. */
export type Contact = { readonly id: string; readonly title?: Text } & (
  { readonly email: string } | { readonly webhook: string; readonly secret: () => string }
);

/** A stretch of the week, in which these contacts are on call. */
export interface OnCallTime extends ValidTime {
  readonly contacts: readonly string[];
}

/** Days on which others are on call than on their weekday. */
export interface OnCallException {
  /** Epoch milliseconds. */
  readonly fromAt: number;
  readonly toAt: number;
  readonly contacts: readonly string[];
}

export interface Role {
  readonly id: string;
  readonly title: Text;
  /** What its messages are written in. */
  readonly language: keyof Text;
  readonly contacts: readonly Contact[];
  readonly onCall: readonly OnCallTime[];
  readonly exceptions: readonly OnCallException[];
  /** Who is on call when nothing above holds. */
  readonly otherwise: readonly string[];
}

/** What an alarm has to be for a route to be about it; `null`: whatever. */
export interface RouteMatch {
  readonly priorities: readonly Priority[] | null;
  readonly domains: readonly Domain[] | null;
  /** Departments that own the rule. */
  readonly owners: readonly string[] | null;
  readonly rules: readonly string[] | null;
}

export const gatherings = ["rule", "owner", "everything"] as const;

export interface EscalationStep {
  /** After the alarm, while nobody has acknowledged it. */
  readonly afterSeconds: number;
  readonly to: string;
}

export interface Route {
  readonly id: string;
  readonly title: Text;
  readonly about: RouteMatch;
  /** A role. */
  readonly to: string;
  /** An alarm must have been there for so long. */
  readonly settleSeconds: number;
  /** The first of several alarms waits for so long for the others, so that one message tells of all. */
  readonly gatherSeconds: number;
  readonly gatherBy: (typeof gatherings)[number];
  /** Hours at which only `quietExcept` is told; the rest is told afterwards, if it is still there. */
  readonly quiet: readonly ValidTime[];
  readonly quietExcept: readonly Priority[];
  /** Rules whose active alarms say it already. */
  readonly inhibitedBy: readonly string[];
  /** Whoever was told of an alarm is told that it is over. */
  readonly tellsEnd: boolean;
  readonly escalation: readonly EscalationStep[];
}

/** The server that mail goes by. Its address has a user and a password in it: a secret. */
export interface MailSettings {
  /** `smtps://user:password@mail.city.example`, or `smtp://…:587`, which goes on encrypted where the server can. */
  readonly server: () => string;
  /** "Citydeck <citydeck@city.example>". */
  readonly from: string;
}

/** Who is told every so often that alarms are judged. */
export interface Beacon {
  readonly url: string;
  readonly everySeconds: number;
}

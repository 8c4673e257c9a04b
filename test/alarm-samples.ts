/** For tests: an alarm, its rule, roles and a route, of which a test says what matters to it. */

import type { Alarm, AlarmRule } from "../shared/alarms.ts";
import { alarmRule } from "./planned-city.ts";
import type { Contact, Role, Route } from "../server/core/notify/route.ts";

/** Noon of a Monday in Lisbon, which is an hour before UTC then. */
export const noon = Date.UTC(2026, 5, 1, 11);

export const operator = { position: "Transport desk", shift: null, account: null };

export function alarm(over: Partial<Alarm> = {}): Alarm {
  return {
    id: "transport.bridge-shut",
    rule: "transport.bridge-shut",
    indicator: null,
    group: null,
    priority: "high",
    state: "unacknowledged",
    isActive: true,
    occurrence: 1,
    since: noon,
    returnedAt: null,
    acknowledged: null,
    confirmed: null,
    shelved: null,
    suppressedBy: null,
    outOfService: null,
    assignedTo: null,
    comment: null,
    doneSteps: [],
    value: 1,
    valueState: "fresh",
    about: null,
    position: null,
    isChattering: false,
    ...over,
  };
}

export function rule(id: string): AlarmRule {
  return alarmRule({ id, priority: "high" });
}

export const everyDay = [1, 2, 3, 4, 5, 6, 7];

export function mailbox(id: string): Contact {
  return { id, email: `${id}@city.example` };
}

export const duty: Role = {
  id: "duty",
  title: { en: "Duty", zh: "值班" },
  language: "en",
  contacts: [mailbox("desk"), mailbox("night")],
  onCall: [{ weekdays: everyDay, from: "06:00", to: "22:00", contacts: ["desk"] }],
  exceptions: [],
  otherwise: ["night"],
};

export const officer: Role = {
  ...duty,
  id: "officer",
  contacts: [mailbox("officer")],
  onCall: [],
  otherwise: ["officer"],
};

export function route(over: Partial<Route> = {}): Route {
  return {
    id: "urgent",
    title: { en: "Urgent", zh: "紧急" },
    about: { priorities: null, domains: null, owners: null, rules: null },
    to: "duty",
    settleSeconds: 60,
    gatherSeconds: 0,
    gatherBy: "everything",
    quiet: [],
    quietExcept: [],
    inhibitedBy: [],
    tellsEnd: true,
    escalation: [],
    ...over,
  };
}

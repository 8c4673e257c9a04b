/** What a message says: a subject and a text for people, and the same as data for programs. */

import type { Alarm, AlarmRule } from "../../shared/alarms.ts";
import type { Department, IndicatorDefinition, Text } from "../../shared/city.ts";
import type { ClockKind } from "../../shared/clock.ts";
import type { PlannedMessage } from "../core/notify/decider.ts";
import type { Route } from "../core/notify/route.ts";
import type { MessageContent } from "../core/notify/store.ts";
import { sayings, unitSymbols, type Sayings } from "./sayings.ts";

/** The city that a message speaks of. */
export interface ToldCity {
  readonly city: { readonly id: string; readonly title: Text; readonly zone: string };
  readonly clockKind: ClockKind;
  readonly rules: readonly AlarmRule[];
  readonly indicators: readonly IndicatorDefinition[];
  readonly departments: readonly Department[];
  readonly routes: readonly Route[];
  /** How a group of a rule's alarms is called: an area's name, a feed's title. */
  nameOf(alarm: Alarm): Text | null;
  /** Where people reach this Citydeck; `null`: nobody said. */
  readonly address: string | null;
}

/** A text lists so many alarms; the rest is counted. The data has all. */
const listedAtMost = 20;

export interface Composed extends MessageContent {
  readonly subject: string;
}

export function compose(message: PlannedMessage, about: ToldCity): Composed {
  const writer = new Writer(about, message.role.language);
  const subject = writer.subject(message);
  return {
    subject,
    text: writer.text(message),
    payload: {
      city: about.city.id,
      clock: about.clockKind,
      route: message.route,
      role: message.role.id,
      stage: message.stage,
      level: message.level,
      subject,
      alarms: message.alarms.map((alarm) => payloadOf(alarm, about)),
    },
  };
}

function payloadOf(alarm: Alarm, about: ToldCity): object {
  const rule = about.rules.find(({ id }) => id === alarm.rule);
  const { id, occurrence, group, priority, state, isActive, since, returnedAt, value, valueState } = alarm;
  return {
    id,
    occurrence,
    rule: alarm.rule,
    title: rule?.title ?? null,
    group,
    name: about.nameOf(alarm),
    priority,
    state,
    isActive,
    since,
    returnedAt,
    value,
    valueState,
    owner: rule?.owner ?? null,
    response: rule?.response ?? null,
    dueAt: rule ? dueAt(alarm, rule) : null,
  };
}

function dueAt({ since }: Alarm, { response }: AlarmRule): number {
  return since + response.withinSeconds * 1000;
}

class Writer {
  readonly #about: ToldCity;
  readonly #language: keyof Text;
  readonly #words: Sayings;
  readonly #time: Intl.DateTimeFormat;

  constructor(about: ToldCity, language: keyof Text) {
    this.#about = about;
    this.#language = language;
    this.#words = sayings[language];
    this.#time = new Intl.DateTimeFormat(this.#words.locale, {
      timeZone: about.city.zone,
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  }

  subject({ stage, alarms }: PlannedMessage): string {
    const [first] = alarms;
    if (!first) throw new Error("a message without alarms");
    const { priorities, clock } = this.#words;
    const said = this.#words.subject[stage](priorities[first.priority], this.#name(first), alarms.length);
    const mark = clock[this.#about.clockKind];
    // A title may have several lines; a subject is one.
    return `${mark === null ? "" : `[${mark}] `}${said}`.replaceAll(/\s+/g, " ");
  }

  text({ stage, alarms, role, route }: PlannedMessage): string {
    const { intro, more, where, why, clock } = this.#words;
    const { city, clockKind, address, routes } = this.#about;
    const mark = clock[clockKind];
    const title = routes.find(({ id }) => id === route)?.title[this.#language] ?? route;
    const blocks = [
      `${city.title[this.#language]}${mark === null ? "" : ` [${mark}]`}\n${intro[stage](alarms.length)}`,
      ...alarms.slice(0, listedAtMost).map((alarm) => this.#block(alarm)),
      ...(alarms.length > listedAtMost ? [more(alarms.length - listedAtMost)] : []),
      [...(address === null ? [] : [where(`${address}/desk`)]), why(role.title[this.#language], title)].join(
        "\n",
      ),
    ];
    return `${blocks.join("\n\n")}\n`;
  }

  #block(alarm: Alarm): string {
    const { since, from, owner, consequence, response, procedure, priorities } = this.#words;
    const rule = this.#about.rules.find(({ id }) => id === alarm.rule);
    const head = `${priorities[alarm.priority]}: ${this.#name(alarm)}`;
    const began = this.#time.format(alarm.since);
    if (!alarm.isActive)
      return `${head}\n  ${from(began, alarm.returnedAt === null ? "…" : this.#time.format(alarm.returnedAt))}`;
    const lines = [head, since(began, this.#value(alarm))];
    if (rule) {
      const { text, checklist, sop } = rule.response;
      const department = this.#about.departments.find(({ id }) => id === rule.owner)?.title[this.#language];
      lines.push(
        owner(department ?? rule.owner, this.#time.format(dueAt(alarm, rule))),
        consequence(rule.consequence[this.#language]),
        response(text[this.#language]),
        ...checklist.map((step) => `  – ${step[this.#language]}`),
        ...(sop ? [procedure(sop[this.#language])] : []),
      );
    }
    return lines.join("\n  ");
  }

  #name(alarm: Alarm): string {
    const title = this.#about.rules.find(({ id }) => id === alarm.rule)?.title[this.#language] ?? alarm.rule;
    const name = this.#about.nameOf(alarm)?.[this.#language];
    return name === undefined ? title : this.#words.of(title, name);
  }

  /** `null`: no value is known now, or none is told. */
  #value({ value, indicator, valueState }: Alarm): string | null {
    if (value === null || valueState === "none") return null;
    const unit = this.#about.indicators.find(({ id }) => id === indicator)?.unit ?? "count";
    const figure = new Intl.NumberFormat(this.#words.locale, { maximumFractionDigits: 1 }).format(value);
    return `${figure} ${unitSymbols[unit][this.#language]}`.trim();
  }
}

/**
 * Tells people and programs of alarms: decides once a second at most, writes down what was decided and made, and sends
 * what was written. What cannot be written is sent all the same, and said.
 */

import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { Alarm } from "../../shared/alarms.ts";
import type { Delivery, NotificationDecision } from "../../shared/notification.ts";
import type { Outgoing } from "../core/feeds/feed-entry.ts";
import { Decider, toldKey, type Decided, type PlannedMessage, type Told } from "../core/notify/decider.ts";
import type { Contact, MailSettings, Role } from "../core/notify/route.ts";
import type { NotificationStore, NotificationWrite, StoredDelivery } from "../core/notify/store.ts";
import { compose, type ToldCity } from "./compose.ts";
import { Mailer } from "./mail.ts";
import { Outbox, usualPatience, type OutboxOptions, type Sent } from "./outbox.ts";
import { Webhooks } from "./webhook.ts";

/** What a city folder says of telling people. */
export interface NotifiedCity extends ToldCity {
  readonly roles: readonly Role[];
  /** `null`: no mail server is named. */
  readonly mail: MailSettings | null;
  readonly outgoing: Outgoing;
}

export interface NotifierOptions {
  /** Opens what was written down. */
  readonly records: () => Promise<NotificationStore>;
  readonly log: Logger;
  readonly patience?: Pick<OutboxOptions, "firstRetryMs" | "longestRetryMs" | "giveUpAfterMs">;
  readonly wallNow?: () => number;
}

/** Decisions and messages are kept for so long. */
const keptMs = 400 * 24 * 3_600_000;

export class Notifier {
  readonly #options: Required<NotifierOptions>;
  readonly #outbox: Outbox;
  /** Whom each route has told of what is not over, as the next epoch's decider has to know. */
  readonly #told = new Map<string, Told>();
  #city: NotifiedCity | null = null;
  #decider: Decider | null = null;
  #mailer: Mailer | null = null;
  #webhooks: Webhooks | null = null;
  #nextAt = Number.NEGATIVE_INFINITY;
  #decidedFor: readonly Alarm[] | null = null;
  #written: Promise<void> = Promise.resolve();
  #unwritten: string | null = null;

  private constructor(options: NotifierOptions) {
    this.#options = { patience: usualPatience, wallNow: Date.now, ...options };
    this.#outbox = new Outbox({
      ...this.#options.patience,
      wallNow: this.#options.wallNow,
      send: (delivery) => this.#send(delivery),
      onSettled: (delivery) => {
        this.#settle(delivery);
      },
    });
  }

  /** Reads what was told and what was not sent; where that cannot be read, it begins with nothing and says so. */
  static async open(options: NotifierOptions, city: NotifiedCity): Promise<Notifier> {
    const notifier = new Notifier(options);
    let waiting: readonly StoredDelivery[] = [];
    try {
      const records = await options.records();
      for (const one of await records.told()) notifier.#told.set(toldKey(one.route, one.alarm), one);
      waiting = await records.waiting();
    } catch (error) {
      notifier.#failed("notifications-not-read", error);
    }
    notifier.begin(city);
    for (const delivery of waiting) notifier.#outbox.add(delivery);
    return notifier;
  }

  /** Messages that were not accepted yet, and why the last of what was decided could not be written down. */
  get health(): { readonly waiting: number; readonly unwritten: string | null } {
    return { waiting: this.#outbox.waiting, unwritten: this.#unwritten };
  }

  /** From now on the city is this one: its roles, routes and servers. */
  begin(city: NotifiedCity): void {
    this.#city = city;
    this.#mailer?.close();
    this.#mailer = city.mail && new Mailer(city.mail);
    void this.#webhooks?.close();
    this.#webhooks = new Webhooks(city.outgoing);
    this.#decider = new Decider({
      zone: city.city.zone,
      rules: city.rules,
      roles: city.roles,
      routes: city.routes,
      told: [...this.#told.values()],
    });
    this.#decidedFor = null;
  }

  /** `alarms`: all that are not normal; the same list as long as nothing about them has changed. `now`: city time. */
  look(alarms: readonly Alarm[], now: number): void {
    if (alarms === this.#decidedFor && now < this.#nextAt) return;
    const decided = this.#decider!.decide(alarms, now);
    this.#decidedFor = alarms;
    this.#nextAt = decided.nextAt;
    this.#take(decided, now);
  }

  /** Why each route tells of an alarm or does not, now. */
  explain(alarm: Alarm, alarms: readonly Alarm[], now: number): readonly NotificationDecision[] {
    return this.#decider!.explain(alarm, alarms, now);
  }

  /** Resolves when what was decided is written down, or known not to be. */
  async stop(): Promise<void> {
    this.#outbox.stop();
    await this.#written;
    this.#mailer?.close();
    await this.#webhooks?.close();
  }

  #take({ messages, told, ended, decisions }: Decided, now: number): void {
    for (const one of told) this.#told.set(toldKey(one.route, one.alarm), one);
    for (const one of ended) this.#told.delete(toldKey(one.route, one.alarm));
    const deliveries = messages.flatMap((message) => this.#deliveriesOf(message, now));
    const change = { deliveries, told, ended, decisions };
    if (Object.values(change).every((list) => list.length === 0)) return;
    void this.#writeThenSend(change, now);
  }

  /** What cannot be written is sent all the same: better twice after a restart than not at all. */
  async #writeThenSend(change: NotificationWrite, now: number): Promise<void> {
    await this.#write((records) => this.#writeAll(records, change, now));
    for (const delivery of change.deliveries) this.#outbox.add(delivery);
  }

  async #writeAll(records: NotificationStore, change: NotificationWrite, now: number): Promise<void> {
    await records.write(change);
    if (change.ended.length > 0) await records.prune(now - keptMs);
  }

  /** One after the other; resolves also when it cannot be written. */
  #write(write: (records: NotificationStore) => Promise<void>): Promise<void> {
    this.#written = this.#written.then(async () => {
      try {
        await write(await this.#options.records());
        this.#unwritten = null;
      } catch (error) {
        this.#failed("notifications-not-written", error);
      }
    });
    return this.#written;
  }

  #failed(event: string, error: unknown): void {
    this.#unwritten = error instanceof Error ? error.message : String(error);
    this.#options.log.error({ event, error: this.#unwritten });
  }

  #deliveriesOf(message: PlannedMessage, now: number): readonly StoredDelivery[] {
    const { subject, ...content } = compose(message, this.#city!);
    const { route, stage, level, role } = message;
    const alarms = message.alarms.map(({ id, occurrence }) => `${id}#${occurrence}`);
    return message.contacts.map((contact) => ({
      key: keyOf([route, stage, level, role.id, contact.id, ...alarms]),
      route,
      role: role.id,
      contact: contact.id,
      stage,
      level,
      alarms,
      subject,
      content,
      madeAt: now,
      state: "waiting",
      attempts: 0,
      triedAt: null,
      error: null,
    }));
  }

  async #send(delivery: StoredDelivery): Promise<Sent> {
    const contact = this.#findContact(delivery);
    if (!contact) return { ok: false, isFinal: true, error: "the city folder has no such contact any more" };
    const { key, subject, content } = delivery;
    if ("email" in contact) {
      if (!this.#mailer) return { ok: false, isFinal: false, error: "city.json names no mail server" };
      return this.#mailer.send({ to: contact.email, subject, text: content.text, key });
    }
    const wallNow = this.#options.wallNow();
    const type = `alarms.${delivery.stage}`;
    const timestamp = new Date(delivery.madeAt).toISOString();
    const body = JSON.stringify({ type, timestamp, data: content.payload });
    return this.#webhooks!.send({ url: contact.webhook, secret: contact.secret, key, body }, wallNow);
  }

  #findContact({ role, contact }: Delivery): Contact | undefined {
    return this.#city?.roles.find(({ id }) => id === role)?.contacts.find(({ id }) => id === contact);
  }

  #settle(delivery: StoredDelivery): void {
    const { key, state, attempts, error, role, contact } = delivery;
    if (state !== "sent")
      this.#options.log.warn({ event: "notification-not-sent", key, role, contact, attempts, error, state });
    void this.#write((records) => records.settle(delivery));
  }
}

/** What makes two messages the same one. */
function keyOf(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

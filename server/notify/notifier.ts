/**
 * Tells people and programs of alarms: decides once a second at most, writes down what was decided and made, and sends
 * what was written. What cannot be written is sent all the same, and said.
 */

import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Alarm } from "../../shared/alarms.ts";
import type { Briefing, IssuedBriefing } from "../../shared/briefing.ts";
import type { Language } from "../../shared/city.ts";
import type { Delivery, NotificationDecision } from "../../shared/notification.ts";
import type { SentLink } from "../briefing/links.ts";
import type { Outgoing } from "../core/feeds/feed-entry.ts";
import { Decider, toldKey, type Decided, type PlannedMessage, type Told } from "../core/notify/decider.ts";
import type { Contact, MailSettings, Role } from "../core/notify/route.ts";
import type { NotificationStore, NotificationWrite, StoredDelivery } from "../core/notify/store.ts";
import { composeBriefingMessage, type BriefingPayload } from "./briefing-message.ts";
import { compose, type ToldCity } from "./compose.ts";
import { Mailer, type Attachment } from "./mail.ts";
import { Outbox, usualPatience, type OutboxOptions, type Sent, type Unreached } from "./outbox.ts";
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
  /** What opens a briefing for a contact. */
  readonly linkTo: (briefing: Briefing, to: string) => SentLink;
  /** What goes with the mail that brings a briefing, asked at each attempt; nothing where there is no paper of it. Never rejects. */
  readonly paperOf?: (briefing: string, language: Language) => Promise<readonly Attachment[]>;
  readonly patience?: Pick<OutboxOptions, "firstRetryMs" | "longestRetryMs" | "attemptsAtMost">;
  readonly wallNow?: () => number;
}

/** Decisions and messages are kept for so long. */
const keptMs = 400 * 24 * 3_600_000;
const dayMs = 24 * 3_600_000;

/** A message waits so long, in wall time, for being written down before it is sent all the same. */
const writtenWithinMs = 2_000;

/** An attempt waits so long, in wall time, for a paper that is not kept any more: its contact's alarms wait behind it. */
const paperWithinMs = 10_000;

/** Decisions that wait for a store that does not take them; older ones are given up. */
const waitingAtMost = 10_000;

/** What is to be written, the newest of each. */
class Unwritten {
  readonly deliveries = new Map<string, StoredDelivery>();
  /** By `toldKey`; `isOver`: to be forgotten. */
  readonly told = new Map<string, { readonly one: Told; readonly isOver: boolean }>();
  readonly settled = new Map<string, Delivery>();
  decisions: NotificationDecision[] = [];

  get isEmpty(): boolean {
    return this.deliveries.size + this.told.size + this.settled.size + this.decisions.length === 0;
  }

  /** Takes in what is older than what is here. */
  putBack(older: Unwritten): void {
    for (const [key, one] of older.deliveries) if (!this.deliveries.has(key)) this.deliveries.set(key, one);
    for (const [key, one] of older.told) if (!this.told.has(key)) this.told.set(key, one);
    for (const [key, one] of older.settled) if (!this.settled.has(key)) this.settled.set(key, one);
    this.decisions = [...older.decisions, ...this.decisions].slice(-waitingAtMost);
  }

  toWrite(): NotificationWrite {
    const told = [...this.told.values()];
    return {
      deliveries: [...this.deliveries.values()],
      told: told.filter(({ isOver }) => !isOver).map(({ one }) => one),
      ended: told.filter(({ isOver }) => isOver).map(({ one }) => one),
      decisions: this.decisions,
      settled: [...this.settled.values()],
    };
  }
}

/** A message that nobody has tried to send. */
const untried = { state: "waiting", attempts: 0, triedAt: null, error: null } as const;

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
  #unwritten = new Unwritten();
  #writing: Promise<void> | null = null;
  #trouble: string | null = null;
  #isRestored = false;
  #prunedAt = Number.NEGATIVE_INFINITY;

  private constructor(options: NotifierOptions) {
    this.#options = { patience: usualPatience, wallNow: Date.now, paperOf: async () => [], ...options };
    this.#outbox = new Outbox({
      ...this.#options.patience,
      wallNow: this.#options.wallNow,
      send: (delivery) => this.#send(delivery),
      onSettled: (delivery) => {
        this.#settle(delivery);
      },
    });
  }

  /** Where what was told cannot be read, it goes on without, and reads it when it can. */
  static async open(options: NotifierOptions, city: NotifiedCity): Promise<Notifier> {
    const notifier = new Notifier(options);
    notifier.begin(city);
    await notifier.#restore();
    return notifier;
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

  /** Messages that were tried and not accepted, and are tried again, by role. */
  get failing(): ReadonlyMap<string, number> {
    return this.#outbox.failing;
  }

  /** Contacts whom the last message did not reach. */
  get unreached(): readonly Unreached[] {
    return this.#outbox.unreached;
  }

  /** `alarms`: all that are not normal; the same list as long as nothing about them has changed. `now`: city time. */
  look(alarms: readonly Alarm[], now: number): void {
    if (this.#trouble !== null) void this.#write();
    if (alarms === this.#decidedFor && now < this.#nextAt) return;
    const decided = this.#decider!.decide(alarms, now);
    this.#decidedFor = alarms;
    this.#nextAt = decided.nextAt;
    this.#take(decided, now);
  }

  /**
   * Sends an issued briefing to every contact of its recipients, each in the language of its role. Resolves when the messages
   * are on their way or their papers are being made, and they are written down if they can be soon.
   */
  tellBriefing(issued: IssuedBriefing, recipients: readonly string[], now: number): Promise<void> {
    const made = this.#city!.roles.filter(({ id }) => recipients.includes(id)).flatMap((role) => {
      return role.contacts.map((contact): StoredDelivery => {
        const link = this.#options.linkTo(issued.briefing, `${role.id}/${contact.id}`);
        const { subject, ...content } = composeBriefingMessage(
          issued,
          role.language,
          this.#city!.address,
          link,
        );
        return {
          key: keyOf(["briefing", issued.briefing.id, role.id, contact.id]),
          route: `briefing:${issued.briefing.definition}`,
          role: role.id,
          contact: contact.id,
          stage: "briefing",
          level: 0,
          alarms: [],
          subject,
          content,
          madeAt: now,
          ...untried,
        };
      });
    });
    for (const delivery of made) this.#unwritten.deliveries.set(delivery.key, delivery);
    return this.#writeThenSend(made, now);
  }

  /** Why each route tells of an alarm or does not, now. */
  explain(alarm: Alarm, alarms: readonly Alarm[], now: number): readonly NotificationDecision[] {
    return this.#decider!.explain(alarm, alarms, now);
  }

  /** Resolves when what was decided is written down, or known not to be. */
  async stop(): Promise<void> {
    this.#outbox.stop();
    await this.#write();
    this.#mailer?.close();
    await this.#webhooks?.close();
  }

  #take({ messages, told, ended, decisions }: Decided, now: number): void {
    const { told: remembered, deliveries, decisions: log } = this.#unwritten;
    for (const one of told) {
      this.#told.set(toldKey(one.route, one.alarm), one);
      remembered.set(toldKey(one.route, one.alarm), { one, isOver: false });
    }
    for (const one of ended) {
      this.#told.delete(toldKey(one.route, one.alarm));
      remembered.set(toldKey(one.route, one.alarm), { one, isOver: true });
    }
    const made = messages.flatMap((message) => this.#deliveriesOf(message, now));
    for (const delivery of made) deliveries.set(delivery.key, delivery);
    log.push(...decisions);
    void this.#writeThenSend(made, now);
  }

  /** What cannot be written soon is sent all the same: better twice after a restart than late or not at all. */
  async #writeThenSend(made: readonly StoredDelivery[], now: number): Promise<void> {
    await Promise.race([this.#write(now), sleep(writtenWithinMs, undefined, { ref: false })]);
    for (const delivery of made) this.#enqueue(delivery);
  }

  /** A briefing's paper is made before it takes its contact's turn, so that it is there when an attempt asks for it again. */
  #enqueue(delivery: StoredDelivery): void {
    if (delivery.stage !== "briefing") {
      this.#outbox.add(delivery);
      return;
    }
    void this.#paperFor(delivery).then(() => {
      this.#outbox.add(delivery);
    });
  }

  /** Writes all that waits, and what comes meanwhile; never rejects. What is not taken waits for the next time. */
  #write(now?: number): Promise<void> {
    if (this.#isRestored && this.#unwritten.isEmpty) return this.#writing ?? Promise.resolve();
    this.#writing ??= this.#writeAll(now);
    return this.#writing;
  }

  /** Nothing comes between its last look at what waits and its end, which nobody would write. */

  async #writeAll(now: number | undefined): Promise<void> {
    while (!this.#isRestored || !this.#unwritten.isEmpty) {
      const part = this.#unwritten;
      this.#unwritten = new Unwritten();
      try {
        const store = await this.#options.records();
        if (!this.#isRestored) await this.#readFrom(store);
        await store.write(part.toWrite());
        if (now !== undefined && now - this.#prunedAt > dayMs) {
          this.#prunedAt = now;
          await store.prune(now - keptMs);
        }
        this.#trouble = null;
      } catch (error) {
        this.#unwritten.putBack(part);
        this.#failed("notifications-not-written", error);
        break;
      }
    }
    this.#writing = null;
  }

  async #restore(): Promise<void> {
    try {
      await this.#readFrom(await this.#options.records());
    } catch (error) {
      this.#failed("notifications-not-read", error);
    }
  }

  /** Takes over what an earlier run told and did not send; what this one knows already stays as it is. */
  async #readFrom(store: NotificationStore): Promise<void> {
    const [told, waiting] = await Promise.all([store.told(), store.waiting()]);
    this.#isRestored = true;
    for (const one of told) {
      const key = toldKey(one.route, one.alarm);
      if (!this.#told.has(key)) this.#told.set(key, one);
    }
    this.begin(this.#city!);
    for (const delivery of waiting) this.#enqueue(delivery);
  }

  #failed(event: string, error: unknown): void {
    const said = error instanceof Error ? error.message : String(error);
    if (said !== this.#trouble) this.#options.log.error({ event, error: said });
    this.#trouble = said;
  }

  #deliveriesOf(message: PlannedMessage, now: number): readonly StoredDelivery[] {
    const { subject, ...content } = compose(message, this.#city!);
    const { route, stage, level, role } = message;
    const alarms = message.alarms.map(({ id, occurrence }) => `${id}#${occurrence}`);
    return message.contacts.map((contact) => ({
      key: keyOf([route, stage, level, role.id, contact.id, ...message.of]),
      route,
      role: role.id,
      contact: contact.id,
      stage,
      level,
      alarms,
      subject,
      content,
      madeAt: now,
      ...untried,
    }));
  }

  async #send(delivery: StoredDelivery): Promise<Sent> {
    const contact = this.#findContact(delivery);
    if (!contact) return { ok: false, isFinal: true, error: "the city folder has no such contact any more" };
    const { key, subject, content } = delivery;
    if ("email" in contact) {
      if (!this.#mailer) return { ok: false, isFinal: false, error: "city.json names no mail server" };
      const attachments = await this.#paperInTime(delivery);
      return this.#mailer.send({ to: contact.email, subject, text: content.text, key, attachments });
    }
    const wallNow = this.#options.wallNow();
    const type = delivery.stage === "briefing" ? "briefing.issued" : `alarms.${delivery.stage}`;
    const timestamp = new Date(delivery.madeAt).toISOString();
    const body = JSON.stringify({ type, timestamp, data: content.payload });
    return this.#webhooks!.send({ url: contact.webhook, secret: contact.secret, key, body }, wallNow);
  }

  /** Asked for at each attempt: what could not be made may be now, and messages that wait hold none. */
  #paperInTime(delivery: StoredDelivery): Promise<readonly Attachment[]> {
    if (delivery.stage !== "briefing") return Promise.resolve([]);
    return Promise.race([this.#paperFor(delivery), sleep(paperWithinMs, [], { ref: false })]);
  }

  /** Nothing where no mail can bring it. */
  async #paperFor(delivery: StoredDelivery): Promise<readonly Attachment[]> {
    const contact = this.#findContact(delivery);
    if (!this.#mailer || !contact || !("email" in contact)) return [];
    const { role: id, content } = delivery;
    const { briefing } = content.payload as BriefingPayload;
    const language = this.#city?.roles.find((role) => role.id === id)?.language ?? "en";
    return this.#options.paperOf(briefing, language);
  }

  #findContact({ role, contact }: Delivery): Contact | undefined {
    return this.#city?.roles.find(({ id }) => id === role)?.contacts.find(({ id }) => id === contact);
  }

  #settle(delivery: StoredDelivery): void {
    const { key, state, attempts, error, role, contact } = delivery;
    if (state !== "sent")
      this.#options.log.warn({ event: "notification-not-sent", key, role, contact, attempts, error, state });
    this.#unwritten.settled.set(key, delivery);
    void this.#write();
  }
}

/** What makes two messages the same one. */
function keyOf(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

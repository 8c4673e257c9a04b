/**
 * Notifications as they are written down: messages and what became of them, whom each route has told of what is not over
 * yet, and the log of decisions, which is only ever added to.
 */

import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Delivery, NotificationDecision } from "../../shared/notification.ts";
import { toldKey, type Told } from "../core/notify/decider.ts";
import type {
  MessageContent,
  NotificationStore,
  NotificationWrite,
  StoredDelivery,
} from "../core/notify/store.ts";

/** `told`, `alarms` and `content` are JSON; instants are epoch milliseconds. */
export interface NotificationTables {
  notificationTold: { readonly key: string; readonly told: string };
  notificationDelivery: Omit<Delivery, "alarms"> & { readonly alarms: string; readonly content: string };
  /** Which alarms a message tells of. */
  notificationAbout: { readonly delivery: string; readonly alarm: string };
  notificationDecision: NotificationDecision & { readonly number: number };
}

export const notificationMigration: Migration = {
  async up(db) {
    await db.schema
      .createTable("notificationTold")
      .addColumn("key", "text", (column) => column.primaryKey())
      .addColumn("told", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("notificationDelivery")
      .addColumn("key", "text", (column) => column.primaryKey())
      .addColumn("route", "text", (column) => column.notNull())
      .addColumn("role", "text", (column) => column.notNull())
      .addColumn("contact", "text", (column) => column.notNull())
      .addColumn("stage", "text", (column) => column.notNull())
      .addColumn("level", "bigint", (column) => column.notNull())
      .addColumn("alarms", "text", (column) => column.notNull())
      .addColumn("subject", "text", (column) => column.notNull())
      .addColumn("content", "text", (column) => column.notNull())
      .addColumn("madeAt", "bigint", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("attempts", "bigint", (column) => column.notNull())
      .addColumn("triedAt", "bigint")
      .addColumn("error", "text")
      .execute();
    await db.schema
      .createIndex("notificationDeliveryByTime")
      .on("notificationDelivery")
      .column("madeAt")
      .execute();
    await db.schema
      .createTable("notificationAbout")
      .addColumn("delivery", "text", (column) => column.notNull().references("notificationDelivery.key"))
      .addColumn("alarm", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("notificationAboutKey", ["alarm", "delivery"])
      .execute();
    await db.schema
      .createTable("notificationDecision")
      .addColumn("number", "bigint", (column) => column.primaryKey())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("route", "text", (column) => column.notNull())
      .addColumn("alarm", "text", (column) => column.notNull())
      .addColumn("occurrence", "bigint", (column) => column.notNull())
      .addColumn("stage", "text", (column) => column.notNull())
      .addColumn("level", "bigint", (column) => column.notNull())
      .addColumn("decision", "text", (column) => column.notNull())
      .addColumn("role", "text", (column) => column.notNull())
      .addColumn("until", "bigint")
      .addColumn("because", "text")
      .execute();
    await db.schema
      .createIndex("notificationAboutByDelivery")
      .on("notificationAbout")
      .column("delivery")
      .execute();
    await db.schema
      .createIndex("notificationDecisionByTime")
      .on("notificationDecision")
      .column("at")
      .execute();
    await db.schema
      .createIndex("notificationDecisionByAlarm")
      .on("notificationDecision")
      .columns(["alarm", "at"])
      .execute();
  },
};

const rowsAtOnce = 500;

export class NotificationRecords implements NotificationStore {
  readonly #db: Kysely<NotificationTables>;

  constructor(db: Kysely<NotificationTables>) {
    this.#db = db;
  }

  async told(): Promise<readonly Told[]> {
    const rows = await this.#db.selectFrom("notificationTold").select("told").orderBy("key").execute();
    return rows.map(({ told }) => JSON.parse(told) as Told);
  }

  async waiting(): Promise<readonly StoredDelivery[]> {
    const rows = await this.#db
      .selectFrom("notificationDelivery")
      .selectAll()
      .where("state", "=", "waiting")
      .orderBy("madeAt")
      .orderBy("key")
      .execute();
    return rows.map((row) => ({ ...toDelivery(row), content: JSON.parse(row.content) as MessageContent }));
  }

  async write({ deliveries, told, ended, decisions, settled }: NotificationWrite): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      for (const delivery of deliveries) await addDelivery(db, delivery);
      for (const one of told) {
        const row = { key: toldKey(one.route, one.alarm), told: JSON.stringify(one) };
        await db
          .insertInto("notificationTold")
          .values(row)
          .onConflict((conflict) => conflict.column("key").doUpdateSet({ told: row.told }))
          .execute();
      }
      for (const one of ended)
        await db.deleteFrom("notificationTold").where("key", "=", toldKey(one.route, one.alarm)).execute();
      await addDecisions(db, decisions);
      for (const { key, state, attempts, triedAt, error } of settled)
        await db
          .updateTable("notificationDelivery")
          .set({ state, attempts, triedAt, error })
          .where("key", "=", key)
          .execute();
    });
  }

  /** The newest messages, at most `atMost`; with `alarm`, those that tell of it. */
  async deliveries(alarm: string | null, atMost: number): Promise<readonly Delivery[]> {
    let query = this.#db.selectFrom("notificationDelivery").selectAll();
    if (alarm !== null)
      query = query.where("key", "in", (its) =>
        its.selectFrom("notificationAbout").select("delivery").where("alarm", "=", alarm),
      );
    const rows = await query.orderBy("madeAt", "desc").orderBy("key").limit(atMost).execute();
    return rows.map(toDelivery);
  }

  /** The newest decisions about an alarm, or about all, at most `atMost`; the newest first. */
  async decisions(alarm: string | null, atMost: number): Promise<readonly NotificationDecision[]> {
    let query = this.#db.selectFrom("notificationDecision").selectAll();
    if (alarm !== null) query = query.where("alarm", "=", alarm);
    const rows = await query.orderBy("number", "desc").limit(atMost).execute();
    return rows.map(({ number: _number, ...decision }) => decision);
  }

  async prune(before: number): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      const old = db
        .selectFrom("notificationDelivery")
        .select("key")
        .where("madeAt", "<", before)
        .where("state", "<>", "waiting");
      await db.deleteFrom("notificationAbout").where("delivery", "in", old).execute();
      await db
        .deleteFrom("notificationDelivery")
        .where("madeAt", "<", before)
        .where("state", "<>", "waiting")
        .execute();
      await db.deleteFrom("notificationDecision").where("at", "<", before).execute();
    });
  }
}

async function addDelivery(
  db: Kysely<NotificationTables>,
  { alarms, content, ...rest }: StoredDelivery,
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("notificationDelivery")
    .values({ ...rest, alarms: JSON.stringify(alarms), content: JSON.stringify(content) })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) return;
  const about = new Set(alarms.map((alarm) => alarm.slice(0, alarm.lastIndexOf("#"))));
  await inParts(
    Array.from(about, (alarm) => ({ delivery: rest.key, alarm })),
    (rows) => db.insertInto("notificationAbout").values(rows).execute(),
  );
}

async function addDecisions(
  db: Kysely<NotificationTables>,
  decisions: readonly NotificationDecision[],
): Promise<void> {
  const last = await db
    .selectFrom("notificationDecision")
    .select(db.fn.max("number").as("number"))
    .executeTakeFirst();
  const first = Number(last?.number ?? 0) + 1;
  await inParts(
    decisions.map((decision, i) => ({ ...decision, number: first + i })),
    (rows) => db.insertInto("notificationDecision").values(rows).execute(),
  );
}

/** A statement takes only so many values. */
async function inParts<T>(
  rows: readonly T[],
  write: (part: readonly T[]) => Promise<unknown>,
): Promise<void> {
  for (let i = 0; i < rows.length; i += rowsAtOnce) await write(rows.slice(i, i + rowsAtOnce));
}

function toDelivery({
  content: _content,
  alarms,
  ...row
}: NotificationTables["notificationDelivery"]): Delivery {
  return { ...row, alarms: JSON.parse(alarms) as readonly string[] };
}

/**
 * Alarms as they are written down: what each that is not normal is, the log of what happened and was done, which is only
 * ever added to, and what commands were answered, so that one that comes twice is done once.
 */

import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { AlarmEvent, CommandAnswer } from "../../shared/alarms.ts";
import type { KeptAlarm } from "../core/alarms/watched.ts";

/** `kept` and `answer` are JSON; instants are epoch milliseconds. */
export interface AlarmTables {
  alarm: { readonly id: string; readonly kept: string };
  alarmEvent: {
    readonly number: number;
    readonly at: number;
    readonly alarm: string;
    readonly rule: string;
    readonly group: string | null;
    readonly occurrence: number;
    readonly kind: string;
    readonly priority: string;
    readonly state: string;
    readonly value: number | null;
    readonly position: string | null;
    readonly shift: string | null;
    /** Of accounts, when there are some: who it was, beside the position. */
    readonly account: string | null;
    readonly text: string | null;
    readonly until: number | null;
  };
  alarmCommand: {
    readonly key: string;
    readonly answer: string;
    /** City time; 0 of those that were written before it was. */
    readonly at: number;
  };
}

export const alarmMigration: Migration = {
  async up(db) {
    await db.schema
      .createTable("alarm")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("kept", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("alarmEvent")
      .addColumn("number", "bigint", (column) => column.primaryKey())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("alarm", "text", (column) => column.notNull())
      .addColumn("rule", "text", (column) => column.notNull())
      .addColumn("group", "text")
      .addColumn("occurrence", "bigint", (column) => column.notNull())
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("priority", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addColumn("value", "double precision")
      .addColumn("position", "text")
      .addColumn("shift", "text")
      .addColumn("account", "text")
      .addColumn("text", "text")
      .addColumn("until", "bigint")
      .execute();
    await db.schema.createIndex("alarmEventByTime").on("alarmEvent").column("at").execute();
    await db.schema.createIndex("alarmEventByAlarm").on("alarmEvent").columns(["alarm", "at"]).execute();
    await db.schema
      .createTable("alarmCommand")
      .addColumn("key", "text", (column) => column.primaryKey())
      .addColumn("answer", "text", (column) => column.notNull())
      .execute();
  },
};

export const alarmCommandTimeMigration: Migration = {
  async up(db) {
    await db.schema
      .alterTable("alarmCommand")
      .addColumn("at", "bigint", (column) => column.notNull().defaultTo(0))
      .execute();
  },
};

/** Bound values of one statement; SQLite and PostgreSQL allow more. */
const eventsAtOnce = 500;

type EventRow = AlarmTables["alarmEvent"];

interface EventQuestion {
  readonly fromAt: number;
  readonly toAt: number;
  /** Only of this alarm; `null`: of all. */
  readonly alarm: string | null;
  /** At most so many, the newest. */
  readonly atMost: number;
  /** Only those that were written before the one with this number; nothing: the newest of all. */
  readonly before?: number | null;
}

export interface EventPage {
  readonly events: readonly AlarmEvent[];
  /** `before` for those that are older; `null`: there are none. */
  readonly older: number | null;
}

/** The events of a stretch in the order in which they were learnt, in pages: all of them at once would hold up frames. */
export interface AlarmLog {
  readonly pages: readonly (readonly AlarmEvent[])[];
  /** There are as many as are read, the newest: there may be older ones. */
  readonly isCut: boolean;
}

const pageSize = 2_000;
const loggedAtMost = 100_000;

export class AlarmRecords {
  readonly #db: Kysely<AlarmTables>;

  constructor(db: Kysely<AlarmTables>) {
    this.#db = db;
  }

  /** Every alarm that was not normal when it was last written. */
  async kept(): Promise<readonly KeptAlarm[]> {
    const rows = await this.#db.selectFrom("alarm").select("kept").orderBy("id").execute();
    return rows.map(({ kept }) => JSON.parse(kept) as KeptAlarm);
  }

  /** Writes all of it, or nothing. */
  async write(written: {
    readonly kept: ReadonlyMap<string, KeptAlarm | null>;
    readonly events: readonly AlarmEvent[];
    readonly answers: ReadonlyMap<string, CommandAnswer>;
    readonly at: number;
  }): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      for (const [id, alarm] of written.kept)
        if (alarm) {
          const kept = JSON.stringify(alarm);
          await db
            .insertInto("alarm")
            .values({ id, kept })
            .onConflict((conflict) => conflict.column("id").doUpdateSet({ kept }))
            .execute();
        } else await db.deleteFrom("alarm").where("id", "=", id).execute();
      const last = await db
        .selectFrom("alarmEvent")
        .select(db.fn.max("number").as("number"))
        .executeTakeFirst();
      const first = Number(last?.number ?? 0) + 1;
      const rows = written.events.map((event, i) => rowOf(event, first + i));
      for (let i = 0; i < rows.length; i += eventsAtOnce)
        await db
          .insertInto("alarmEvent")
          .values(rows.slice(i, i + eventsAtOnce))
          .execute();
      for (const [key, answer] of written.answers)
        await db
          .insertInto("alarmCommand")
          .values({ key, answer: JSON.stringify(answer), at: written.at })
          .onConflict((conflict) => conflict.column("key").doNothing())
          .execute();
    });
  }

  /** What the command with this key was answered; `null` when there was none. */
  async findAnswer(key: string): Promise<CommandAnswer | null> {
    const row = await this.#db
      .selectFrom("alarmCommand")
      .select("answer")
      .where("key", "=", key)
      .executeTakeFirst();
    return row ? (JSON.parse(row.answer) as CommandAnswer) : null;
  }

  /** What happened in [`fromAt`, `toAt`), in the order in which it was learnt. */
  async events(question: EventQuestion): Promise<EventPage> {
    const { fromAt, toAt, alarm, atMost, before = null } = question;
    let query = this.#db
      .selectFrom("alarmEvent")
      .selectAll()
      .where("at", ">=", fromAt)
      .where("at", "<", toAt);
    if (alarm !== null) query = query.where("alarm", "=", alarm);
    if (before !== null) query = query.where("number", "<", before);
    const rows = await query
      .orderBy("number", "desc")
      .limit(atMost + 1)
      .execute();
    const page = rows.slice(0, atMost);
    const older = rows.length > atMost ? Number(page.at(-1)?.number ?? 0) : null;
    return { events: page.toReversed().map(eventOf), older };
  }

  /** What happened in [`fromAt`, `toAt`), the newest of it. */
  async log(fromAt: number, toAt: number, atMost = loggedAtMost): Promise<AlarmLog> {
    const bounds = await this.#db
      .selectFrom("alarmEvent")
      .select(({ fn }) => [fn.min("number").as("first"), fn.max("number").as("last")])
      .where("at", ">=", fromAt)
      .where("at", "<", toAt)
      .executeTakeFirst();
    const pages: AlarmEvent[][] = [];
    let left = atMost;
    for (let before = Number(bounds?.last ?? 0) + 1, older = true; older && left > 0;) {
      const rows = await this.#db
        .selectFrom("alarmEvent")
        .selectAll()
        .where("number", ">=", Number(bounds?.first ?? 0))
        .where("number", "<", before)
        // As sums: by the index of `at`, all of the stretch would be sorted for every page.
        .where(({ eb }) => eb("at", "+", 0), ">=", fromAt)
        .where(({ eb }) => eb("at", "+", 0), "<", toAt)
        .orderBy("number", "desc")
        .limit(Math.min(pageSize, left))
        .execute();
      if (rows.length > 0) pages.push(rows.toReversed().map(eventOf));
      left -= rows.length;
      older = rows.length === pageSize;
      before = Number(rows.at(-1)?.number);
    }
    return { pages: pages.toReversed(), isCut: left === 0 };
  }

  /** Whether anything that is written down happened before. */
  async hasBefore(at: number): Promise<boolean> {
    const row = await this.#db
      .selectFrom("alarmEvent")
      .select("number")
      .where("at", "<", at)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Forgets what happened before, but for alarms that are not normal, and what commands were answered before. */
  async prune(before: number): Promise<void> {
    await this.#db.transaction().execute(async (db) => {
      await db
        .deleteFrom("alarmEvent")
        .where("at", "<", before)
        .where("alarm", "not in", db.selectFrom("alarm").select("id"))
        .execute();
      await db.deleteFrom("alarmCommand").where("at", "<", before).execute();
    });
  }
}

function rowOf({ by, ...event }: AlarmEvent, number: number): EventRow {
  return {
    ...event,
    number,
    position: by?.position ?? null,
    shift: by?.shift ?? null,
    account: by?.account ?? null,
  };
}

function eventOf({ number: _number, position, shift, account, ...row }: EventRow): AlarmEvent {
  return { ...(row as Omit<AlarmEvent, "by">), by: position === null ? null : { position, shift, account } };
}

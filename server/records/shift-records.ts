/** Shifts as they are written down: entries, hand-overs and who acknowledged them. All of it is only ever added to. */

import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Actor } from "../../shared/alarms.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type {
  Handover,
  HandoverContent,
  HandoverRefusal,
  ShiftDraft,
  ShiftEntry,
} from "../../shared/shift.ts";

/** Who it was; `account` is of accounts, when there are some: then it stands beside the position. */
interface Written {
  /** Counts up in the order in which it was written. */
  readonly number: number;
  /** Epoch milliseconds, of the city. */
  readonly at: number;
  readonly position: string;
  readonly shift: string | null;
  readonly account: string | null;
}

export interface ShiftTables {
  /** `id` is the key of whoever wrote it. */
  shiftEntry: Written & { readonly id: string; readonly text: string };
  /** `content` is JSON. */
  handover: Written & { readonly id: string; readonly text: string; readonly content: string };
  handoverAcknowledgement: Written & { readonly handover: string; readonly text: string | null };
}

export const shiftMigration: Migration = {
  async up(db) {
    const written = (table: string) =>
      db.schema
        .createTable(table)
        .addColumn("number", "bigint", (column) => column.primaryKey())
        .addColumn("at", "bigint", (column) => column.notNull())
        .addColumn("position", "text", (column) => column.notNull())
        .addColumn("shift", "text")
        .addColumn("account", "text");
    await written("shiftEntry")
      .addColumn("id", "text", (column) => column.notNull().unique())
      .addColumn("text", "text", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("shiftEntryByTime").on("shiftEntry").column("at").execute();
    await written("handover")
      .addColumn("id", "text", (column) => column.notNull().unique())
      .addColumn("text", "text", (column) => column.notNull())
      .addColumn("content", "text", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("handoverByTime").on("handover").column("at").execute();
    await written("handoverAcknowledgement")
      .addColumn("handover", "text", (column) => column.notNull().unique().references("handover.id"))
      .addColumn("text", "text")
      .execute();
  },
};

/** Of a stretch, so many are read at most, the newest: a hand-over may hold hundreds of alarms. */
const entriesAtMost = 2_000;
const handoversAtMost = 100;

export class ShiftRecords {
  readonly #db: Kysely<ShiftTables>;
  /** What was written last: the next one sees it, on whichever connection. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(db: Kysely<ShiftTables>) {
    this.#db = db;
  }

  /** What was written in [`fromAt`, `toAt`), the newest `atMost` in the order in which they were. */
  async entries(fromAt: number, toAt: number, atMost = entriesAtMost): Promise<readonly ShiftEntry[]> {
    const rows = await this.#db
      .selectFrom("shiftEntry")
      .selectAll()
      .where("at", ">=", fromAt)
      .where("at", "<", toAt)
      .orderBy("number", "desc")
      .limit(atMost)
      .execute();
    return rows.toReversed().map(entryOf);
  }

  write({ key, by, text }: ShiftDraft, at: number): Promise<ShiftEntry> {
    return this.#inTurn(async (db) => {
      const find = () => db.selectFrom("shiftEntry").selectAll().where("id", "=", key).executeTakeFirst();
      const known = await find();
      if (known) return entryOf(known);
      const row = { id: key, at, text, ...by, number: await nextNumber(db, "shiftEntry") };
      await db.insertInto("shiftEntry").values(row).execute();
      return entryOf(row);
    });
  }

  /** Those written in [`fromAt`, `toAt`), the newest `atMost`, and all that wait, the newest first. */
  async handovers(fromAt: number, toAt: number, atMost = handoversAtMost): Promise<readonly Handover[]> {
    const written = this.#db
      .selectFrom("handover")
      .select("id")
      .where("at", ">=", fromAt)
      .where("at", "<", toAt)
      .orderBy("number", "desc")
      .limit(atMost);
    const rows = await joined(this.#db)
      .where((its) => its.or([its("handover.id", "in", written), its("acknowledgement.at", "is", null)]))
      .orderBy("handover.number", "desc")
      .execute();
    return rows.map(handoverOf);
  }

  /** Those that nobody has acknowledged, the oldest first. */
  async waiting(): Promise<readonly Handover[]> {
    const rows = await joined(this.#db)
      .where("acknowledgement.at", "is", null)
      .orderBy("handover.number")
      .execute();
    return rows.map(handoverOf);
  }

  /** Everything that is written counts on what was there before: one at a time. */
  #inTurn<T>(write: (db: Kysely<ShiftTables>) => Promise<T>): Promise<T> {
    const written = this.#last.then(() => this.#db.transaction().execute(write));
    this.#last = written.catch(() => undefined);
    return written;
  }

  handOver(
    { key, by, text }: ShiftDraft,
    content: HandoverContent,
    at: number,
  ): Promise<Result<Handover, HandoverRefusal>> {
    return this.#inTurn(async (db) => {
      const known = await findHandover(db, key);
      if (known) return ok(known);
      const waiting = await joined(db)
        .where("acknowledgement.at", "is", null)
        .where("handover.position", "=", by.position)
        .executeTakeFirst();
      if (waiting) return fail("waiting");
      const number = await nextNumber(db, "handover");
      const row = { id: key, at, text, ...by, content: JSON.stringify(content), number };
      await db.insertInto("handover").values(row).execute();
      return ok((await findHandover(db, key))!);
    });
  }

  /**
   * Whoever wrote it cannot say for the next shift that they know; of a position without shifts nobody can tell who comes
   * from who goes, and it may. Once acknowledged by somebody it stays so.
   */
  acknowledge(
    id: string,
    { by, text }: { readonly by: Actor; readonly text: string | null },
    at: number,
  ): Promise<Result<Handover, HandoverRefusal>> {
    return this.#inTurn(async (db) => {
      const handover = await findHandover(db, id);
      if (!handover) return fail("missing");
      if (handover.acknowledged !== null)
        return isSame(handover.acknowledged.by, by) ? ok(handover) : fail("acknowledged");
      if (by.shift !== null && isSame(handover.by, by)) return fail("own");
      const number = await nextNumber(db, "handoverAcknowledgement");
      await db
        .insertInto("handoverAcknowledgement")
        .values({ handover: id, at, text, ...by, number })
        .execute();
      return ok((await findHandover(db, id))!);
    });
  }
}

function isSame(a: Actor, b: Actor): boolean {
  return a.position === b.position && a.shift === b.shift && a.account === b.account;
}

async function nextNumber(db: Kysely<ShiftTables>, table: keyof ShiftTables): Promise<number> {
  const last = await db.selectFrom(table).select(db.fn.max("number").as("number")).executeTakeFirst();
  return Number(last?.number ?? 0) + 1;
}

/** Hand-overs, each beside its acknowledgement. */
function joined(db: Kysely<ShiftTables>) {
  return db
    .selectFrom("handover")
    .leftJoin("handoverAcknowledgement as acknowledgement", "acknowledgement.handover", "handover.id")
    .selectAll("handover")
    .select([
      "acknowledgement.at as knownAt",
      "acknowledgement.position as knownPosition",
      "acknowledgement.shift as knownShift",
      "acknowledgement.account as knownAccount",
      "acknowledgement.text as knownText",
    ]);
}

async function findHandover(db: Kysely<ShiftTables>, id: string): Promise<Handover | null> {
  const row = await joined(db).where("handover.id", "=", id).executeTakeFirst();
  return row ? handoverOf(row) : null;
}

type HandoverRow = Awaited<ReturnType<ReturnType<typeof joined>["execute"]>>[number];

function handoverOf(row: HandoverRow): Handover {
  const { id, at, position, shift, account, text, content, knownAt, knownPosition } = row;
  const known = { position: knownPosition!, shift: row.knownShift, account: row.knownAccount };
  return {
    id,
    at,
    by: { position, shift, account },
    text,
    content: JSON.parse(content) as HandoverContent,
    acknowledged: knownAt === null ? null : { at: knownAt, by: known, text: row.knownText },
  };
}

function entryOf({ id, at, position, shift, account, text }: ShiftTables["shiftEntry"]): ShiftEntry {
  return { id, at, by: { position, shift, account }, text };
}

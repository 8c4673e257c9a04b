/**
 * What people write and change: annotations, saved views, what they do with alarms, and who was told of those. Kept in
 * SQLite (`records.sqlite` in the data folder) through Kysely, which speaks PostgreSQL just as well. Instants are INTEGER, epoch milliseconds.
 */

import { randomUUID } from "node:crypto";
import { Kysely, type Dialect } from "kysely";
import { Migrator, type Migration } from "kysely/migration";
import type { Annotation, AnnotationConflict } from "../../shared/annotation.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import {
  alarmCommandTimeMigration,
  alarmMigration,
  AlarmRecords,
  type AlarmTables,
} from "./alarm-records.ts";
import {
  notificationMigration,
  NotificationRecords,
  type NotificationTables,
} from "./notification-records.ts";
import { shiftMigration, ShiftRecords, type ShiftTables } from "./shift-records.ts";
import type { SavedView, ViewConflict } from "../../shared/saved-view.ts";

interface Tables extends AlarmTables, NotificationTables {
  annotation: Annotation & { readonly removedAt: number | null };
  savedView: SavedView;
}

/** Each runs once, in this order; a released one is never changed. */
const migrations: Readonly<Record<string, Migration>> = {
  "0001-annotations-and-views": {
    async up(db) {
      await db.schema
        .createTable("annotation")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("series", "text")
        .addColumn("fromAt", "bigint", (column) => column.notNull())
        .addColumn("toAt", "bigint", (column) => column.notNull())
        .addColumn("text", "text", (column) => column.notNull())
        .addColumn("author", "text", (column) => column.notNull())
        .addColumn("madeAt", "bigint", (column) => column.notNull())
        .addColumn("removedAt", "bigint")
        .execute();
      await db.schema.createIndex("annotationByTime").on("annotation").column("fromAt").execute();
      await db.schema
        .createTable("savedView")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("title", "text", (column) => column.notNull())
        .addColumn("query", "text", (column) => column.notNull())
        .addColumn("author", "text", (column) => column.notNull())
        .addColumn("savedAt", "bigint", (column) => column.notNull())
        .execute();
    },
  },
  "0002-alarms": alarmMigration,
  "0003-notifications": notificationMigration,
  "0004-shifts": shiftMigration,
  "0005-time-of-alarm-commands": alarmCommandTimeMigration,
};

const annotationColumns = ["id", "series", "fromAt", "toAt", "text", "author", "madeAt"] as const;

export class Records {
  readonly alarms: AlarmRecords;
  readonly notifications: NotificationRecords;
  readonly shifts: ShiftRecords;
  readonly #db: Kysely<Tables>;

  private constructor(db: Kysely<Tables>) {
    this.#db = db;
    // Kysely's type is invariant: of some of its tables it is one over those alone.
    this.alarms = new AlarmRecords(db as unknown as Kysely<AlarmTables>);
    this.notifications = new NotificationRecords(db as unknown as Kysely<NotificationTables>);
    this.shifts = new ShiftRecords(db as unknown as Kysely<ShiftTables>);
  }

  /** Opens the database and brings its tables up to date. Rejects when it cannot be read, or is of a newer version. */
  static async open(dialect: Dialect): Promise<Records> {
    const db = new Kysely<Tables>({ dialect });
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) {
      await db.destroy();
      const reason = error instanceof Error ? error.message : JSON.stringify(error);
      throw new Error(`its tables cannot be brought up to date: ${reason}`, { cause: error });
    }
    return new Records(db);
  }

  /** Annotations that touch [`fromAt`, `toAt`) and are about one of `series` or about all, in the order of their time. */
  annotations(
    fromAt: number,
    toAt: number,
    series: readonly string[] | null,
  ): Promise<readonly Annotation[]> {
    let query = this.#db
      .selectFrom("annotation")
      .select(annotationColumns)
      .where("removedAt", "is", null)
      .where("fromAt", "<", toAt)
      .where("toAt", ">=", fromAt);
    if (series !== null)
      query = query.where((its) =>
        series.length === 0
          ? its("series", "is", null)
          : its.or([its("series", "is", null), its("series", "in", series)]),
      );
    return query.orderBy("fromAt").orderBy("madeAt").execute();
  }

  async annotate(draft: Omit<Annotation, "id">): Promise<Annotation> {
    const annotation = { id: randomUUID(), ...draft };
    await this.#db
      .insertInto("annotation")
      .values({ ...annotation, removedAt: null })
      .execute();
    return annotation;
  }

  /**
   * `readAt`: `madeAt` as the caller knows the annotation, whose change is refused when there was another one since. The
   * words before stay in the file, as a removed one.
   */
  changeAnnotation(
    id: string,
    draft: Omit<Annotation, "id">,
    readAt: number,
  ): Promise<Result<Annotation, AnnotationConflict>> {
    return this.#db.transaction().execute(async (db) => {
      const before = await db
        .selectFrom("annotation")
        .select(annotationColumns)
        .where("id", "=", id)
        .where("removedAt", "is", null)
        .executeTakeFirst();
      if (!before) return fail("missing");
      if (before.madeAt !== readAt) return fail("changed");
      await db
        .insertInto("annotation")
        .values({ ...before, id: randomUUID(), removedAt: draft.madeAt })
        .execute();
      await db.updateTable("annotation").set(draft).where("id", "=", id).execute();
      return ok({ id, ...draft });
    });
  }

  /** Takes it off the charts; what was written stays in the file. `false`: there is none. */
  async removeAnnotation(id: string, now: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable("annotation")
      .set({ removedAt: now })
      .where("id", "=", id)
      .where("removedAt", "is", null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** All saved views, by title. */
  views(): Promise<readonly SavedView[]> {
    return this.#db.selectFrom("savedView").selectAll().orderBy("title").orderBy("id").execute();
  }

  async findView(id: string): Promise<SavedView | undefined> {
    return this.#db.selectFrom("savedView").selectAll().where("id", "=", id).executeTakeFirst();
  }

  /** A title is one view's. */
  saveView(draft: Omit<SavedView, "id">): Promise<Result<SavedView, "title-taken">> {
    return this.#db.transaction().execute(async (db) => {
      const titled = await db.selectFrom("savedView").where("title", "=", draft.title).select("id").execute();
      if (titled.length > 0) return fail("title-taken");
      const view = { id: randomUUID(), ...draft };
      await db.insertInto("savedView").values(view).execute();
      return ok(view);
    });
  }

  /** `readAt`: `savedAt` as the caller knows the view, whose change is refused when there was another one since. */
  changeView(
    id: string,
    draft: Omit<SavedView, "id">,
    readAt: number,
  ): Promise<Result<SavedView, ViewConflict>> {
    return this.#db.transaction().execute(async (db) => {
      const views = await db
        .selectFrom("savedView")
        .selectAll()
        .where((its) => its.or([its("id", "=", id), its("title", "=", draft.title)]))
        .execute();
      const before = views.find((view) => view.id === id);
      if (!before) return fail("missing");
      if (before.savedAt !== readAt) return fail("changed");
      if (views.length > 1 && before.title !== draft.title) return fail("title-taken");
      await db.updateTable("savedView").set(draft).where("id", "=", id).execute();
      return ok({ id, ...draft });
    });
  }

  /** `false`: there was none. */
  async removeView(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db.deleteFrom("savedView").where("id", "=", id).executeTakeFirst();
    return numDeletedRows > 0n;
  }

  close(): Promise<void> {
    return this.#db.destroy();
  }
}

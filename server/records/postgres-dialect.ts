/** Kysely over PostgreSQL, for a city whose records have outgrown one file. Its int8 come as numbers, as SQLite's do. */

import { PostgresDialect, type Dialect } from "kysely";
import { Pool, types } from "pg";

const int8 = 20;

/** `url` is a connection string, `postgres://user:password@host/database`. A server that hangs is given up in seconds. */
export function postgresDialect(url: string): Dialect {
  const pool = new Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    types: {
      getTypeParser: ((oid: number, format: "text"): unknown =>
        oid === int8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  });
  // A connection that broke while nobody used it is no news: the next question opens another.
  pool.on("error", () => undefined);
  return new PostgresDialect({ pool });
}

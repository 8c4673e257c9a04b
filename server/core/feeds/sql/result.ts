/** The body of a query's result: what the transport writes, and everything that reads it again agrees on. */

export interface QueryColumn {
  readonly name: string;
  /** `pg_type.typname`: `int8`, `timestamptz`, `geometry`. */
  readonly type: string;
}

/** How a query asks for news alone. */
export interface QueryNews {
  readonly column: string;
  /** What `$1` was. */
  readonly since: string | null;
}

export interface QueryResult {
  /** When it was asked, ISO 8601 UTC. */
  readonly askedAt: string;
  /** `null`: the rows are all there are. */
  readonly news: QueryNews | null;
  readonly columns: readonly QueryColumn[];
  /** Cells as PostgreSQL writes them as text, so that no number loses a digit; `null` is NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Asks a database in rounds, one statement at a time, and hands each result to the fold. */

import type { FeedEntry } from "../core/feeds/feed-entry.ts";
import { usesColumn } from "../core/feeds/sql/decode.ts";
import { sinceOf } from "../core/feeds/sql/newest.ts";
import type { SqlOptions } from "../core/feeds/sql/options.ts";
import type { QueryNews, QueryResult } from "../core/feeds/sql/result.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import type { CursorFile } from "./cursor-file.ts";
import type { Fold } from "./fold.ts";
import type { FeedWiring } from "./wiring.ts";
import { crash } from "./part-decoder.ts";
import { queryDatabase, type Rows } from "./query-database.ts";
import { startRounds } from "./rounds.ts";

type QueryTransport = FeedEntry["transport"] & { readonly type: "query" };

const longestPauseMs = 300_000;
const partName = "body";

/** Asks until stopped. A statement in flight is cancelled at the stop. */
export function startQuerying(
  wiring: FeedWiring,
  transport: QueryTransport,
  fold: Fold,
  cursor: CursorFile,
  keeper: BodyKeeper,
): { stop(): Promise<void> } {
  const { entry, lookup, now, random = Math.random } = wiring;
  const { connection, everySeconds, incremental, outgoing, sql, timeoutSeconds, maxRows, maxBytes } =
    transport;

  const newsNow = (): QueryNews | null => {
    if (incremental === null) return null;
    const { column, overlapSeconds } = incremental;
    return { column, since: sinceOf(cursor.current, column, overlapSeconds) };
  };

  const round = async (signal: AbortSignal): Promise<boolean> => {
    const news = newsNow();
    const askedAt = now();
    const result = await queryDatabase({
      address: connection(),
      sql,
      values: news === null ? [] : [news.since],
      timeoutMs: timeoutSeconds * 1_000,
      maxRows,
      maxBytes,
      applicationName: `Citydeck ${entry.id}`,
      signal,
      reach: { outgoing, lookup },
    });
    if (signal.aborted) return true;
    if (!result.ok) {
      fold.fault(partName, result.failure);
      return false;
    }
    const bytes = resultBody(askedAt, news, result.value, entry.options as SqlOptions);
    const part = { name: partName, url: null, bytes };
    const receivedAt = now();
    const taken = fold.take(part, { receivedAt });
    if (!taken.ok) return false;
    const { update } = taken.value;
    void keeper.keep(taken.value.part, update, receivedAt, false);
    if (update.cursor !== undefined) cursor.merge(update.cursor);
    return true;
  };

  const settings = { everyMs: everySeconds * 1_000, longestPauseMs, random };
  const rounds = startRounds(settings, (signal) =>
    round(signal).catch((error: unknown) => {
      fold.fault(partName, crash("asking the database", error));
      return false;
    }),
  );
  return {
    async stop() {
      await rounds.stop();
      await cursor.saved();
    },
  };
}

/** Only the columns that a rule reads: what nobody needs is not kept on disk. */
function resultBody(
  askedAt: number,
  news: QueryNews | null,
  { columns, rows }: Rows,
  options: SqlOptions,
): Uint8Array {
  const uses = usesColumn(options, news);
  const kept = [...columns.keys()].filter((i) => uses(columns[i]!.name));
  const result: QueryResult = {
    askedAt: new Date(askedAt).toISOString(),
    news,
    columns: kept.map((i) => columns[i]!),
    rows: rows.map((row) => kept.map((i) => row[i] ?? null)),
  };
  return new TextEncoder().encode(JSON.stringify(result));
}

/** The records, opened when somebody first asks for them: most walls never do. */

import type { Records } from "./records.ts";

export interface RecordDesk {
  /** Rejects when they cannot be opened; the next one who asks tries again. */
  open(): Promise<Records>;
  close(): Promise<void>;
}

/** In the file at `path`, or in the PostgreSQL database that `CITYDECK_POSTGRES` names. */
export function recordDesk(path: string, url = process.env["CITYDECK_POSTGRES"]): RecordDesk {
  let opened: Promise<Records> | null = null;
  return {
    open() {
      opened ??= openAt(path, url).catch((error: unknown) => {
        opened = null;
        throw error;
      });
      return opened;
    },
    async close() {
      await (await opened?.catch(() => null))?.close();
    },
  };
}

async function openAt(path: string, url: string | undefined): Promise<Records> {
  const { Records } = await import("./records.ts");
  if (url) return Records.open((await import("./postgres-dialect.ts")).postgresDialect(url));
  return Records.open((await import("./sqlite-dialect.ts")).sqliteDialect(path));
}

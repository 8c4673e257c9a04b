/** The records, opened when somebody first asks for them: most walls never do. */

import type { Records } from "./records.ts";

export interface RecordDesk {
  /** Rejects when the file cannot be opened; the next one who asks tries again. */
  open(): Promise<Records>;
  close(): Promise<void>;
}

export function recordDesk(path: string): RecordDesk {
  let opened: Promise<Records> | null = null;
  return {
    open() {
      opened ??= openAt(path).catch((error: unknown) => {
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

async function openAt(path: string): Promise<Records> {
  const [{ Records }, { sqliteDialect }] = await Promise.all([
    import("./records.ts"),
    import("./sqlite-dialect.ts"),
  ]);
  return Records.open(sqliteDialect(path));
}

/** What a backup says of itself: `backup.json` in its folder, written when all the rest is there. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

export const manifestFile = "backup.json";

/** Of the folder's layout. A later one is for a later program. */
export const backupFormat = 1;

/** Where a history is kept: in the data folder, or by a server of its own. */
export const historyEngines = ["duckdb", "clickhouse"] as const;

/** A path as it is written in a manifest: it must not lead out of the folder. */
const innerPath = z
  .string()
  .refine(
    (path) =>
      path !== "" &&
      !path.startsWith("/") &&
      !/[\\\0]/.test(path) &&
      path.split("/").every((part) => part !== "" && part !== "." && part !== ".."),
    { error: "a path inside the backup" },
  );

const backupFile = z.strictObject({
  path: innerPath,
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestSchema = z.object({
  format: z.literal(backupFormat),
  /** The version of Citydeck that made it. */
  citydeck: z.string().regex(/^\d+\.\d+\.\d+/),
  /** The id of the city. */
  city: z.string(),
  /** By the machine's clock, ISO 8601 in UTC. */
  takenAt: z.iso.datetime(),
  /** City time: what was known until then is in the history. */
  knownTo: z.iso.datetime(),
  history: z.strictObject({ engine: z.enum(historyEngines), schema: z.int() }),
  files: z.array(backupFile),
});

export type BackupManifest = z.infer<typeof manifestSchema>;
export type BackupFile = z.infer<typeof backupFile>;

/** A folder that cannot be restored; `message` says why, and names the file where it is one's fault. */
export class UnusableBackup extends Error {}

/** Rejects with `UnusableBackup`. */
export async function readManifest(dir: string): Promise<BackupManifest> {
  const path = join(dir, manifestFile);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "there is none, as in one that was not finished" : error.message;
    throw new UnusableBackup(`${dir} is no backup: ${manifestFile}: ${why}`);
  });
  const head = parsed(text, path) as { readonly format?: unknown } | null;
  if (typeof head?.format === "number" && head.format > backupFormat)
    throw new UnusableBackup(
      `${path}: format ${head.format}, this program knows ${backupFormat}: a newer version made it`,
    );
  const read = manifestSchema.safeParse(head);
  if (read.success) return read.data;
  const [{ path: at, message }] = read.error.issues as [z.core.$ZodIssue];
  throw new UnusableBackup(`${path}: ${at.join(".") || "it"}: ${message}`);
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnusableBackup(`${path} is damaged: it is no JSON`);
  }
}

/** Puts what a backup holds into a data folder, when all of it is as it was made. */

import { mkdir, open, readdir, rename, rm, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { sign, unfinishedRestore } from "../data-folder.ts";
import { version } from "../version.ts";
import { copyBeginning } from "./copy.ts";
import { readManifest, UnusableBackup, type BackupFile, type BackupManifest } from "./manifest.ts";

export interface CheckOptions {
  /** The backup's folder. */
  readonly from: string;
  /** The id of the city that it must be of. */
  readonly city: string;
  /** The newest schema of a history that this program knows. */
  readonly historySchema: number;
  /** How much of how much was read, in bytes. */
  readonly tell: (done: number, of: number) => void;
}

/** What else is done to restore: `rest` before the folder counts as whole, `last` when it does. */
export interface RestOfRestore {
  readonly rest?: () => Promise<void>;
  readonly last?: () => Promise<void>;
}

/** Reads all of a backup. Rejects with `UnusableBackup` when it is damaged, of another city or of a newer version. */
export async function checkBackup({
  from,
  city,
  historySchema,
  tell,
}: CheckOptions): Promise<BackupManifest> {
  const manifest = await readManifest(from);
  if (isNewer(manifest.citydeck, version))
    throw new UnusableBackup(
      `${from} was made by Citydeck ${manifest.citydeck}, this is ${version}: restore it with that version or a newer one`,
    );
  if (manifest.history.schema > historySchema)
    throw new UnusableBackup(
      `${from}: its history has schema ${manifest.history.schema}, this program knows ${historySchema}: a newer version made it`,
    );
  if (manifest.city !== city)
    throw new UnusableBackup(`${from} is of the city "${manifest.city}", not of "${city}"`);
  await readFiles(from, manifest.files, () => null, tell);
  return manifest;
}

/**
 * Copies a backup that was checked into a data folder that nobody uses, and then does the rest and the last. What is in the folder goes
 * beside it, under the name that is given back; `null` when it was empty. Until the end a file in the folder says that it is
 * not all there.
 */
export async function restoreBackup(
  { from, tell }: Pick<CheckOptions, "from" | "tell">,
  { files }: BackupManifest,
  { dataDir, at, rest, last }: { readonly dataDir: string; readonly at: number } & RestOfRestore,
): Promise<string | null> {
  const there = await contentsOf(dataDir);
  const aside = `${dataDir}.before-restore-${new Date(at).toISOString().replaceAll(/[-:.]/g, "")}`;
  if (there.length > 0) await mkdir(aside, { mode: 0o700 });
  for (const name of there) await rename(join(dataDir, name), join(aside, name));
  const unfinished = join(dataDir, unfinishedRestore);
  await writeFile(unfinished, `${from}\n`, { flush: true });
  await readFiles(from, files, (path) => join(dataDir, path), tell);
  await rest?.();
  await rm(unfinished);
  await last?.();
  return there.length > 0 ? aside : null;
}

/** What is in a data folder beside the sign of who has it. */
export async function contentsOf(dataDir: string): Promise<readonly string[]> {
  return (await readdir(dataDir)).filter((name) => name !== sign);
}

async function readFiles(
  from: string,
  files: readonly BackupFile[],
  placeOf: (path: string) => string | null,
  tell: CheckOptions["tell"],
): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { path, bytes, sha256 } of files) {
    const file = await openIn(from, path);
    try {
      const { size } = await file.stat();
      if (size !== bytes) throw damaged(from, path, `${size} bytes, it had ${bytes}`);
      const copied = await copyBeginning(file, bytes, placeOf(path), (read) => {
        done += read;
        tell(done, total);
      });
      if (copied.sha256 !== sha256) throw damaged(from, path, "its content is another one (SHA-256)");
    } finally {
      await file.close();
    }
  }
}

async function openIn(from: string, path: string): Promise<FileHandle> {
  try {
    return await open(join(from, path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw damaged(from, path, code === "ENOENT" ? "it is not there" : message);
  }
}

function damaged(from: string, path: string, why: string): UnusableBackup {
  return new UnusableBackup(`${from} is damaged: ${path}: ${why}`);
}

/** Of two versions `major.minor.patch`, whether the first is the later one. */
function isNewer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => text.split(/[.-]/).slice(0, 3).map(Number)) as [
    number[],
    number[],
  ];
  const place = a.findIndex((part, i) => part !== b[i]);
  return place >= 0 && a[place]! > b[place]!;
}

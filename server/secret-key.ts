/** Keys of this installation, each a file of the data folder that is made at the first start. */

import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const keyBytes = 32;

/** The key in the file `name`, which is made where there is none. Rejects when the file holds no key. */
export async function openKey(dataDir: string, name: string): Promise<Buffer> {
  const path = join(dataDir, name);
  const kept = (await readFile(path, "utf8").catch(() => "")).trim();
  if (kept !== "" && !/^[0-9a-f]{64}$/.test(kept))
    throw new Error(`${path}: expected 64 hexadecimal digits, or no file at all`);
  if (kept !== "") return Buffer.from(kept, "hex");
  const key = randomBytes(keyBytes);
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, `${key.toString("hex")}\n`, { mode: 0o600 });
  return key;
}

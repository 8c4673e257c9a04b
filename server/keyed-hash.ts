/** What stands for addresses in everything that is kept: a hash that only this installation can make. */

import { createHmac, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KeyedHash } from "./core/feeds/connector.ts";

const keyBytes = 32;
/** Of HMAC-SHA-256 (RFC 2104): 64 bits are enough to tell a city's attackers apart. */
const shownDigits = 16;

/**
 * The hash of this installation. Its key, `hash-key` in the data folder, is made at the first start; two installations
 * with the same file give the same hashes, and whoever deletes it makes all earlier ones meaningless. Throws when the
 * file holds no key.
 */
export async function openKeyedHash(dataDir: string): Promise<KeyedHash> {
  const path = join(dataDir, "hash-key");
  const kept = (await readFile(path, "utf8").catch(() => "")).trim();
  if (kept !== "" && !/^[0-9a-f]{64}$/.test(kept))
    throw new Error(`${path}: expected 64 hexadecimal digits, or no file at all`);
  if (kept !== "") return keyedHashWith(Buffer.from(kept, "hex"));
  const key = randomBytes(keyBytes);
  await mkdir(dataDir, { recursive: true });
  await writeFile(path, `${key.toString("hex")}\n`, { mode: 0o600 });
  return keyedHashWith(key);
}

/** A hash that is forgotten with the process: nothing can be compared with it later. */
export function passingKeyedHash(): KeyedHash {
  return keyedHashWith(randomBytes(keyBytes));
}

function keyedHashWith(key: Uint8Array): KeyedHash {
  return (text) => createHmac("sha256", key).update(text).digest("hex").slice(0, shownDigits);
}

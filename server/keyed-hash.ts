/** What stands for addresses in everything that is kept: a hash that only this installation can make. */

import { createHmac, randomBytes } from "node:crypto";
import type { KeyedHash } from "./core/feeds/connector.ts";
import { keyBytes, openKey } from "./secret-key.ts";

/** Of HMAC-SHA-256 (RFC 2104): 64 bits are enough to tell a city's attackers apart. */
const shownDigits = 16;

/**
 * The hash of this installation. Its key, `hash-key` in the data folder, is made at the first start; two installations
 * with the same file give the same hashes, and whoever deletes it makes all earlier ones meaningless. Rejects when the
 * file holds no key.
 */
export async function openKeyedHash(dataDir: string): Promise<KeyedHash> {
  return keyedHashWith(await openKey(dataDir, "hash-key"));
}

/** A hash that is forgotten with the process: nothing can be compared with it later. */
export function passingKeyedHash(): KeyedHash {
  return keyedHashWith(randomBytes(keyBytes));
}

function keyedHashWith(key: Uint8Array): KeyedHash {
  return (text) => createHmac("sha256", key).update(text).digest("hex").slice(0, shownDigits);
}

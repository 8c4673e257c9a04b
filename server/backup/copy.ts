/** Copies a file's beginning and says what it was. */

import { createHash } from "node:crypto";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

const chunkBytes = 1 << 20;

export interface Copied {
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/**
 * Reads the first `bytes` of a file, or fewer where it has no more, and writes them to `to` so that they are on disk;
 * `null` only reads. `took` hears how many bytes were read, piece by piece.
 */
export async function copyBeginning(
  source: FileHandle,
  bytes: number,
  to: string | null,
  took: (bytes: number) => void,
): Promise<Copied> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(chunkBytes, bytes)));
  let target: FileHandle | null = null;
  let done = 0;
  try {
    if (to !== null) {
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      // Among the files are keys.
      target = await open(to, "wx", 0o600);
    }
    while (done < bytes) {
      const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, bytes - done), done);
      if (bytesRead === 0) break;
      const piece = buffer.subarray(0, bytesRead);
      hash.update(piece);
      await target?.writeFile(piece);
      done += bytesRead;
      took(bytesRead);
    }
    await target?.sync();
  } finally {
    await target?.close();
  }
  return { bytes: done, sha256: hash.digest("hex") };
}

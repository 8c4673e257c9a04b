/** The access token of this installation: whoever has it may write. Its file holds a hash of it and never the token. */

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** 192 bits of chance: it cannot be guessed, and a hash that is quick to make keeps it. */
const tokenBytes = 24;

/** What is asked of a running server: to make another token, which is the answer. */
export interface TokenQuestion {
  readonly renewToken: true;
}

export function isTokenQuestion(question: unknown): question is TokenQuestion {
  return (question as Partial<TokenQuestion> | null)?.renewToken === true;
}

export class AccessToken {
  /** The token when this start made it, to be told once; `null` when there was one. */
  readonly made: string | null;
  readonly #path: string;
  #hash: Buffer;

  private constructor(path: string, hash: Buffer, made: string | null) {
    this.#path = path;
    this.#hash = hash;
    this.made = made;
  }

  /**
   * Reads the one of the data folder, or makes one where there is none. A token that an earlier version left readable stays
   * in force. Rejects when there is a file that cannot be read: another token would lock out everybody who has this one.
   */
  static async open(dataDir: string): Promise<AccessToken> {
    const path = join(dataDir, "access-token");
    const kept = (await readIfThere(path)).trim();
    const hash = /^sha256:([\w-]{43})$/.exec(kept)?.[1];
    if (hash !== undefined) return new AccessToken(path, Buffer.from(hash, "base64url"), null);
    const made = kept === "" ? newToken() : null;
    const token = new AccessToken(path, hashOf(made ?? kept), made);
    await mkdir(dataDir, { recursive: true });
    await token.#write(token.#hash);
    return token;
  }

  /** Compares in a time that tells nothing about where the two differ. */
  matches(given: string): boolean {
    return timingSafeEqual(hashOf(given), this.#hash);
  }

  /**
   * Makes another one, which is told here alone; the one before is worth nothing from then on. Rejects when it cannot be
   * written: then the one before stays in force.
   */
  async renew(): Promise<string> {
    const token = newToken();
    const hash = hashOf(token);
    await this.#write(hash);
    this.#hash = hash;
    return token;
  }

  async #write(hash: Buffer): Promise<void> {
    const beside = `${this.#path}.new`;
    await writeFile(beside, `sha256:${hash.toString("base64url")}\n`, { mode: 0o600, flush: true });
    await rename(beside, this.#path);
  }
}

/** "" where there is no such file. */
function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}

function newToken(): string {
  return randomBytes(tokenBytes).toString("base64url");
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

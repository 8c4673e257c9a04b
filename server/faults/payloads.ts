/** Bodies that are no feed's. */

import { gzipSync } from "node:zlib";

/** What a captive portal or a proxy gives instead of a feed. */
export const signInPage = "<!doctype html><title>Sign in</title><p>Please sign in.</p>";

let made: Buffer | undefined;

/** 64 MiB of blanks in 64 KB; gzip allows many of these one after the other (RFC 1952 §2.2). */
export function gzipCharge(): Buffer {
  return (made ??= gzipSync(Buffer.alloc(64 << 20, " ")));
}

import { createHash, timingSafeEqual } from "node:crypto";

/** Compares in a time that tells nothing about where the two differ, nor about their lengths. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** What the fuzzer's thread is told, and the memory in which it leaves what it is reading. */

import type { Spec } from "../../shared/feed.ts";

export interface FuzzWork {
  readonly spec: Spec;
  readonly seed: number;
  readonly seconds: number;
  readonly desk: SharedArrayBuffer;
}

/** The desk: how many runs, how many bytes, which good body it came of, then the body being read. */
export const deskHead = 12;
export const deskBytes = deskHead + (1 << 20);

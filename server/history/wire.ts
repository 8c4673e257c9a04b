/** What the server and the history's process say to each other. Across goes what structured cloning can copy. */

import type { Question, Slice } from "./slices.ts";

export type ToHistory =
  /** The next slice of a batch, by `v8.serialize` and zstd; the last one is to be put on disk with those before it. */
  | { readonly say: "append"; readonly batch: number; readonly slice: Uint8Array; readonly isLast: boolean }
  | {
      readonly say: "ask";
      readonly id: number;
      readonly question: Question;
      readonly args: readonly unknown[];
    }
  /** The slice of an answer was taken in: the next one may come. */
  | { readonly say: "more"; readonly id: number }
  | { readonly say: "cancel"; readonly id: number }
  | { readonly say: "close" };

export type FromHistory =
  /** The file is open. */
  | { readonly say: "open" }
  | { readonly say: "memory"; readonly bytes: number }
  /** On disk, or why not. */
  | { readonly say: "appended"; readonly batch: number; readonly failure: Failure | null }
  | { readonly say: "slice"; readonly id: number; readonly slice: Slice }
  /** The last slice, of most answers the only one; `null` where there is none. */
  | {
      readonly say: "answered";
      readonly id: number;
      readonly slice: Slice | null;
      readonly failure: Failure | null;
    }
  /** The file cannot be opened; the process ends. */
  | { readonly say: "not-open"; readonly failure: Failure };

export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** An error as it crosses; its class is told by name. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  return { name: error.constructor.name, message: error.message };
}

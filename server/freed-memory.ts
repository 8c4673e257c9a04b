/**
 * Gives memory back that a start leaves behind. V8 keeps the pages of garbage for the next garbage; after timetables were
 * read that is more than the city will need again (docs/decisions/0015).
 */

/** By then the feeds have been heard, and what reading them took is garbage. */
export const settledAfterMs = 20_000;

export interface FreedMemory {
  /** A city begins: what that frees is given back once it has settled. */
  begin(): void;
  stop(): void;
}

/** `collect` gives memory back. Ours can under `--expose-gc` alone, as the scripts of package.json start us. */
export function freedMemory(collect: () => void = collectAll): FreedMemory {
  let settled: NodeJS.Timeout | undefined;
  return {
    begin() {
      clearTimeout(settled);
      settled = setTimeout(collect, settledAfterMs);
    },
    stop() {
      clearTimeout(settled);
    },
  };
}

function collectAll(): void {
  globalThis.gc?.({ type: "major", flavor: "last-resort" });
}

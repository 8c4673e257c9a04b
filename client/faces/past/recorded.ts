/** What is recorded, as the server says when the bar opens and every minute after that. */

import { useEffect, useState } from "react";
import type { Stretch } from "./timeline.ts";

const askEveryMs = 60_000;

/** Ascending; `null` before the first answer. */
export function useRecorded(): readonly Stretch[] | null {
  const [recorded, setRecorded] = useState<readonly Stretch[] | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const answer = await fetch("/api/v1/recorded", { signal: leaving.signal });
        if (answer.ok) setRecorded((await answer.json()) as Stretch[]);
      } catch {
        // Asked again soon; what was known before stays.
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    return () => {
      clearInterval(timer);
      leaving.abort();
    };
  }, []);
  return recorded;
}

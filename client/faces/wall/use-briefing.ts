/** The newest issue of a briefing, asked again from time to time; an issue never changes, so that asking costs little. */

import { useEffect, useState } from "react";
import type { NewestBriefing } from "../../../shared/briefing.ts";
import { reasonOf } from "../../live/access.ts";

const askedEveryMs = 20_000;

export interface NewestIssue {
  /** `null`: none was issued yet; `undefined`: nobody knows yet. It stays while it cannot be asked for. */
  readonly issue: NewestBriefing | null | undefined;
  /** Why it could not be asked for the last time: what the server says, "" when it cannot be reached. */
  readonly failed: string | null;
}

/** What was known last, so that a scene that comes back has it at once. */
const known = new Map<string, NewestIssue>();
const unasked: NewestIssue = { issue: undefined, failed: null };

export function useBriefing(definition: string): NewestIssue {
  const [, setTurn] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isWanted = true;
    const ask = async (): Promise<void> => {
      const found = await askNewest(definition, known.get(definition) ?? unasked);
      if (!isWanted) return;
      known.set(definition, found);
      setTurn((turn) => turn + 1);
      timer = setTimeout(() => void ask(), askedEveryMs);
    };
    void ask();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [definition]);
  return known.get(definition) ?? unasked;
}

async function askNewest(definition: string, { issue }: NewestIssue): Promise<NewestIssue> {
  try {
    const answer = await fetch(`/api/v1/briefings/${encodeURIComponent(definition)}/latest`, {
      cache: "no-cache",
    });
    if (answer.status === 404) return { issue: null, failed: null };
    if (!answer.ok) return { issue, failed: await reasonOf(answer) };
    return { issue: (await answer.json()) as NewestBriefing, failed: null };
  } catch {
    return { issue, failed: "" };
  }
}

/** What the server answers to a question, asked again from time to time. */

import { useEffect, useState } from "react";
import { askToChange, reasonOf } from "../../live/access.ts";

/** `null` before the first answer; the last answer stays while it is asked again. */
export type Answer<T> =
  { readonly path: string; readonly value: T } | { readonly path: string; readonly failed: string };

/** Asks anew when `path` or `turn` changes; `null`: nothing is asked. */
export function useAnswer<T>(path: string | null, turn: unknown): Answer<T> | null {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  useEffect(() => {
    if (path === null) return;
    let isWanted = true;
    void ask<T>(path).then((answered) => isWanted && setAnswer(answered));
    return () => {
      isWanted = false;
    };
  }, [path, turn]);
  return answer;
}

/** With the token where one is known: some are told more than others. */
async function ask<T>(path: string): Promise<Answer<T>> {
  try {
    const response = await askToChange(path, "GET");
    if (!response.ok) return { path, failed: await reasonOf(response) };
    return { path, value: (await response.json()) as T };
  } catch (error) {
    return { path, failed: String(error) };
  }
}

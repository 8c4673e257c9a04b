/** What the ground of the map is fetched from, tried again until it is there; here the areas of a level. */

import { useEffect, useState } from "react";
import type { AreaCollection } from "../../shared/areas.ts";

const tryAgainMs = 30_000;

/** Runs `load` until it answers; `null` before, and again `null` when `key` changes. A `null` key loads nothing. */
export function useLoaded<T>(key: string | null, load: (key: string) => Promise<T>): T | null {
  const [loaded, setLoaded] = useState<{ key: string; value: T } | null>(null);
  useEffect(() => {
    if (key === null) return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attempt = (): void => {
      load(key).then(
        (value) => {
          if (!stopped) setLoaded({ key, value });
        },
        () => {
          if (!stopped) timer = setTimeout(attempt, tryAgainMs);
        },
      );
    };
    attempt();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [key, load]);
  return loaded !== null && loaded.key === key ? loaded.value : null;
}

async function fetchAreas(level: string): Promise<AreaCollection> {
  const answer = await fetch(`/api/v1/areas/${encodeURIComponent(level)}`);
  if (!answer.ok) throw new Error(`areas/${level}: ${answer.status}`);
  return (await answer.json()) as AreaCollection;
}

/** The polygons of a level; `null` without a level and until they are there. */
export function useAreas(level: string | null): AreaCollection | null {
  return useLoaded(level, fetchAreas);
}

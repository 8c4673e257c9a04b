/** What the ground of the map is fetched from, tried again until it is there; here the areas of a level. */

import { useEffect, useState } from "react";
import type { AreaCollection } from "../../shared/areas.ts";

const tryAgainMs = 30_000;

/**
 * Runs `load` until it answers. `undefined` before the first answer, also again when `key` changes; `null` when that was
 * a failure, until a later attempt is none. A `null` key loads nothing and is `null`.
 */
export function useLoaded<T>(key: string | null, load: (key: string) => Promise<T>): T | null | undefined {
  const [loaded, setLoaded] = useState<{ key: string; value: T | null } | null>(null);
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
          if (stopped) return;
          setLoaded({ key, value: null });
          timer = setTimeout(attempt, tryAgainMs);
        },
      );
    };
    attempt();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [key, load]);
  if (key === null) return null;
  return loaded?.key === key ? loaded.value : undefined;
}

async function fetchAreas(level: string): Promise<AreaCollection> {
  const answer = await fetch(`/api/v1/areas/${encodeURIComponent(level)}`);
  if (!answer.ok) throw new Error(`areas/${level}: ${answer.status}`);
  return (await answer.json()) as AreaCollection;
}

/** The polygons of a level; `null` without a level and while they cannot be had, `undefined` until that is known. */
export function useAreas(level: string | null): AreaCollection | null | undefined {
  return useLoaded(level, fetchAreas);
}

/** What the server says about the quality of feeds, asked for while a page shows it. */

import { useEffect, useState } from "react";
import type { FeedQuality, FeedRule, QualityPeriod } from "../../../shared/feed-quality.ts";

/** The server measures by the minute. */
const askEveryMs = 30_000;

/** Every feed's quality by its id; empty until the first answer, and as it was while the server cannot be reached. */
export function useFeedQuality(): ReadonlyMap<string, FeedQuality> {
  const [qualities, setQualities] = useState<ReadonlyMap<string, FeedQuality>>(new Map());
  useEffect(() => {
    let isMounted = true;
    const ask = async (): Promise<void> => {
      const answer = await askFor<FeedQuality[]>("/api/v1/feed-quality");
      if (isMounted && answer !== null) setQualities(new Map(answer.map((one) => [one.id, one])));
    };
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    return () => {
      isMounted = false;
      clearInterval(timer);
    };
  }, []);
  return qualities;
}

/** What each feed kept in the last months, the oldest first; empty where no history tells it. */
export function useFeedMonths(): ReadonlyMap<string, readonly QualityPeriod[]> {
  const [months, setMonths] = useState<ReadonlyMap<string, readonly QualityPeriod[]>>(new Map());
  useEffect(() => {
    let isMounted = true;
    const ask = async (): Promise<void> => {
      const answer = await askFor<QualityPeriod[]>("/api/v1/quality?period=month&by=feed");
      if (isMounted && answer !== null) setMonths(Map.groupBy(answer, ({ feed }) => feed ?? ""));
    };
    void ask();
    const timer = setInterval(() => void ask(), askEveryMs);
    return () => {
      isMounted = false;
      clearInterval(timer);
    };
  }, []);
  return months;
}

/** The rules of all standards by `spec code`; they change with the server only. */
export function useFeedRules(): ReadonlyMap<string, FeedRule> {
  const [rules, setRules] = useState<ReadonlyMap<string, FeedRule>>(new Map());
  useEffect(() => {
    let isMounted = true;
    void askFor<FeedRule[]>("/api/v1/feed-rules").then((answer) => {
      if (isMounted && answer !== null)
        setRules(
          new Map(
            answer.flatMap(
              (rule) =>
                [
                  [`${rule.spec} ${rule.code}`, rule],
                  [rule.code, rule],
                ] as const,
            ),
          ),
        );
    });
    return () => {
      isMounted = false;
    };
  }, []);
  return rules;
}

/** `null` where the server says no or cannot be reached. */
export async function askFor<T>(path: string): Promise<T | null> {
  try {
    const answer = await fetch(path);
    return answer.ok ? ((await answer.json()) as T) : null;
  } catch {
    return null;
  }
}

/** What a rule as it is being written would have done, asked anew as it changes; and the series it is about. */

import { useEffect, useState } from "react";
import type { BacktestAnswer } from "../../../shared/alarms.ts";
import type { SeriesItem } from "../../../shared/series.ts";
import { askToChange, reasonOf } from "../../live/access.ts";

export type Tried =
  | { readonly state: "asking" }
  | { readonly state: "token" }
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "tried"; readonly answer: BacktestAnswer };

/** Between two turns of a bound; what is asked meanwhile is passed over. */
const restMs = 60;

/**
 * The newest answer, which stands while the next one is `isBusy`. `rule`: the text of its file, `null` to ask nothing; `toAt`:
 * the end of the past, epoch milliseconds; another `turn` asks the same again.
 */
export function useBacktest(rule: string | null, days: number, toAt: number, turn: number) {
  const [newest, setNewest] = useState<{ readonly tried: Tried; readonly question: string | null }>({
    tried: { state: "asking" },
    question: null,
  });
  const question = rule === null ? null : JSON.stringify({ rule: JSON.parse(rule) as unknown, days, toAt });
  useEffect(() => {
    if (question === null) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      void ask(question).then((next) => {
        if (isWanted) setNewest({ tried: next, question });
      });
    }, restMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [question, turn]);
  return { tried: newest.tried, isBusy: question !== null && question !== newest.question };
}

async function ask(question: string): Promise<Tried> {
  try {
    const answer = await askToChange("/api/v1/rules/backtest", "POST", JSON.parse(question) as object);
    if (answer.status === 401) return { state: "token" };
    if (!answer.ok) return { state: "failed", reason: await reasonOf(answer) };
    return { state: "tried", answer: (await answer.json()) as BacktestAnswer };
  } catch (error) {
    return { state: "failed", reason: String(error) };
  }
}

/** As many buckets as a drawing has room for. */
const points = 700;

/** A series over a stretch of the past; `null` before it is there, or where there is none. */
export function usePastSeries(id: string | null, fromAt: number, toAt: number): SeriesItem | null {
  const [item, setItem] = useState<{ readonly path: string; readonly item: SeriesItem } | null>(null);
  const path =
    id === null
      ? null
      : `/api/v1/series?indicator=${encodeURIComponent(id)}&from=${fromAt}&to=${toAt}&bucket=auto&points=${points}`;
  useEffect(() => {
    if (path === null) return;
    let isWanted = true;
    void fetch(path)
      .then(async (answer) => (answer.ok ? ((await answer.json()) as SeriesItem[])[0] : undefined))
      .catch(() => undefined)
      .then((found) => found && isWanted && setItem({ path, item: found }));
    return () => {
      isWanted = false;
    };
  }, [path]);
  return item !== null && item.path === path ? item.item : null;
}

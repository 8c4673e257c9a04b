/** What the server tells of what is usual and what is to come, asked for while a view shows it. */

import { useEffect, useRef, useState } from "react";
import type { ExpectedAnswer, ForecastAnswer } from "../../../shared/outlook.ts";
import type { OutlookRequest } from "./outlook-request.ts";

export interface Outlook {
  /** By series; without those of which fewer than three weeks are known. */
  readonly usual: ReadonlyMap<string, ExpectedAnswer>;
  readonly forecasts: ReadonlyMap<string, ForecastAnswer>;
  /** Series of which too little is known for a band, or to foretell them. */
  readonly unusual: readonly string[];
  readonly unforeseen: readonly string[];
  /** Answers are under way, and there are none before. */
  readonly isPending: boolean;
  /** Why the rest could not be had, in words; empty when the server cannot be reached, `null` when all is there. */
  readonly problem: string | null;
}

export const noOutlook: Outlook = {
  usual: new Map(),
  forecasts: new Map(),
  unusual: [],
  unforeseen: [],
  isPending: false,
  problem: null,
};
const pending: Outlook = { ...noOutlook, isPending: true };

const tooLittleKnown = "urn:citydeck:problem:too-little-known";
/** A city's clock may run fast: the same question is not asked more often. */
const askEveryMs = 5_000;

/**
 * The answers to a request; nothing while the first ones are under way, and the ones before while the same question is
 * asked of a later time. `period` names the bucket that runs: with another one everything is asked anew.
 */
export function useOutlook(request: OutlookRequest | null, period: number): Outlook {
  const [told, setTold] = useState<{ question: string; outlook: Outlook } | null>(null);
  const askedAt = useRef(Number.NEGATIVE_INFINITY);
  const queries = request === null ? null : JSON.stringify(queriesOf(request));
  const question =
    request === null ? "" : JSON.stringify({ ...request, usual: request.usual && request.usual.asOf });
  useEffect(() => {
    if (queries === null) return;
    const stop = new AbortController();
    const wait = told?.question === question ? askedAt.current + askEveryMs - performance.now() : 0;
    const timer = setTimeout(
      () => {
        askedAt.current = performance.now();
        void askAll(JSON.parse(queries) as Queries, stop.signal).then((outlook) => {
          if (!stop.signal.aborted) setTold({ question, outlook });
        });
      },
      Math.max(wait, 0),
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // What was told before only says how long to wait.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [queries, question, period]);
  if (request === null) return noOutlook;
  return told !== null && told.question === question ? told.outlook : pending;
}

interface Queries {
  /** `null` where it is not asked for. */
  readonly usual: string | null;
  readonly forecasts: string | null;
  readonly ids: readonly string[];
}

function queriesOf({ ids, bucket, usual, ahead }: OutlookRequest): Queries {
  const query = (more: Readonly<Record<string, string>>): string =>
    new URLSearchParams({ indicator: ids.join(","), bucket, ...more }).toString();
  const text = (at: number): string => new Date(at).toISOString();
  return {
    ids,
    usual:
      usual &&
      query({
        from: text(usual.fromAt),
        to: text(usual.toAt),
        ...(usual.asOf !== null && { asOf: text(usual.asOf) }),
      }),
    forecasts: ahead === null ? null : query({ ahead: String(ahead) }),
  };
}

async function askAll({ ids, usual, forecasts }: Queries, signal: AbortSignal): Promise<Outlook> {
  const outlook = {
    usual: new Map<string, ExpectedAnswer>(),
    forecasts: new Map<string, ForecastAnswer>(),
    unusual: [] as string[],
    unforeseen: [] as string[],
    isPending: false,
    problem: null as string | null,
  };
  try {
    if (usual !== null) {
      const answer = await fetch(`/api/v1/expected?${usual}`, { signal });
      if (!answer.ok) return { ...outlook, problem: (await problemOf(answer)).detail };
      for (const expected of (await answer.json()) as readonly ExpectedAnswer[]) {
        if (expected.points.some(({ low }) => low !== null)) outlook.usual.set(expected.id, expected);
        else outlook.unusual.push(expected.id);
      }
    }
    if (forecasts !== null) {
      const answer = await fetch(`/api/v1/forecast?${forecasts}`, { signal });
      const refusal = answer.ok ? null : await problemOf(answer);
      if (refusal && refusal.type !== tooLittleKnown) return { ...outlook, problem: refusal.detail };
      const known = refusal ? [] : ((await answer.json()) as readonly ForecastAnswer[]);
      for (const forecast of known) outlook.forecasts.set(forecast.id, forecast);
      outlook.unforeseen.push(...ids.filter((id) => !outlook.forecasts.has(id)));
    }
    return outlook;
  } catch {
    return { ...outlook, problem: "" };
  }
}

/** RFC 9457. */
async function problemOf(answer: Response): Promise<{ type: string; detail: string }> {
  const said = (await answer.json().catch(() => ({}))) as { type?: string; detail?: string };
  return { type: said.type ?? "", detail: said.detail ?? `HTTP ${answer.status}` };
}

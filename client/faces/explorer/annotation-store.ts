/** The annotations of this installation that concern a view: read by everybody, written by those who may change the city. */

import { useEffect, useMemo, useState } from "react";
import type { Annotation, AnnotationConflict } from "../../../shared/annotation.ts";
import { askToChange } from "../../live/access.ts";
import type { Stretch } from "./range.ts";
import { refusalOf, type Refusal } from "./refusal.ts";

export type AnnotationDraft = Pick<Annotation, "series" | "fromAt" | "toAt" | "text" | "author">;

export type AnnotationAttempt =
  | { readonly do: "write"; readonly draft: AnnotationDraft }
  /** Refused when somebody changed `before` since it was read. */
  | { readonly do: "change"; readonly before: Annotation; readonly draft: AnnotationDraft }
  | { readonly do: "remove"; readonly before: Annotation };

export type AnnotationRefusal = Refusal<AnnotationConflict>;

export interface AnnotationStore {
  /** By their time, as last read. */
  readonly annotations: readonly Annotation[];
  /** Why they could not be read; empty when the server cannot be reached. */
  readonly problem: string | null;
  readonly read: () => void;
  /** `null`: it is done, and they are read again. */
  readonly attempt: (attempt: AnnotationAttempt) => Promise<AnnotationRefusal | null>;
}

const path = "/api/v1/annotations";
/** A stretch that moves with the clock is asked about anew this often in city time. */
const stepMs = 300_000;

/** What was written at the stretch, about all figures or one of `series`. */
export function useAnnotations(stretch: Stretch, series: readonly string[]): AnnotationStore {
  const [read, setRead] = useState<readonly Annotation[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [readings, setReadings] = useState(0);
  const from = Math.floor(stretch.fromAt / stepMs) * stepMs;
  const to = Math.ceil(stretch.toAt / stepMs) * stepMs;
  useEffect(() => {
    const stop = new AbortController();
    void readAnnotations(from, to, stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      if (typeof answer !== "string") setRead(answer);
      setProblem(typeof answer === "string" ? answer : null);
    });
    return () => stop.abort();
  }, [from, to, readings]);
  const joined = series.join("\n");
  const annotations = useMemo(() => {
    const shown = new Set(joined.split("\n"));
    return read.filter((one) => one.series === null || shown.has(one.series));
  }, [read, joined]);
  const again = (): void => setReadings((count) => count + 1);
  return {
    annotations,
    problem,
    read: again,
    async attempt(wanted) {
      const answer = await send(wanted).catch(() => null);
      // What stood in the way is in the list then.
      if (answer?.status !== 401) again();
      if (answer === null) return { why: "other", reason: "" };
      return answer.ok ? null : refusalOf(answer, conflicts);
    },
  };
}

/** Those that touch the stretch, or why they cannot be read. */
async function readAnnotations(
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<readonly Annotation[] | string> {
  const answer = await fetch(`${path}?from=${from}&to=${to}`, { signal }).catch(() => null);
  if (answer === null) return "";
  return answer.ok ? ((await answer.json()) as Annotation[]) : (await refusalOf(answer, conflicts)).reason;
}

function send(attempt: AnnotationAttempt): Promise<Response> {
  if (attempt.do === "write") return askToChange(path, "POST", attempt.draft);
  const { id, madeAt } = attempt.before;
  return attempt.do === "change"
    ? askToChange(`${path}/${id}`, "PUT", { ...attempt.draft, madeAt })
    : askToChange(`${path}/${id}`, "DELETE");
}

const conflicts: Readonly<Record<string, AnnotationConflict>> = { annotation: "missing", changed: "changed" };

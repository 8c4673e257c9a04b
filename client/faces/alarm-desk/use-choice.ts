import { useCallback, useState } from "react";
import type { Alarm } from "../../../shared/alarms.ts";
import { setQuery, useQuery } from "../../route.ts";
import type { AskedFor } from "./action-bar.tsx";
import { holdStill, type QueueRow } from "./queue.ts";

/** What is acted on: the marked alarms, else the one that is looked at. */
interface Choice {
  readonly rows: readonly QueueRow[];
  readonly areMarked: boolean;
}

/** An action that asks for something, of the alarms for which it was opened and no others. */
interface Asked extends Choice {
  readonly action: AskedFor;
  /** What was looked at then. */
  readonly selected: string | null;
}

/**
 * The alarm that the address names, and those that are acted on. Both stay as they were chosen until the operator chooses
 * anew: an alarm that goes, or an answer that comes late, takes nothing from under their hands.
 */
export function useChoice(rows: readonly QueueRow[], alarms: readonly Alarm[]) {
  const selected = useQuery("alarm");
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<Asked | null>(null);
  const [seen, setSeen] = useState<QueueRow | null>(null);
  const asTheyAre = (before: readonly QueueRow[]): readonly QueueRow[] => {
    const ids = new Set(before.map(({ alarm }) => alarm.id));
    return holdStill(before, new Map(alarms.filter(({ id }) => ids.has(id)).map((one) => [one.id, one])));
  };
  const listed = rows.find(({ alarm }) => alarm.id === selected);
  if (listed && listed !== seen) setSeen(listed);
  const row = listed ?? (seen?.alarm.id === selected ? asTheyAre([seen!])[0] : undefined);
  const several = rows.filter(({ alarm }) => marked.has(alarm.id));
  const now: Choice =
    several.length > 0 ? { rows: several, areMarked: true } : { rows: row ? [row] : [], areMarked: false };
  if (asked !== null && asked.selected !== selected) setAsked(null);
  const ask = (action: AskedFor | null): void =>
    setAsked(action === null || now.rows.length === 0 ? null : { action, selected, ...now });
  /** All of them, or none when all are marked. */
  const mark = useCallback((ids: readonly string[]): void => {
    setAsked(null);
    setMarked((before) => {
      const areMarked = ids.every((id) => before.has(id));
      return new Set(areMarked ? Array.from(before).filter((id) => !ids.includes(id)) : [...before, ...ids]);
    });
  }, []);
  const unmark = useCallback(
    (ids: readonly string[]): void =>
      setMarked((before) => new Set(Array.from(before).filter((id) => !ids.includes(id)))),
    [],
  );
  const unmarkAll = (): void => {
    setAsked(null);
    setMarked(new Set());
  };
  return {
    row,
    chosen: asked ? asTheyAre(asked.rows) : now.rows,
    areMarked: (asked ?? now).areMarked,
    marked,
    asked: asked?.action ?? null,
    select: (id: string) => setQuery({ alarm: id }),
    mark,
    unmark,
    unmarkAll,
    ask,
  };
}

import { useCallback, useRef, useState } from "react";
import type { AlarmAction, AlarmCommand } from "../../../shared/alarms.ts";
import { act, commandOf, type Outcome } from "./act.ts";
import { useOnDuty } from "./on-duty.ts";

export interface Acting {
  /** What became of what was done last; also of an earlier action whose answer came later and was not well. */
  readonly outcome: Outcome | null;
  /** Resolves with what became of it; `null`: nobody is on duty, and it was not asked for. */
  readonly perform: (action: AlarmAction, alarms: readonly string[]) => Promise<Outcome | null>;
  /** Sends a command again as it is. */
  readonly again: (command: AlarmCommand) => void;
  readonly undo: () => void;
}

/** Does things with alarms for whoever is on duty, and takes the last one back. `onDone` hears of which alarms it was done. */
export function useActing(onDone: (alarms: readonly string[]) => void): Acting {
  const duty = useOnDuty();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  /** The last action, also while it is under way. */
  const last = useRef<Promise<Outcome> | null>(null);
  const unanswered = useRef<AlarmCommand | null>(null);
  const send = useCallback(
    async (command: AlarmCommand): Promise<Outcome> => {
      unanswered.current = command;
      const acted = act(command);
      last.current = acted;
      const became = await acted;
      if (became.kind !== "failed" && unanswered.current === command) unanswered.current = null;
      const isWell = became.kind === "done" && became.refused.length === 0;
      if (last.current === acted || !isWell) setOutcome(became);
      // What was not done may be tried again, with the same ones.
      if (became.kind === "done") onDone(command.alarms);
      return became;
    },
    [onDone],
  );
  const perform = async (action: AlarmAction, alarms: readonly string[]): Promise<Outcome | null> => {
    if (duty !== null) return send(commandOf(action, alarms, duty, unanswered.current));
    document.querySelector<HTMLElement>("header form input")?.focus();
    return null;
  };
  const undo = async (): Promise<void> => {
    const done = await last.current;
    if (done?.kind !== "done" || done.undo === null || done.alarms.length === 0) return;
    const undone = await perform(done.undo, done.alarms);
    // It can be taken back still.
    if (undone?.kind === "failed") last.current = Promise.resolve(done);
  };
  return { outcome, perform, again: (command) => void send(command), undo: () => void undo() };
}

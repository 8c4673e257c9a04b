/** Does something with alarms, at the server, and says what became of it. */

import type { ActionRefusal, AlarmAction, AlarmCommand, CommandAnswer } from "../../../shared/alarms.ts";
import { askToChange, reasonOf } from "../../live/access.ts";
import type { OnDuty } from "./on-duty.ts";

export type ActionName = AlarmAction["action"];

/** What became of a command. */
export type Outcome =
  | { readonly kind: "token" }
  /** It may have been done all the same: sent again as it is, it is done once. */
  | { readonly kind: "failed"; readonly reason: string; readonly command: AlarmCommand }
  | {
      readonly kind: "done";
      readonly action: ActionName;
      /** What takes it back; `null`: nothing does. */
      readonly undo: AlarmAction | null;
      /** Alarms of which it holds now. */
      readonly alarms: readonly string[];
      readonly refused: readonly { readonly alarm: string; readonly reason: ActionRefusal }[];
      readonly unstored: string | null;
    };

/** Pure: what takes an action back. */
function undoOf(done: AlarmAction): AlarmAction | null {
  switch (done.action) {
    case "acknowledge":
      return { action: "unacknowledge" };
    case "shelve":
      return { action: "unshelve" };
    case "remove-from-service":
      return { action: "return-to-service" };
    case "check":
      return { action: "uncheck", step: done.step };
    case "uncheck":
      return { action: "check", step: done.step };
    case "unacknowledge":
    case "confirm":
    case "unshelve":
    case "return-to-service":
    case "comment":
    case "assign":
      return null;
  }
}

/** Pure but for the key: the command for an action. When it says the same as one without an answer it is that one, by its key. */
export function commandOf(
  action: AlarmAction,
  alarms: readonly string[],
  duty: OnDuty,
  unanswered: AlarmCommand | null,
): AlarmCommand {
  const command = { ...action, alarms, ...duty, key: unanswered?.key ?? "" };
  return JSON.stringify(command) === JSON.stringify(unanswered) ? command : { ...command, key: newKey() };
}

export async function act(command: AlarmCommand): Promise<Outcome> {
  try {
    const answer = await askToChange("/api/v1/alarms/actions", "POST", command);
    if (answer.status === 401) return { kind: "token" };
    if (!answer.ok) return { kind: "failed", reason: await reasonOf(answer), command };
    const { results, unstored } = (await answer.json()) as CommandAnswer;
    return {
      kind: "done",
      action: command.action,
      undo: undoOf(command),
      alarms: results.filter(({ refused }) => refused === null).map(({ alarm }) => alarm),
      refused: results.flatMap(({ alarm, refused }) => (refused ? [{ alarm, reason: refused }] : [])),
      unstored,
    };
  } catch (error) {
    return { kind: "failed", reason: String(error), command };
  }
}

/** Also where the page did not come by https, where browsers have no `randomUUID`. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

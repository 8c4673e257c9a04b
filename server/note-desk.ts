/** The notes of the running city, and who is told when one changes. */

import type { Frame } from "../shared/protocol.ts";
import type { Epochs } from "./epochs.ts";
import type { NoteDesk } from "./http/notes.ts";
import type { Notes } from "./live/notes.ts";

export function noteDeskOf(
  epochs: Epochs,
  notes: Notes,
  now: () => number,
  send: (frame: Frame) => void,
): NoteDesk {
  const tell = (): void => send(epochs.current.live.broadcast.noteFrame(now()));
  return {
    list: () => notes.inForce(now()),
    now,
    knows: (id) => epochs.current.folder.indicators.some((indicator) => indicator.id === id),
    set(note) {
      notes.set(note);
      tell();
    },
    clear(id) {
      const had = notes.clear(id);
      if (had) tell();
      return had;
    },
  };
}

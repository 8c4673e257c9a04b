/** The events that a frame travels as: one, or pieces when it is large. */

import { cut } from "../../shared/pieces.ts";
import type { Frame } from "../../shared/protocol.ts";
import { encodeEvent, type EncodedEvent } from "./fan-out.ts";

/** What a pulse may have to wait for: two seconds at 128 kbit/s. */
export const pieceBytes = 32 << 10;

/** What several clients need at once, or again: snapshots and whatever is in pieces. */
const kept = new WeakMap<Frame, readonly EncodedEvent[]>();

export function eventsOf(frame: Frame): readonly EncodedEvent[] {
  const known = kept.get(frame);
  if (known) return known;
  const whole = encodeEvent("frame", frame);
  const events =
    whole.packet.length <= pieceBytes
      ? [whole]
      : cut(whole.packet, pieceBytes).map((piece) => encodeEvent("piece", piece));
  if (frame.mode === "snapshot" || events.length > 1) kept.set(frame, events);
  return events;
}

/** What the API asks about shifts and writes down of them; everybody at a desk is told when something was. */

import type { AlarmItem } from "../shared/alarms.ts";
import type { Kind } from "../shared/kinds.ts";
import type { ShiftBody } from "../shared/shift.ts";
import { handoverContent } from "./core/shifts/handover-content.ts";
import type { Epochs } from "./epochs.ts";
import { lastingEvents } from "./http/events.ts";
import type { ShiftDesk } from "./http/shifts.ts";
import type { Notes } from "./live/notes.ts";
import type { RecordDesk } from "./records/record-desk.ts";

export interface ShiftDeskOptions {
  readonly epochs: Epochs;
  readonly records: RecordDesk;
  readonly alarms: () => readonly AlarmItem[];
  readonly notes: Notes;
  /** City time. */
  readonly now: () => number;
  /** Something was written down. */
  readonly tell: () => void;
}

export interface RunningShiftDesk extends ShiftDesk {
  /** What is waiting, as far as it is known: nothing before the records were read. */
  readonly body: ShiftBody;
  /** Reads what waits since an earlier run; rejects when the records cannot be read. */
  restore(): Promise<void>;
}

export function shiftDeskOf({
  epochs,
  records,
  alarms,
  notes,
  now,
  tell,
}: ShiftDeskOptions): RunningShiftDesk {
  let body: ShiftBody = { waiting: [], changes: 0 };
  const shifts = async () => (await records.open()).shifts;
  let [asked, told] = [0, 0];
  const restore = async (): Promise<void> => {
    const number = ++asked;
    const waiting = (await (await shifts()).waiting()).map(({ id, at, by }) => ({ id, at, by }));
    // On several connections answers overtake each other: what was asked earlier may not know what was written since.
    if (number < told) return;
    told = number;
    body = { waiting, changes: body.changes + 1 };
    tell();
  };
  const draft = () => {
    const { folder, live } = epochs.current;
    const { feeds, indicators } = folder;
    const things = (kind: Kind) => Array.from(live.city.table(kind).entries(), ([, { entity }]) => entity);
    const events = lastingEvents(things, feeds, live.city.plan.areas);
    return handoverContent(
      { alarms: alarms(), events, feeds, notes: notes.inForce(now()), indicators },
      now(),
    );
  };
  return {
    get body() {
      return body;
    },
    restore,
    draft,
    entries: async (fromAt, toAt) => (await shifts()).entries(fromAt, toAt),
    handovers: async (fromAt, toAt) => (await shifts()).handovers(fromAt, toAt),
    async write(entry) {
      const written = await (await shifts()).write(entry, now());
      await restore();
      return written;
    },
    async handOver(handover) {
      const written = await (await shifts()).handOver(handover, draft(), now());
      await restore();
      return written;
    },
    async acknowledge(id, by) {
      const written = await (await shifts()).acknowledge(id, by, now());
      await restore();
      return written;
    },
  };
}

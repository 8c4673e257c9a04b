import type { Entity } from "../../../shared/entity.ts";
import type { FieldValue } from "../../../shared/kinds.ts";

/** Whether two words about one thing say the same, whatever their times. */
export function sameContent(a: Entity, b: Entity): boolean {
  return (
    a.quality === b.quality &&
    a.geometry === b.geometry &&
    a.stopTimeUpdates === b.stopTimeUpdates &&
    a.validity === b.validity &&
    a.alertC === b.alertC &&
    samePlace(a, b) &&
    sameFields(a.fields as FieldRecord, b.fields as FieldRecord)
  );
}

type FieldRecord = Readonly<Record<string, FieldValue>>;

export function samePlace(a: Entity, b: Entity): boolean {
  if (a.position === b.position) return true;
  return (
    a.position !== null &&
    b.position !== null &&
    a.position[0] === b.position[0] &&
    a.position[1] === b.position[1]
  );
}

/** Runs for every word about every thing, so it makes no lists of keys. */
function sameFields(a: FieldRecord, b: FieldRecord): boolean {
  if (a === b) return true;
  let more = 0;
  for (const key in a) {
    if (!sameField(a[key]!, b[key]!)) return false;
    more++;
  }
  for (const _ in b) more--;
  return more === 0;
}

function sameField(a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((text, i) => text === b[i]);
}

/** Whether what is known is newer than what comes in. A known time after `now` is a lying clock's and never wins. */
export function isOvertaken(known: Entity, incoming: Entity, now: number): boolean {
  return (
    known.observedAt !== null &&
    incoming.observedAt !== null &&
    known.observedAt > incoming.observedAt &&
    known.observedAt <= now
  );
}

/** Which slots of one kind tell of a trip of one timetable; mostly one, the newest last. */
export class TripIndex {
  readonly #slots = new Map<string, number[]>();

  add(tripId: string, slot: number): void {
    const slots = this.#slots.get(tripId);
    if (slots) slots.push(slot);
    else this.#slots.set(tripId, [slot]);
  }

  /** What is there already is the newest again. */
  renew(tripId: string, slot: number): void {
    const slots = this.#slots.get(tripId);
    if (slots?.length === 1 && slots[0] === slot) return;
    this.remove(tripId, slot);
    this.add(tripId, slot);
  }

  remove(tripId: string, slot: number): void {
    const slots = this.#slots.get(tripId);
    if (!slots?.includes(slot)) return;
    if (slots.length === 1) this.#slots.delete(tripId);
    else slots.splice(slots.indexOf(slot), 1);
  }

  of(tripId: string): readonly number[] {
    return this.#slots.get(tripId) ?? none;
  }
}

const none: readonly number[] = [];

/** What the arrow keys walk through in a chart: its buckets, squares or dots, one stop after the other. Pure. */

export interface Walk {
  /** How many stops there are. */
  readonly stops: number;
  /** Where it begins. */
  readonly from: number;
  /** Stops that one step to the right, and one downwards, goes on by; 0 where there is no such way. */
  readonly right: number;
  readonly down: number;
  /** Where a stop lies: at an instant of the time axis, or on a drawn thing. */
  readonly place: (stop: number) => Place;
  /** What is read out at a stop. */
  readonly words: (stop: number) => string;
}

export type Place = { readonly at: number } | { readonly series: number; readonly index: number };

/** The stop nearest to an instant; `null` where stops have none. */
export function nearestStop({ stops, place }: Walk, at: number): number | null {
  let nearest: { stop: number; distance: number } | null = null;
  for (let stop = 0; stop < stops; stop++) {
    const here = place(stop);
    if (!("at" in here)) return null;
    const distance = Math.abs(here.at - at);
    if (nearest === null || distance < nearest.distance) nearest = { stop, distance };
  }
  return nearest?.stop ?? null;
}

/** Stops that a page goes on by. */
const page = 10;

/** The stop that a key leads to; `null` for a key that leads nowhere. */
export function walked({ stops, right, down }: Walk, stop: number, key: string): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: right,
    ArrowLeft: -right,
    ArrowDown: down,
    ArrowUp: -down,
    PageDown: page * right,
    PageUp: -page * right,
    Home: -stop,
    End: stops - 1 - stop,
  };
  const step = steps[key];
  if (step === undefined || stops === 0 || (step === 0 && key.startsWith("Arrow"))) return null;
  return Math.min(Math.max(stop + step, 0), stops - 1);
}

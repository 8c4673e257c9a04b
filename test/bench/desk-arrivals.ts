/** What `alarm-latency.ts` and its processes of clients say to each other. */

/** What carries one observation to a client. */
export const carriers = ["alarm", "figure", "place"] as const;
export type Carrier = (typeof carriers)[number];

export interface Observed {
  readonly alarm: string;
  readonly series: string;
  readonly thing: string;
  /** The sensor's and the figure's value, and the alarm's as it is raised. */
  readonly value: number;
}

/** By `steadyMs`, an entry per client. */
export type Arrivals = Readonly<Record<Carrier, readonly number[]>>;

/** Milliseconds of the machine's steady clock, which is the same in every process. */
export function steadyMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

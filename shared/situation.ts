/** What a DATEX II situation says of its time and place that only the city can answer: joined, never sent to clients. */

/** In force in any of the periods if there are some, but in no exception (DATEX II, OverallPeriod). */
export interface Validity {
  readonly periods: readonly Period[];
  readonly exceptions: readonly Period[];
}

/** A stretch of time, or what recurs in it. Empty lists mean every day, every month, the whole day. */
export interface Period {
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  /** 1 is Monday, 7 Sunday. */
  readonly weekdays: readonly number[];
  /** 1 is January. */
  readonly months: readonly number[];
  readonly times: readonly TimeOfDay[];
}

/** Seconds since midnight; an end that is not after its start is on the next day. */
export interface TimeOfDay {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** East of UTC; `null`: the city's own time. */
  readonly offsetMinutes: number | null;
}

/** A location by the codes of a TMC location table (EN ISO 14819-3), as DATEX II refers to it. */
export interface AlertCLocation {
  readonly tableNumber: number | null;
  /** `point` and `linear` by points of the table, `line` by a whole line, `area` by an area. */
  readonly type: "point" | "linear" | "line" | "area";
  readonly primary: AlertCPoint;
  readonly secondary: AlertCPoint | null;
}

export interface AlertCPoint {
  readonly code: number;
  /** How far from the point towards the other one the location really ends. */
  readonly offsetMetres: number;
}

/** A GTFS timetable in columns: the static half of every transit join. */

export interface Schedule {
  /** `feed_version`, else a hash of the stop times. */
  readonly version: string;
}

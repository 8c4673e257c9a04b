/** What a feed of logs (`spec: "log"`) says beyond the lines themselves. */

export interface LogOptions {
  /** The zone of times that name none (RFC 3164, Apache's error log); default the city's. */
  readonly zone?: string | undefined;
  /** What the system is called whose lines name no host; the `target` of its events. */
  readonly target?: string | undefined;
  /** Host name in the lines → what the system is called. */
  readonly targets?: Readonly<Record<string, string>> | undefined;
  /** The year of a recording's first line, whose times name none. Live lines are of the last twelve months. */
  readonly year?: number | undefined;
}

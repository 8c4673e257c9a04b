/** The closed list of units an indicator may have. Percent is 0–100; everything else (万, minutes, km) is display. */
export const units = [
  "count",
  "percent",
  "seconds",
  "per-second",
  "per-minute",
  "per-hour",
  "megawatts",
  "celsius",
  "metres",
  "millimetres-per-hour",
  "micrograms-per-cubic-metre",
  "decibels",
  "kilometres-per-hour",
  "milliseconds",
  "megabytes",
  "score",
] as const;

export type Unit = (typeof units)[number];

/** How a table's columns become things: the options of a feed with `spec: "table"`. */

import type { Scalar } from "../../../../shared/city.ts";
import type { Kind } from "../../../../shared/kinds.ts";

export interface TableOptions {
  /** `auto` (default): what the body looks like. CSV and JSON may both come inside a ZIP. */
  readonly format?: "auto" | "csv" | "json" | undefined;
  /** JSON: dotted path to the array of rows, default `""`: the body is the array; `"."`: it is the only row. */
  readonly rows?: string | undefined;
  /** CSV: between two cells, default `,`. */
  readonly delimiter?: "," | ";" | "\t" | "|" | undefined;
  /** ZIP: which files are read, `*` standing for any text; default every `.csv` and `.json`. */
  readonly files?: string | undefined;
  /** `full` (default): a body holds all the things there are. `partial`: a body holds only news. */
  readonly mode?: "full" | "partial" | undefined;
  /** How times are written, for every rule that does not say otherwise. Default `{ "format": "ISO" }`. */
  readonly time?: TimeForm | undefined;
  /** Texts that mean "none" in any column, compared after trimming; the empty cell always does. */
  readonly absent?: readonly string[] | undefined;
  /** Only these rows count. */
  readonly where?: RowFilter | undefined;
  /**
   * The publication's own time, written in the file's name: date tokens in braces, `*` for any text
   * (`*_{YYYYMMDD_HH_mm_ss}_v*.csv`). The name is the ZIP entry's, else the end of the part's URL.
   */
  readonly publishedIn?: { readonly fileName: string; readonly zone?: string | undefined } | undefined;
  /** What each row tells of; usually one rule, two for a table of units sent to calls. */
  readonly entities: readonly EntityRule[];
  /**
   * Playing a recording: column → the column whose instant makes it known (`"Disposition": "Available At"`). Until
   * then its cell is blank. The columns of `observedAt` need no entry: each is known from its own instant.
   */
  readonly knownWith?: Readonly<Record<string, string>> | undefined;
}

/**
 * `format`: `ISO`, `epoch-seconds`, `epoch-milliseconds`, or tokens: `YYYY` `YY` `MM` `M` `DD` `D` `HH` `H` (0–23)
 * `hh` `h` (1–12) `mm` `m` `ss` `s` `S…` (fraction, any length) `A` (AM/PM) `Z` (offset or Z), `[literal]`; all
 * else is literal. `zone` is IANA or `UTC`/`GMT`/`+01:00`, for times that name none; default the city's.
 */
export interface TimeForm {
  readonly format: string;
  readonly zone?: string | undefined;
}

/** Column → the text it must hold, one of several, none of several, or whether it holds anything. */
export type RowFilter = Readonly<
  Record<
    string,
    | string
    | { readonly in: readonly string[] }
    | { readonly notIn: readonly string[] }
    | { readonly exists: boolean }
  >
>;

export interface EntityRule {
  readonly kind: Kind;
  /** The columns that together name the thing. */
  readonly id: readonly string[];
  /** Only these of the table's rows. */
  readonly where?: RowFilter | undefined;
  /**
   * `row` (default): a row is a thing, and a repeated id is a notice (the newest row wins).
   * `rows`: all rows of one id are one thing (a call with one row per unit); each field says what it picks.
   */
  readonly from?: "row" | "rows" | undefined;
  /** Field of the kind → where its value comes from. The kind says whether it is a number, text, flag or instant. */
  readonly fields: Readonly<Record<string, FieldRule>>;
  /**
   * The columns whose newest instant is the source's own time for the thing; `published`: the publication's time.
   * Without it every thing gets none, and a notice says so.
   */
  readonly observedAt?: readonly InstantRule[] | "published" | undefined;
  readonly position?: PlaceRule | undefined;
  /** Duration field → the two instant fields it lies between. */
  readonly durations?: Readonly<Record<string, { readonly from: string; readonly to: string }>> | undefined;
  /** `status` by which instants are present: the first that is, else `otherwise`. Only without a `status` field. */
  readonly status?: StatusRule | undefined;
}

export interface StatusRule {
  readonly by: readonly { readonly present: string; readonly status: string }[];
  readonly otherwise: string;
}

/** A column's name, or a column with its own way of writing times. */
export type InstantRule = string | (ColumnRule & Partial<TimeForm>);

/** One column, or several whose texts are joined with a space (`["DATE", "TIME"]`; a `texts` field keeps them apart). */
export type ColumnRule =
  | { readonly column: string; readonly columns?: undefined }
  | { readonly columns: readonly string[]; readonly column?: undefined };

export type FieldRule =
  | string
  /** The same for every thing. */
  | { readonly value: Scalar }
  /** With `from: "rows"`: how many of the thing's rows hold something in this column. */
  | { readonly count: string }
  | (ColumnRule &
      Partial<TimeForm> & {
        /** Cell text → value. A text that is not listed stays as it is, with a notice. */
        readonly map?: Readonly<Record<string, Scalar>> | undefined;
        /** Texts that mean "none" in this column, besides the table's. */
        readonly absent?: readonly string[] | undefined;
        /** Numbers: multiplied by this (minutes to seconds: 60). */
        readonly times?: number | undefined;
        /** `texts`: what separates them inside one cell. */
        readonly separator?: string | undefined;
        readonly pick?: Pick | undefined;
      });

/**
 * With `from: "rows"`, which of the rows' values counts: `newest` (default) the row with the newest `observedAt` that
 * has one; `min` and `max` (earliest and latest); `sum`; `max-of-all`: the latest, but only once every row has one (a
 * call is closed when its last unit is available).
 */
export type Pick = "newest" | "min" | "max" | "sum" | "max-of-all";

export type PlaceRule =
  | { readonly lon: string; readonly lat: string }
  /** One column with two numbers in any brackets: `(37.77, -122.39)`. */
  | { readonly text: string; readonly order: "lat,lon" | "lon,lat" }
  /** A GeoJSON Point, as an object or as text. */
  | { readonly geojson: string };

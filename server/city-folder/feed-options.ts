/** What `options` may say, by spec. The meaning of each is documented at the connector's own interface. */

import { z } from "zod";
import type { CapOptions } from "../core/feeds/cap/options.ts";
import type { Datex2Options } from "../core/feeds/datex2/options.ts";
import { readFiles, type GbfsOptions } from "../core/feeds/gbfs/options.ts";
import type { MessageRule, MqttOptions } from "../core/feeds/mqtt/options.ts";
import type { NgsiEntityRule, NgsiOptions } from "../core/feeds/ngsi/options.ts";
import { precisions, takes, type LineOptions } from "../core/feeds/line/options.ts";
import type { LogOptions } from "../core/feeds/log/options.ts";
import type { Open311Options } from "../core/feeds/open311/options.ts";
import type { SqlOptions } from "../core/feeds/sql/options.ts";
import type { SensorThingsOptions } from "../core/feeds/sensorthings/options.ts";
import type { EntityRule, TableOptions } from "../core/feeds/table/options.ts";
import { kinds } from "../../shared/kinds.ts";
import { dottedId, nonBlank, positiveSeconds, scalar, zone } from "./words.ts";

const rowFilter = z.record(
  z.string(),
  z.union(
    [
      z.string(),
      z.strictObject({ in: z.array(z.string()).min(1) }),
      z.strictObject({ notIn: z.array(z.string()).min(1) }),
      z.strictObject({ exists: z.boolean() }),
    ],
    { error: 'a text, { "in": [ … ] }, { "notIn": [ … ] } or { "exists": true }' },
  ),
);

const timeForm = { format: nonBlank, zone: nonBlank.optional() };
const ownTimeForm = { format: nonBlank.exactOptional(), zone: nonBlank.optional() };

const oneColumn = { column: nonBlank };
const joinedColumns = { columns: z.array(nonBlank).min(1) };

const instantRule = z.union(
  [
    nonBlank,
    z.strictObject({ ...oneColumn, ...ownTimeForm }),
    z.strictObject({ ...joinedColumns, ...ownTimeForm }),
  ],
  { error: 'a column, or { "column": …, "format": …, "zone": … }' },
);

const columnRule = {
  ...ownTimeForm,
  map: z.record(z.string(), scalar).optional(),
  absent: z.array(z.string()).optional(),
  times: z.number().optional(),
  separator: z.string().min(1).optional(),
  pick: z.enum(["newest", "min", "max", "sum", "max-of-all"]).optional(),
};

const fieldRule = z.union(
  [
    nonBlank,
    z.strictObject({ value: scalar }),
    z.strictObject({ count: nonBlank }),
    z.strictObject({ ...oneColumn, ...columnRule }),
    z.strictObject({ ...joinedColumns, ...columnRule }),
  ],
  { error: 'a column, { "column": … }, { "columns": [ … ] }, { "value": … } or { "count": … }' },
);

const placeRule = z.union(
  [
    z.strictObject({ lon: nonBlank, lat: nonBlank }),
    z.strictObject({ text: nonBlank, order: z.enum(["lat,lon", "lon,lat"]) }),
    z.strictObject({ geojson: nonBlank }),
  ],
  { error: '{ "lon": …, "lat": … }, { "text": …, "order": … } or { "geojson": … }' },
);

const entityRule = z.strictObject({
  kind: z.enum(kinds),
  id: z.array(nonBlank).min(1),
  where: rowFilter.optional(),
  from: z.enum(["row", "rows"]).optional(),
  fields: z.record(nonBlank, fieldRule),
  observedAt: z
    .union([z.array(instantRule).min(1), z.literal("published")], {
      error: 'a list of columns, or "published"',
    })
    .optional(),
  position: placeRule.optional(),
  durations: z.record(nonBlank, z.strictObject({ from: nonBlank, to: nonBlank })).optional(),
  status: z
    .strictObject({
      by: z.array(z.strictObject({ present: nonBlank, status: nonBlank })).min(1),
      otherwise: nonBlank,
    })
    .optional(),
});

const table = z.strictObject({
  format: z.enum(["auto", "csv", "json"]).optional(),
  rows: z.string().optional(),
  delimiter: z.enum([",", ";", "\t", "|"]).optional(),
  files: nonBlank.optional(),
  mode: z.enum(["full", "partial"]).optional(),
  time: z.strictObject(timeForm).optional(),
  absent: z.array(z.string()).optional(),
  where: rowFilter.optional(),
  publishedIn: z.strictObject({ fileName: nonBlank, zone: nonBlank.optional() }).optional(),
  entities: z.array(entityRule).min(1),
  knownWith: z.record(nonBlank, nonBlank).optional(),
});

/** The rules of `table`, without what is about files. */
const sql = table.pick({ time: true, absent: true, where: true, entities: true });
/** As of `table`, about the rows of one message. */
const messageRule = entityRule
  .omit({ from: true })
  .extend({
    observedAt: z
      .union([z.array(instantRule).min(1), z.literal("received")], {
        error: 'a list of columns, or "received"',
      })
      .optional(),
    position: z
      .union([placeRule, z.strictObject({ placeOf: nonBlank })], {
        error: '{ "lon": …, "lat": … }, { "text": …, "order": … }, { "geojson": … } or { "placeOf": … }',
      })
      .optional(),
  });

const mqtt = z.strictObject({
  topics: z
    .array(
      z.strictObject({
        topic: nonBlank,
        rows: z.string().optional(),
        mode: z.enum(["full", "partial"]).optional(),
        where: rowFilter.optional(),
        entities: z.array(messageRule).min(1),
      }),
    )
    .min(1),
  time: z.strictObject(timeForm).optional(),
  absent: z.array(z.string()).optional(),
  places: z
    .record(nonBlank, z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]))
    .optional(),
});

const open311 = z.strictObject({
  format: z.enum(["json", "xml"]).optional(),
  jurisdictionId: z.string().optional(),
  ask: z.enum(["requested", "updated"]).optional(),
  windowDays: z.int().min(1).max(90).optional(),
  overlapSeconds: z.number().min(0).optional(),
  paging: z.enum(["time", "page"]).optional(),
  pageSize: z.int().min(1).optional(),
  services: z.boolean().optional(),
});

const gbfs = z.strictObject({
  language: nonBlank.optional(),
  files: z.array(z.enum(readFiles)).min(1).optional(),
});

const cap = z.strictObject({
  languages: z.array(nonBlank).min(1).optional(),
  mode: z.enum(["full", "partial"]).optional(),
  date: z.enum(["made", "changed"]).optional(),
});

const datex2 = z.strictObject({
  mode: z.enum(["full", "partial"]).optional(),
  languages: z.array(nonBlank).min(1).optional(),
  locationTable: dottedId.optional(),
  gives: z.array(z.enum(["Situation"])).optional(),
});

const ngsiProperty = z.union(
  [
    nonBlank,
    z.strictObject({
      attribute: z.union([nonBlank, z.array(nonBlank).min(1)], { error: "an attribute, or a list of them" }),
      member: nonBlank.optional(),
      unitCode: nonBlank.optional(),
      times: z.number().optional(),
    }),
  ],
  { error: 'an attribute, or { "attribute": … }' },
);

const ngsiEntity = z.strictObject({
  type: nonBlank,
  id: nonBlank.optional(),
  name: nonBlank.optional(),
  observedAt: z.array(nonBlank).min(1).optional(),
  location: nonBlank.optional(),
  properties: z.record(nonBlank, ngsiProperty),
});

const ngsi = z.strictObject({
  context: z.url({ protocol: /^https?$/ }).optional(),
  pageSize: z.int().min(1).max(1_000).optional(),
  zone: zone.optional(),
  maxAgeSeconds: positiveSeconds.optional(),
  entities: z.array(ngsiEntity).min(1).optional(),
});

const sensorthings = z.strictObject({
  filter: nonBlank.optional(),
  pageSize: z.int().min(1).optional(),
  maxAgeSeconds: positiveSeconds.optional(),
  properties: z
    .record(
      nonBlank,
      z.strictObject({
        observedProperty: z.union([nonBlank, z.array(nonBlank).min(1)], {
          error: "the definition or name of an ObservedProperty, or a list of them",
        }),
        unit: nonBlank.optional(),
      }),
    )
    .optional(),
});

const none = z.strictObject({});

const gtfsRt = z.strictObject({
  gives: z
    .array(z.enum(["VehiclePosition", "TripUpdate", "ServiceAlert"]))
    .min(1)
    .optional(),
});

const wzdx = z.strictObject({
  gives: z
    .array(z.enum(["WorkZone", "FieldDevice"]))
    .min(1)
    .optional(),
});

const line = z.strictObject({
  measurements: z
    .array(
      z.strictObject({
        measurement: nonBlank,
        where: z.record(nonBlank, z.string()).optional(),
        id: z.array(nonBlank).min(1),
        name: nonBlank.optional(),
        position: z.strictObject({ lon: nonBlank, lat: nonBlank }).optional(),
        fields: z.record(
          nonBlank,
          z.union(
            [
              nonBlank,
              z.strictObject({
                property: nonBlank,
                times: z.number().optional(),
                plus: z.number().optional(),
                take: z.enum(takes).optional(),
              }),
            ],
            { error: 'a property, or { "property": …, "times": …, "plus": …, "take": … }' },
          ),
        ),
      }),
    )
    .min(1)
    .optional(),
  precision: z.enum(precisions).optional(),
  places: z
    .record(nonBlank, z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]))
    .optional(),
});

const log = z.strictObject({
  zone: nonBlank.optional(),
  target: nonBlank.optional(),
  targets: z.record(nonBlank, nonBlank).optional(),
  year: z.int().min(1_970).max(2_199).optional(),
});

export const feedOptions = {
  gbfs,
  gtfs: none,
  "gtfs-rt": gtfsRt,
  cap,
  table,
  open311,
  wzdx,
  datex2,
  probe: none,
  sql,
  mqtt,
  ngsi,
  sensorthings,
  line,
  log,
} as const;

type Fixed<T> = T extends object ? { readonly [K in keyof T]: Fixed<T[K]> } : T;
type Same<A, B> = [A, keyof A] extends [B, keyof B]
  ? [B, keyof B] extends [A, keyof A]
    ? true
    : never
  : never;
type Matches<S extends z.ZodType, O> = Same<Fixed<z.output<S>>, O>;

/**
 * Does not compile when a schema and its connector's interface drift apart.
 *
 * @public
 */
export const schemasMatchConnectors: readonly true[] = [
  true satisfies Matches<typeof table, TableOptions>,
  true satisfies Matches<typeof entityRule, EntityRule>,
  true satisfies Matches<typeof sql, SqlOptions>,
  true satisfies Matches<typeof cap, CapOptions>,
  true satisfies Matches<typeof datex2, Datex2Options>,
  true satisfies Matches<typeof gbfs, GbfsOptions>,
  true satisfies Matches<typeof open311, Open311Options>,
  true satisfies Matches<typeof mqtt, MqttOptions>,
  true satisfies Matches<typeof messageRule, MessageRule>,
  true satisfies Matches<typeof ngsi, NgsiOptions>,
  true satisfies Matches<typeof ngsiEntity, NgsiEntityRule>,
  true satisfies Matches<typeof sensorthings, SensorThingsOptions>,
  true satisfies Matches<typeof line, LineOptions>,
  true satisfies Matches<typeof log, LogOptions>,
];

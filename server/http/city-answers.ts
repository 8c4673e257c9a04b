/** The city as the API answers of it: settings, figures, things and areas. */

import { z } from "zod";
import type { AreaProperties } from "../../shared/areas.ts";
import { cityEventKinds, type CityEvent } from "../../shared/city-event.ts";
import { domains, type Department, type Settings } from "../../shared/city.ts";
import type { CityClock } from "../../shared/clock.ts";
import { kinds, kindSchemas, type FieldType, type Kind } from "../../shared/kinds.ts";
import type { Reading } from "../../shared/protocol.ts";
import { units } from "../../shared/units.ts";
import { exactly, instant, named, text } from "./named-schemas.ts";

export const health = z.strictObject({ status: z.literal("ok"), cityAt: instant });

const clock = exactly<CityClock>()(
  z.strictObject({
    kind: z.enum(["live", "simulated", "replay", "past"]),
    cityAt: instant,
    speed: z.number().meta({ description: "City seconds per wall second; 0 stands still." }),
  }),
).register(named, { id: "CityClock" });

export const cityAnswer = exactly<Settings & { readonly clock: CityClock }>()(
  z.strictObject({
    id: z.string(),
    title: text,
    zone: z.string().meta({ description: "IANA time zone." }),
    bounds: z
      .tuple([z.number(), z.number(), z.number(), z.number()])
      .meta({ description: "West, south, east, north in degrees." }),
    areaLevels: z.array(z.strictObject({ level: z.string(), title: text })),
    basemap: z.strictObject({ attribution: z.string() }).nullable(),
    clock,
  }),
).register(named, { id: "City" });

export const department = exactly<Department>()(z.strictObject({ id: z.string(), title: text })).register(
  named,
  { id: "Department" },
);

export const valueState = z.enum(["fresh", "stale", "none"]);

export const noReason = z.enum(["stale", "source-down", "no-data", "not-applicable", "not-recorded"]);

const figure = {
  value: z.number().nullable(),
  state: valueState,
  reason: noReason.nullable(),
  observedAt: instant.nullable(),
};

const groupItem = z.strictObject({ key: z.string(), ...figure });

export type GroupItem = z.infer<typeof groupItem>;

export const indicatorItem = z
  .strictObject({
    id: z.string(),
    domain: z.enum(domains),
    department: z.string(),
    title: text,
    definition: text,
    unit: z.enum(units),
    better: z.enum(["higher", "lower", "neither"]),
    target: z.number().nullable(),
    ...figure,
    quality: z.enum(["good", "partial", "estimated"]),
    oldestAt: instant.nullable(),
    ageSeconds: z.number().nullable(),
    feeds: z.array(z.string()).readonly(),
    groups: z.array(groupItem),
  })
  .register(named, { id: "Indicator" });

export type IndicatorItem = z.infer<typeof indicatorItem>;

const position = z
  .array(z.number())
  .min(2)
  .meta({ description: "Longitude, latitude in degrees (RFC 7946)." });

const line = z.array(position);

export const polygon = z.strictObject({ type: z.literal("Polygon"), coordinates: z.array(line) });

export const multiPolygon = z.strictObject({
  type: z.literal("MultiPolygon"),
  coordinates: z.array(z.array(line)),
});

const geometry = z
  .union([
    z.strictObject({ type: z.literal("Point"), coordinates: position }),
    z.strictObject({ type: z.literal("MultiPoint"), coordinates: line }),
    z.strictObject({ type: z.literal("LineString"), coordinates: line }),
    z.strictObject({ type: z.literal("MultiLineString"), coordinates: z.array(line) }),
    polygon,
    multiPolygon,
  ])
  .register(named, { id: "Geometry" });

const fieldSchemas = {
  number: z.number(),
  text: z.string(),
  flag: z.boolean(),
  at: instant,
  texts: z.array(z.string()),
} satisfies Record<FieldType, z.ZodType>;

/** What is known of a thing of `kind`: the fields that `shared/kinds.ts` lists for it. */
function propertiesOf(kind: Kind): z.ZodObject {
  const fields = Object.entries<FieldType>(kindSchemas[kind].fields);
  return z
    .strictObject({
      kind: z.literal(kind),
      feedId: z.string(),
      sourceId: z.string(),
      observedAt: instant.nullable(),
      receivedAt: instant,
      quality: z.enum(["good", "estimated"]),
      ...Object.fromEntries(fields.map(([name, type]) => [name, fieldSchemas[type].nullable().optional()])),
    })
    .register(named, { id: kind });
}

function collectionOf(geometries: z.ZodType, properties: z.ZodType): z.ZodObject {
  const feature = { type: z.literal("Feature"), id: z.string(), geometry: geometries, properties };
  return z.strictObject({ type: z.literal("FeatureCollection"), features: z.array(z.strictObject(feature)) });
}

export const entityCollection = collectionOf(geometry.nullable(), z.union(kinds.map(propertiesOf))).register(
  named,
  { id: "Entities", description: "GeoJSON (RFC 7946); all of one kind." },
);

export const reading = exactly<Reading>()(
  z.strictObject({
    id: z.string().meta({ description: "The indicator, or `indicator{group}`." }),
    ...figure,
    quality: z.enum(["good", "partial", "estimated"]),
    oldestAt: instant.nullable(),
  }),
).register(named, { id: "Reading" });

export const areaCollection = collectionOf(
  z.union([polygon, multiPolygon]),
  exactly<AreaProperties>()(z.strictObject({ id: z.string(), name: text })),
).register(named, { id: "Areas", description: "GeoJSON (RFC 7946)." });

export const cityEvent = exactly<CityEvent>()(
  z.strictObject({
    kind: z.enum(cityEventKinds),
    at: instant,
    endsAt: instant.nullable().meta({ description: "`null`: no length, or none that is known." }),
    subject: z.string().meta({ description: "The indicator, feed or thing that it is about." }),
    department: z.string().nullable(),
    value: z.number().nullable(),
    text: text.nullable(),
    works: z
      .strictObject({
        closes: z.enum(["road", "lanes"]),
        roads: z.array(z.string()).readonly(),
        areas: z.array(z.string()).readonly().meta({ description: "Such as `area.district:harbour`." }),
      })
      .exactOptional()
      .meta({ description: "What works close, and where; only of those that say so." }),
  }),
).register(named, { id: "CityEvent", description: "What happened, for marks over figures." });

/** `city.json`, `departments.json`, `suppliers.json` and `holidays.json`. */

import { z } from "zod";
import { secret, webUrl } from "./feed-schema.ts";
import { fileHead, nonBlank, slug, text, zone } from "./words.ts";

const longitude = z.number().min(-180).max(180);
const latitude = z.number().min(-90).max(90);

export const boundsSchema = z
  .tuple([longitude, latitude, longitude, latitude], { error: "[west, south, east, north] in degrees" })
  .refine(([west, , east]) => west < east, { error: "west before east", abort: true })
  .refine(([, south, , north]) => south < north, { error: "[west, south, east, north]: south below north" });

const areaLevel = z.union(
  [
    z.strictObject({ level: slug, title: text }),
    z.strictObject({
      level: slug,
      title: text,
      recording: nonBlank,
      /** Properties of the GeoJSON that hold the id and the name. */
      id: nonBlank,
      name: nonBlank,
    }),
  ],
  { error: "level and title, and for a recorded file also recording, id and name" },
);

const basemap = z.union(
  [
    z.strictObject({ file: nonBlank, attribution: nonBlank }),
    z.strictObject({ recording: nonBlank, attribution: nonBlank }),
    /** A file that the city's simulator makes. */
    z.strictObject({ simulator: nonBlank, attribution: nonBlank }),
  ],
  { error: "file, recording or simulator, and attribution" },
);

const host = z
  .string()
  .regex(/^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?)(:\d{1,5})?$/i, {
    error: 'a host such as "sensors.internal", "10.0.0.7" or "db.internal:5432", without scheme and path',
  });

const mailbox = z
  .string()
  .regex(/^([^<>@\s][^<>@]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, {
    error: 'a sender such as "Citydeck <citydeck@city.example>"',
  });

const mailServer = z.union([secret, z.strictObject({ simulator: z.literal("mail") })], {
  error: '{ "env": "NAME" } or { "simulator": "mail" }',
});

export const citySchema = z.strictObject({
  ...fileHead,
  id: slug,
  title: text,
  zone,
  bounds: boundsSchema,
  basemap: basemap.exactOptional(),
  areas: z.array(areaLevel).default([]),
  /** Hosts inside our own network that feeds may ask; all others must be outside. */
  allowHosts: z.array(host).default([]),
  /** Where those whom the city's feeds ask can find us: part of the user agent. */
  contact: z
    .url({
      protocol: /^(https?|mailto)$/,
      error: 'an address such as "https://city.example/citydeck" or "mailto:…"',
    })
    .exactOptional(),
  /** Where people reach this Citydeck, for links in messages. */
  address: webUrl.exactOptional(),
  /** `link`: a briefing opens by the link that was mailed, or with the token; `all`: for everybody who reaches this Citydeck. */
  briefings: z.strictObject({ read: z.enum(["all", "link"]) }).default({ read: "all" }),
  /** The server that sends mail, with its user and password: `smtps://user:password@mail.city.example`; or the city's simulator, which has a mailbox to look into. */
  mail: z.strictObject({ server: mailServer, from: mailbox }).exactOptional(),
  /** For how many days what happened to alarms and was done with them is kept; of those that are not normal all is. */
  alarmLogDays: z.int().min(31).default(1_100),
  /** Who is told every so often that alarms are judged: silence means that they are not. */
  beacon: z.strictObject({ url: webUrl, everySeconds: z.number().min(10).default(60) }).exactOptional(),
});

export const departmentsSchema = z.strictObject({
  ...fileHead,
  departments: z.array(z.strictObject({ id: slug, title: text })).min(1),
});

export const suppliersSchema = z.strictObject({
  ...fileHead,
  suppliers: z.array(z.strictObject({ id: slug, title: text })),
});

export const holidaysSchema = z.strictObject({
  ...fileHead,
  holidays: z.array(
    z.strictObject({ date: z.iso.date({ error: 'a date such as "2026-12-25"' }), title: text }),
  ),
});

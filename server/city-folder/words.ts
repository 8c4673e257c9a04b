/** The small words that all files of a city folder share. */

import { z } from "zod";
import { isZone } from "../../shared/city-time.ts";

export const slugPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export const slug = z
  .string()
  .regex(slugPattern, { error: 'lower-case letters and digits joined by "-", such as "bike-stations"' });

/** `<domain>.<slug>` or `<slug>`. */
export const dottedId = z
  .string()
  .regex(/^([a-z]+\.)?[a-z0-9]+(-[a-z0-9]+)*$/, {
    error: 'an id such as "transport.stations-empty": lower-case letters and digits joined by "-"',
  });

const line = z.string().regex(/\S/, { error: "a text that is not blank" });
export const nonBlank = line;

/** A text in every language of the product. */
export const text = z.strictObject({ en: line, zh: line }).meta({ id: "Text" });

export const scalar = z.union([z.string(), z.number(), z.boolean()], {
  error: "a text, a number, or true or false",
});

export const positiveSeconds = z.number().positive();

/** IANA names only: "-07:00" has no daylight-saving time. */
export const zone = z
  .string()
  .refine((name) => !/^[+-]/.test(name) && isZone(name), {
    error: 'an IANA time zone, such as "America/Los_Angeles"',
  });

/** Every file may name its JSON Schema, so that editors complete and check it, and carries its version. */
export const fileHead = { $schema: z.string().exactOptional(), version: z.literal(1) };

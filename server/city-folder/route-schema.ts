/** `routes/<id>.json`: which alarms are told to which role, and when to the next one. */

import { z } from "zod";
import { priorities } from "../../shared/alarms.ts";
import { domains } from "../../shared/city.ts";
import { gatherings, type Route } from "../core/notify/route.ts";
import { validTime } from "./rule-schema.ts";
import { dottedId, fileHead, slug, text } from "./words.ts";

const seconds = z.int().nonnegative();
const priority = z.enum(priorities);

function some<T extends z.ZodType>(of: T) {
  return z.array(of).min(1).nullable().default(null);
}

export const routeSchema = z.strictObject({
  ...fileHead,
  id: slug,
  title: text,
  about: z
    .strictObject({
      priorities: some(priority),
      domains: some(z.enum(domains)),
      owners: some(slug),
      rules: some(dottedId),
    })
    .prefault({}),
  to: slug,
  settleSeconds: seconds.default(60),
  gatherSeconds: seconds.default(30),
  gatherBy: z.enum(gatherings).default("everything"),
  quiet: z.array(validTime).default([]),
  quietExcept: z.array(priority).default(["critical"]),
  inhibitedBy: z.array(dottedId).default([]),
  tellsEnd: z.boolean().default(true),
  escalation: z.array(z.strictObject({ afterSeconds: z.int().positive(), to: slug })).default([]),
});

export type RouteFile = z.output<typeof routeSchema>;

export function toRoute({ $schema: _schema, version: _version, ...route }: RouteFile): Route {
  return route;
}

/** `roles/<id>.json`: who is on call when, and how they are reached. */

import { z } from "zod";
import type { Contact, Role } from "../core/notify/route.ts";
import { momentAt, secretFrom, type FeedSurroundings } from "./feed-file.ts";
import { moment, secret, webUrl } from "./feed-schema.ts";
import { stretch } from "./rule-schema.ts";
import { fileHead, slug, text } from "./words.ts";

const called = { id: slug, title: text.exactOptional() };

const contact = z.union(
  [
    z.strictObject({ ...called, email: z.email({ error: 'an address such as "duty@city.example"' }) }),
    z.strictObject({ ...called, webhook: webUrl, secret }),
  ],
  { error: 'id and email, or id, webhook and secret as { "env": "NAME" }' },
);

const contacts = z.array(slug).min(1);

export const roleSchema = z.strictObject({
  ...fileHead,
  id: slug,
  title: text,
  language: z.enum(["en", "zh"]),
  contacts: z.array(contact).min(1),
  onCall: z.array(z.strictObject({ ...stretch, contacts })).default([]),
  exceptions: z.array(z.strictObject({ from: moment, to: moment, contacts })).default([]),
  otherwise: z.array(slug).default([]),
});

export type RoleFile = z.output<typeof roleSchema>;

export function toRole(file: RoleFile, { zone, env }: Pick<FeedSurroundings, "zone" | "env">): Role {
  const { $schema: _schema, version: _version, ...rest } = file;
  return {
    ...rest,
    contacts: file.contacts.map((one): Contact =>
      "secret" in one ? { ...one, secret: secretFrom(one.secret.env, env) } : one,
    ),
    exceptions: file.exceptions.map(({ from, to, contacts: names }) => ({
      fromAt: momentAt(from, zone),
      toAt: momentAt(to, zone),
      contacts: names,
    })),
  };
}

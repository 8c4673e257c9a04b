/** `/api/v1/notifications`: who was told of alarms, and why somebody was or was not. */

import type { Hono } from "hono";
import { z } from "zod";
import type { NotificationsAnswer } from "../../shared/notification.ts";
import type { Access } from "./access.ts";
import { askerOf } from "./asker.ts";
import { findUnknown, type QueryParameters } from "./parameters.ts";
import { badParameter, problem } from "./problem.ts";

export interface NotificationDesk {
  /** About an alarm by its id, or about all (`null`), the newest first, at most so many; rejects when the records cannot be read. */
  about(alarm: string | null, atMost: number): Promise<NotificationsAnswer>;
  /** Messages that were tried and not accepted, and are tried again, by role. */
  failing(): ReadonlyMap<string, number>;
}

const listedAtMost = 500;

export const notificationParameters = {
  alarm: { description: "Only about this alarm, by its id.", schema: z.string() },
} as const satisfies QueryParameters;

/** Why a message failed names mailboxes and hosts of our own: only those who may change the city are told. */
export function serveNotifications(app: Hono, desk: NotificationDesk, access: Access): void {
  app.get("/api/v1/notifications", async (c) => {
    const query = c.req.query();
    const unknown = findUnknown(query, notificationParameters);
    if (unknown) return badParameter(c, unknown);
    const found = await desk.about(query["alarm"] ?? null, listedAtMost).catch(String);
    if (typeof found === "string")
      return problem(c, 503, "records", "The records cannot be used", `records: ${found}`);
    if (access.allowsChange(askerOf(c))) return c.json(found);
    return c.json({ ...found, deliveries: found.deliveries.map((one) => ({ ...one, error: null })) });
  });
}

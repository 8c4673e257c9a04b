/** Requests about what was reported before: the same service at the same place within 30 days. */

import type { EntityOf } from "../../../shared/entity.ts";

const withinMs = 30 * 86_400_000;
/** About 11 m: how exactly places of one spot agree. */
const placeDigits = 4;

/** What two requests about one spot have in common; `null` for a request that does not say what or where. */
export function spotOf({ feedId, fields, position }: EntityOf<"ServiceRequest">): string | null {
  const service = fields.serviceCode ?? fields.serviceName;
  const address = fields.address?.trim().toLowerCase();
  const place = address || position?.map((degrees) => degrees.toFixed(placeDigits)).join(" ");
  return service && place && fields.requestedAt != null ? `${feedId} ${service} ${place}` : null;
}

/** Whether each request of one spot follows another one by 30 days at most, in their order. */
export function repeatsOf(requestedAt: readonly number[]): readonly boolean[] {
  const inTime = Array.from(requestedAt.keys()).sort((a, b) => requestedAt[a]! - requestedAt[b]!);
  const repeats = requestedAt.map(() => false);
  for (let i = 1; i < inTime.length; i++) {
    const [before, after] = [inTime[i - 1]!, inTime[i]!];
    repeats[after] = requestedAt[after]! - requestedAt[before]! <= withinMs;
  }
  return repeats;
}

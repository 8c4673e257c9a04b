/** Who may read a briefing: everybody, or in a city whose briefings open by link whoever was sent it or has the token. */

import type { Context } from "hono";
import { z } from "zod";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { BriefingLinks, LinkFault, SentLink } from "../briefing/links.ts";
import type { Access } from "./access.ts";
import { askerOf } from "./asker.ts";
import type { QueryParameters } from "./parameters.ts";
import { needsToken, problem } from "./problem.ts";

/** Why somebody may not read. `closed`: without the link or the token nobody may. */
export type NotReader = LinkFault | { readonly why: "closed" };

export interface BriefingReaders {
  /**
   * The link that the request brings, `null` without one. Where everybody may read, one that is over or cannot be verified
   * is as good as none; elsewhere it has to be right. `id`: the issue that is asked for; `null`: more than one, which no
   * link opens.
   */
  admit(c: Context, id: string | null): Result<SentLink | null, NotReader>;
}

const ofLink = "Of the link in the mail that brought it:";
export const linkParameters = {
  to: { description: `${ofLink} who was sent it.`, schema: z.string() },
  until: { description: `${ofLink} until when it is good, epoch milliseconds.`, schema: z.string() },
  signature: { description: `${ofLink} its signature.`, schema: z.string() },
} as const satisfies QueryParameters;

export function briefingReaders(
  links: Pick<BriefingLinks, "read">,
  areByLink: () => boolean,
  now: () => number,
  access: Pick<Access, "allowsChange">,
): BriefingReaders {
  return {
    admit(c, id) {
      const link = id === null ? ok(null) : links.read(id, c.req.query(), now());
      if (!areByLink()) return link.ok ? link : ok(null);
      if (!link.ok || link.value || access.allowsChange(askerOf(c))) return link;
      return fail({ why: "closed" });
    },
  };
}

/** The answer to a program that may not read. */
export async function notAdmitted(c: Context, { why }: NotReader, access: Access): Promise<Response> {
  switch (why) {
    case "closed":
      return needsToken(c, "reading briefings without the link that was sent", access);
    case "wrong":
      return problem(c, 403, "link-wrong", "Not the link that was sent", "signature: it is of another link");
    case "over":
      return problem(c, 403, "link-over", "The link is over", "until: it has passed");
  }
}

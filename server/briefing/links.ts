/**
 * Links that open one briefing for whom it was sent to, without an account: they say who that is and until when, and bring
 * a signature of the briefing and of both (HMAC-SHA-256, RFC 2104) by this installation's key, `link-key` in the data folder.
 * Whoever deletes that ends all links that were sent.
 */

import { createHmac } from "node:crypto";
import type { Briefing } from "../../shared/briefing.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { sameSecret } from "../same-secret.ts";
import { openKey } from "../secret-key.ts";

/** City time. */
const goodForMs = 30 * 24 * 3_600_000;

export interface SentLink {
  /** Role and contact of the city folder: `leaders/mayor`. */
  readonly to: string;
  /** City time. */
  readonly untilAt: number;
  readonly signature: string;
}

/** Why a link does not open a briefing. `over` is one that once did. */
export type LinkFault = { readonly why: "wrong" } | { readonly why: "over"; readonly link: SentLink };

export class BriefingLinks {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  static async open(dataDir: string): Promise<BriefingLinks> {
    return new BriefingLinks(await openKey(dataDir, "link-key"));
  }

  /** The same for the same reader however often it is sent. */
  make({ id, issuedAt }: Pick<Briefing, "id" | "issuedAt">, to: string): SentLink {
    const untilAt = issuedAt + goodForMs;
    return { to, untilAt, signature: this.#sign(id, to, untilAt) };
  }

  /** The link that a request for a briefing brings; `null`: it brings none. `now`: city time. */
  read(
    id: string,
    { to, until, signature }: Readonly<Record<string, string | undefined>>,
    now: number,
  ): Result<SentLink | null, LinkFault> {
    if (to === undefined && until === undefined && signature === undefined) return ok(null);
    const untilAt = Number(until);
    if (to === undefined || signature === undefined || !sameSecret(signature, this.#sign(id, to, untilAt)))
      return fail({ why: "wrong" });
    const link = { to, untilAt, signature };
    return now < untilAt ? ok(link) : fail({ why: "over", link });
  }

  #sign(id: string, to: string, untilAt: number): string {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([id, to, untilAt]))
      .digest("base64url");
  }
}

/** The query of an address that a link opens. */
export function linkQuery({ to, untilAt, signature }: SentLink): Readonly<Record<string, string>> {
  return { to, until: String(untilAt), signature };
}

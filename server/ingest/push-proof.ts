/**
 * How a push proves itself: by `Authorization: Bearer <token>`, or by `X-Timestamp` (epoch seconds) and `X-Signature`,
 * which is `v2=` and the hex HMAC-SHA-256 over `v2`, the timestamp, the part (`X-Part`, else `body`) and the encoding
 * (`Content-Encoding`, else `identity`), each with a line feed after it, then the body as sent. A feed may say that its
 * source still signs as before (`acceptsV1`): `sha256=` over timestamp, `.` and body, which leaves open which part that is.
 */

import { createHmac } from "node:crypto";
import type { ReceiveTransport, Secret } from "../core/feeds/feed-entry.ts";
import { sameSecret } from "../same-secret.ts";
import { refuse, type Push, type PushAnswer } from "./push.ts";

export interface PushProof {
  /** Why a push need not even be read; `null`: it may still prove itself. Throws `MissingSecret`. */
  refusal(push: Push): PushAnswer | null;
  /** The answer of `receive` when its body, as sent, proves the push. */
  check(push: Push, raw: Uint8Array, receive: () => Promise<PushAnswer>): Promise<PushAnswer>;
}

export function proofOf({ bearer, hmac, acceptsV1 }: ReceiveTransport, wallNow: () => number): PushProof {
  if (bearer !== null) return byBearer(bearer);
  return hmac === null ? byNothing : new SignedPushes(hmac, acceptsV1, wallNow);
}

function byBearer(bearer: Secret): PushProof {
  const refused = refuse(401, "unauthorized", "needs this feed's bearer token");
  return {
    refusal: (push) =>
      sameSecret(push.header("authorization") ?? "", `Bearer ${bearer()}`) ? null : refused,
    check: (_push, _raw, receive) => receive(),
  };
}

const unsigned = refuse(401, "unauthorized", "needs X-Timestamp and X-Signature");
const untimely = refuse(401, "replayed", "X-Timestamp is not within 5 minutes of now");

const byNothing: PushProof = { refusal: () => unsigned, check: () => Promise.resolve(unsigned) };

const unmatched =
  "X-Signature does not match: v2= and HMAC-SHA-256 of v2, X-Timestamp, X-Part or body, Content-Encoding or identity, a line each, and the body";

/** What is signed before the body. */
function headOfV2(push: Push): string {
  const encoding = push.header("content-encoding") ?? "identity";
  return ["v2", push.header("x-timestamp") ?? "", partOf(push), encoding, ""].join("\n");
}

function headOfV1(push: Push): string {
  return `${push.header("x-timestamp") ?? ""}.`;
}

function partOf(push: Push): string {
  return push.header("x-part") ?? "body";
}

/** How far a signed timestamp may be from our clock. */
const signedForMs = 300_000;

class SignedPushes implements PushProof {
  readonly #secret: Secret;
  readonly #acceptsV1: boolean;
  readonly #wallNow: () => number;
  /** Those of the last minutes: a push that comes twice is acknowledged once more, not taken in once more. */
  readonly #answers = new Map<string, { readonly at: number; readonly answer: Promise<PushAnswer> }>();

  constructor(secret: Secret, acceptsV1: boolean, wallNow: () => number) {
    this.#secret = secret;
    this.#acceptsV1 = acceptsV1;
    this.#wallNow = wallNow;
  }

  refusal(push: Push): PushAnswer | null {
    if (push.header("x-signature") === undefined) return unsigned;
    return this.#isTimely(push) ? null : untimely;
  }

  async check(push: Push, raw: Uint8Array, receive: () => Promise<PushAnswer>): Promise<PushAnswer> {
    const given = (push.header("x-signature") ?? "").toLowerCase();
    const isV1 = this.#acceptsV1 && given.startsWith("sha256=");
    const expected = `${isV1 ? "sha256" : "v2"}=${this.#hmac(isV1 ? headOfV1(push) : headOfV2(push), raw)}`;
    if (!sameSecret(given, expected)) return refuse(401, "unauthorized", unmatched);
    if (!this.#isTimely(push)) return untimely;
    // Without it in the signature, the same bytes may be two parts' news in the same second.
    return this.#once(`${partOf(push)} ${expected}`, receive);
  }

  #hmac(head: string, raw: Uint8Array): string {
    // A header's text has a character for each byte that was sent.
    return createHmac("sha256", this.#secret()).update(head, "latin1").update(raw).digest("hex");
  }

  /** Whether the signature of its timestamp may still be used. */
  #isTimely(push: Push): boolean {
    const timestamp = push.header("x-timestamp") ?? "";
    return (
      /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1_000 - this.#wallNow()) <= signedForMs
    );
  }

  #once(signature: string, receive: () => Promise<PushAnswer>): Promise<PushAnswer> {
    const wall = this.#wallNow();
    for (const [old, { at }] of this.#answers) {
      if (wall - at <= 2 * signedForMs) break;
      this.#answers.delete(old);
    }
    const before = this.#answers.get(signature);
    if (before !== undefined) return before.answer;
    const answer = receive();
    this.#answers.set(signature, { at: wall, answer });
    // What was not accepted may be sent again as it is.
    const forget = (): boolean => this.#answers.delete(signature);
    void answer.then(({ status }) => status === 202 || forget(), forget);
    return answer;
  }
}

/**
 * A feed whose source pushes, and the promise that what was acknowledged is never lost. Bodies are decoded and shown at
 * once, and acknowledged only after the journal has them synced to disk. `X-Part` names the part of a feed of several;
 * without it the part is `body`.
 */

import type { ReceiveTransport } from "../core/feeds/feed-entry.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import type { Fold } from "./fold.ts";
import type { FeedWiring } from "./wiring.ts";
import { crash } from "./part-decoder.ts";
import { busy, refuse, type Push, type PushAnswer } from "./push.ts";
import { proofOf } from "./push-proof.ts";
import { PushRoom } from "./push-room.ts";

export function startReceive(
  wiring: FeedWiring,
  transport: ReceiveTransport,
  fold: Fold,
  keeper: BodyKeeper,
): (push: Push) => Promise<PushAnswer> {
  const { entry, now, wallNow = Date.now, isBehind = () => false } = wiring;
  const proof = proofOf(transport, wallNow);
  const room = new PushRoom(transport.maxBytes);

  const takeIn = async (push: Push, bytes: Uint8Array): Promise<PushAnswer> => {
    if (isBehind()) return behind;
    const receivedAt = now();
    const part = { name: push.header("x-part") ?? "body", url: push.url ?? null, bytes };
    const taken = fold.take(part, { receivedAt });
    if (!taken.ok) {
      const { class: errorClass, message } = taken.failure;
      if (errorClass === "crashed") return refuse(500, "crashed", "the feed's decoder failed");
      return refuse(422, errorClass === "too-large" ? "too-large" : "unreadable", message);
    }
    const { update } = taken.value;
    const kept = await keeper.keep(taken.value.part, update, receivedAt, true);
    if (!kept) return refuse(503, "not-kept", "shown, but not kept on disk: send it again later");
    return { status: 202, ...(update.refused && { refused: update.refused }) };
  };

  const hasSecret = (): boolean => {
    try {
      transport.bearer?.();
      transport.hmac?.();
      return true;
    } catch (error) {
      fold.fault(entry.id, crash("looking for the feed's secret", error));
      return false;
    }
  };
  hasSecret();

  return async (push) => {
    if (!hasSecret()) return refuse(503, "not-set-up", "this feed's own secret is not set");
    const refusal = proof.refusal(push);
    if (refusal !== null) return refusal;
    if (room.isFull) return busy("too many pushes wait for the disk");
    if (isBehind()) return behind;
    return room.read(push.body, (raw) =>
      proof.check(push, raw, () =>
        room.inflate(raw, push.header("content-encoding"), (bytes) => takeIn(push, bytes)),
      ),
    );
  };
}

const behind = busy("the live city has not taken in yet what came before");

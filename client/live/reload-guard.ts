/** Keeps a page from reloading in a circle when the server speaks another protocol than the page it serves. */

const key = "citydeck.reloaded";
const againAfterMs = 60_000;

/**
 * Whether reloading for this protocol version may help: not when it was tried in the last minute. Remembers the try;
 * where a browser keeps nothing nobody would know of it, so there it is never tried.
 */
export function mayReload(
  memory: () => Pick<Storage, "getItem" | "setItem">,
  protocol: number,
  nowMs: number,
): boolean {
  try {
    const [triedFor, triedAt] = (memory().getItem(key) ?? "").split("@");
    if (triedFor === String(protocol) && nowMs - Number(triedAt) < againAfterMs) return false;
    memory().setItem(key, `${protocol}@${nowMs}`);
    return true;
  } catch {
    return false;
  }
}

import { getEventListeners } from "node:events";
import { expect, it, vi } from "vitest";
import { withinTime } from "./deadline.ts";

const forever = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
  });

it("ends what takes too long, and says that it was the time", async () => {
  const over = await withinTime(5, new AbortController().signal, (deadline) =>
    forever(deadline.signal).catch(() => deadline.isOver),
  );
  expect(over).toBe(true);
});

it("ends what is given up, also when it was before", async () => {
  const giving = new AbortController();
  const asked = withinTime(60_000, giving.signal, async (deadline) => {
    giving.abort(new Error("stopped"));
    return forever(deadline.signal).catch((error: unknown) => [error, deadline.isOver]);
  });
  expect(await asked).toEqual([new Error("stopped"), false]);
  await expect(withinTime(60_000, giving.signal, ({ signal }) => forever(signal))).rejects.toThrow("stopped");
});

it("leaves neither a timer nor a listener behind", async () => {
  vi.useFakeTimers();
  const { signal } = new AbortController();
  expect(await withinTime(60_000, signal, async () => 1)).toBe(1);
  await expect(withinTime(60_000, signal, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect([vi.getTimerCount(), getEventListeners(signal, "abort")]).toEqual([0, []]);
  vi.useRealTimers();
});

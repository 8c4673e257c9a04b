import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freedMemory, settledAfterMs } from "./freed-memory.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("memory is given back once, when the city that was begun last has settled", () => {
  const collect = vi.fn<() => void>();
  const freed = freedMemory(collect);
  freed.begin();
  vi.advanceTimersByTime(settledAfterMs - 1);
  freed.begin();
  vi.advanceTimersByTime(settledAfterMs - 1);
  expect(collect).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10 * settledAfterMs);
  expect(collect).toHaveBeenCalledTimes(1);
});

test("not after the end", () => {
  const collect = vi.fn<() => void>();
  const freed = freedMemory(collect);
  freed.begin();
  freed.stop();
  vi.advanceTimersByTime(2 * settledAfterMs);
  expect(collect).not.toHaveBeenCalled();
});

/** A bound in time for asking a source. */

export interface Deadline {
  /** Aborts when the time is up, and when the asking is given up from outside. */
  readonly signal: AbortSignal;
  /** Whether it was the time. */
  readonly isOver: boolean;
}

/**
 * Runs `ask` for at most `timeoutMs` and leaves nothing behind. `AbortSignal.timeout` would stay until its time has come,
 * with all it reaches: with many short answers and a long patience that is most of the memory that asking takes.
 */
export async function withinTime<T>(
  timeoutMs: number,
  givenUp: AbortSignal,
  ask: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const deadline = { signal: ending.signal, isOver: false };
  const timer = setTimeout(() => {
    deadline.isOver = !ending.signal.aborted;
    ending.abort(new DOMException(`no end after ${timeoutMs} ms`, "TimeoutError"));
  }, timeoutMs);
  const giveUp = (): void => ending.abort(givenUp.reason);
  if (givenUp.aborted) giveUp();
  givenUp.addEventListener("abort", giveUp);
  try {
    return await ask(deadline);
  } finally {
    clearTimeout(timer);
    givenUp.removeEventListener("abort", giveUp);
  }
}

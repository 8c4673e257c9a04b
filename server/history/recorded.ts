import type { Engine, Read } from "./engine.ts";
import type { HistoryBatch, Span } from "./history.ts";

const minuteMs = 60_000;

/** Rows more than there are stretches. */
const foldOver = 1440;

/** In which minutes anything was recorded. */
export class Recorded {
  readonly #engine: Engine;
  /** A minute that was just noted need not be noted again. */
  #newest = new Set<number>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async append({ minutes, readings, entities, observations }: HistoryBatch): Promise<() => void> {
    const touched = new Set<number>();
    const touch = (at: number): void => {
      touched.add(Math.floor(at / minuteMs) * minuteMs);
    };
    minutes.at.forEach((at, row) => {
      for (let i = 0; i < minutes.count[row]!; i++) touch(at + i * minuteMs);
    });
    observations.knownAt.forEach(touch);
    for (const { knownAt } of [...readings, ...entities]) touch(knownAt);
    return this.touch(touched);
  }

  /** Notes minutes by their starts. */
  async touch(minutes: Iterable<number>): Promise<() => void> {
    const touched = new Set(minutes);
    const fresh = [...touched].filter((at) => !this.#newest.has(at));
    await this.#engine.append("recorded", {
      from_at: fresh,
      to_at: fresh.map((at) => at + minuteMs),
      generation: fresh.map(() => 0),
    });
    return () => {
      if (touched.size > 0) this.#newest = touched;
    };
  }

  /** Notes whole hours by their starts. */
  async touchHours(hours: Iterable<number>): Promise<void> {
    const from = [...new Set(hours)];
    await this.#engine.append("recorded", {
      from_at: from,
      to_at: from.map((at) => at + 60 * minuteMs),
      generation: from.map(() => 0),
    });
  }

  /** Joins minutes that touch, when there are many, so that what is read stays short. */
  async fold(): Promise<void> {
    const [minutes, generation, spans] = await this.#engine.ask(
      new AbortController().signal,
      async (read) => {
        const rows = await read("SELECT count(*) AS minutes, max(generation) AS generation FROM recorded");
        return [
          rows.numbers("minutes")[0]!,
          rows.numbers("generation")[0]!,
          await this.spans(read, 0),
        ] as const;
      },
    );
    if (minutes < spans.length + foldOver) return;
    await this.#engine.together(async () => {
      await this.#engine.append("recorded", {
        from_at: spans.map(({ fromAt }) => fromAt),
        to_at: spans.map(({ toAt }) => toAt),
        generation: spans.map(() => generation + 1),
      });
      await this.#engine.run(`DELETE FROM recorded WHERE generation <= ${generation}`);
    });
  }

  /** Stretches that are less than `withinMs` apart are one. */
  async spans(read: Read, withinMs: number): Promise<Span[]> {
    const rows = await read(
      "SELECT from_at, max(to_at) AS end_at FROM recorded GROUP BY from_at ORDER BY from_at",
    );
    const from = rows.numbers("from_at");
    const to = rows.numbers("end_at");
    const spans: { fromAt: number; toAt: number }[] = [];
    from.forEach((fromAt, row) => {
      const last = spans.at(-1);
      if (last && (fromAt <= last.toAt || fromAt - last.toAt < withinMs))
        last.toAt = Math.max(last.toAt, to[row]!);
      else spans.push({ fromAt, toAt: to[row]! });
    });
    return spans;
  }
}

/** The newest word of every open wall about itself, and what the worst of them says. Wall time, epoch milliseconds. */

import { reportGoodForMs, type WallReport } from "../../shared/wall-report.ts";
import type { EdgeFigures } from "../core/city/changes.ts";

interface Kept extends WallReport {
  readonly receivedAt: number;
}

export class WallReports {
  readonly #reports = new Map<string, Kept>();

  note(wall: string, report: WallReport, receivedAt: number): void {
    this.#reports.set(wall, { ...report, receivedAt });
  }

  forget(wall: string): void {
    this.#reports.delete(wall);
  }

  /** `null` for what no open wall says. */
  figures(now: number): EdgeFigures {
    const open = Array.from(this.#reports.values()).filter(
      ({ receivedAt }) => now - receivedAt < reportGoodForMs,
    );
    const heaps = open.flatMap(({ heapBytes }) => heapBytes ?? []);
    const rates = open.flatMap(({ framesPerSecond }) => framesPerSecond ?? []);
    const skews = open.map(({ at, receivedAt }) => Math.abs(receivedAt - at));
    return {
      "wall-memory": heaps.length === 0 ? null : Math.max(...heaps) / 2 ** 20,
      "wall-frame-rate": rates.length === 0 ? null : Math.min(...rates),
      "wall-clock-skew": skews.length === 0 ? null : Math.max(...skews) / 1000,
    };
  }
}

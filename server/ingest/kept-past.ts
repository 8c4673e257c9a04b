/** What a feed said in a stretch of the past, from the bodies that it keeps aside and the reports beside them. */

import { cityDate, startOfCityDate } from "../../shared/city-time.ts";
import { openBodyArchive, type ArchivedBody } from "./body-archive.ts";
import { bodiesFolder, openBodyKeeper } from "./body-keeper.ts";
import { createFold } from "./fold.ts";
import { readReports, type LoggedReport } from "./report-log.ts";
import type { FeedWiring, FeedWord } from "./wiring.ts";

/** Longer than any body that was taken in. */
const mostBytes = 2 ** 30;

/** Something that was heard then: `play` delivers and reports it, as it was then. */
export interface HeardThen {
  /** City time. */
  readonly at: number;
  play(): void;
}

/** `wiring.now` must say the time of what is played. */
export class KeptPast {
  readonly #wiring: FeedWiring;
  readonly #play: (body: Pick<ArchivedBody, "at" | "part" | "bytes">, reports: boolean) => void;
  readonly #report: (word: FeedWord) => void;

  constructor(wiring: FeedWiring) {
    this.#wiring = wiring;
    let isTold = false;
    const fold = createFold({
      ...wiring,
      report(feedId, word) {
        if (isTold) wiring.report(feedId, word);
      },
    });
    this.#play = ({ at, part, bytes }, reports) => {
      isTold = reports;
      fold.take({ name: part, url: null, bytes }, { receivedAt: at, stripped: true });
    };
    this.#report = (word) => {
      wiring.report(wiring.entry.id, word);
    };
  }

  /** Whether bodies of the stretch are there: the feed kept them by then, and still does. */
  async has(fromAt: number, toAt: number): Promise<boolean> {
    if (this.#wiring.entry.keepBodiesDays === 0) return false;
    const { zone } = this.#wiring;
    const dates = await this.#archive().dates();
    const [first, last] = [cityDate(fromAt, zone), cityDate(toAt - 1, zone)];
    return dates.some((date) => date <= first) && dates.some((date) => date >= first && date <= last);
  }

  /**
   * What was heard until `toAt`, oldest first: the newest body of each part from before the city day of `fromAt`, and
   * everything since.
   */
  async *heard(fromAt: number, toAt: number): AsyncGenerator<HeardThen> {
    const { zone } = this.#wiring;
    const archive = this.#archive();
    const dates = await archive.dates();
    const first = cityDate(fromAt, zone);
    const before = new Map<string, ArchivedBody>();
    for (const date of dates.filter((one) => one < first).toReversed())
      for await (const body of archive.newestOf(date))
        if (!before.has(body.part)) before.set(body.part, body);
    for (const body of [...before.values()].toSorted((a, b) => a.at - b.at))
      yield this.#heardBody(body, true);
    for (const date of dates.filter((one) => one >= first && startOfCityDate(one, zone) < toAt)) {
      const reports = await readReports(bodiesFolder(this.#wiring), date);
      let next = 0;
      for await (const body of archive.day(date)) {
        for (; reports && next < reports.length && reports[next]!.at < body.at; next++)
          yield this.#heardReport(reports[next]!);
        if (body.at >= toAt) return;
        yield this.#heardBody(body, reports === null);
      }
      for (const report of reports?.slice(next) ?? []) {
        if (report.at >= toAt) return;
        yield this.#heardReport(report);
      }
    }
  }

  /**
   * What the feed holds now as what it held then: for one that others lean on, such as a timetable. `null` when it has said
   * something since `fromAt`, so that nobody knows what it was.
   */
  async unchangedSince(fromAt: number): Promise<readonly HeardThen[] | null> {
    const keeper = await openBodyKeeper({ ...this.#wiring, now: Date.now }, mostBytes);
    const heard: HeardThen[] = [];
    try {
      for await (const { at, part } of keeper.restore()) {
        if (at >= fromAt) return null;
        heard.push(this.#heardBody({ at, part: part.name, bytes: part.bytes }, true));
      }
    } finally {
      await keeper.close();
    }
    return heard.length === 0 ? null : heard;
  }

  #heardBody(body: ArchivedBody, reports: boolean): HeardThen {
    return { at: body.at, play: () => this.#play(body, reports) };
  }

  #heardReport({ at, ...word }: LoggedReport): HeardThen {
    return { at, play: () => this.#report(word) };
  }

  #archive(): ReturnType<typeof openBodyArchive> {
    const { entry, zone, log } = this.#wiring;
    return openBodyArchive({
      folder: bodiesFolder(this.#wiring),
      feedId: entry.id,
      zone,
      days: entry.keepBodiesDays,
      maxBodyBytes: mostBytes,
      log,
    });
  }
}

/** InfluxDB line protocol, as Telegraf and many gateways push it: samples into sensors. */

import type { EntityOf, Position } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { describeBody, quote, unreadable } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Part, RefusedLines, Update } from "../connector.ts";
import { clockSkewMs, earliestSensibleAt, isoText } from "../instant.ts";
import { judgePlace, placeExpectation } from "../place.ts";
import { findPrecision, type LineOptions, type Precision } from "./options.ts";
import { LineScanner, type LineFault } from "./scan.ts";
import { SeriesTable, type Field, type Sensor, type Series } from "./series.ts";

export const line: Connector<LineOptions> = {
  spec: "line",
  gives: () => ["Sensor"],
  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),
  decode: decodeLines,
};

/** `part.url` may say the `precision` of the timestamps, as the request did. */
function decodeLines(
  part: Part,
  feed: ConnectorFeed<LineOptions>,
  receivedAt: number,
  memory?: unknown,
): Result<Update, Failure> {
  if (part.bytes.includes(0)) return unreadable(part.name, "line protocol", describeBody(part.bytes));
  const table = memory instanceof SeriesTable ? memory : new SeriesTable(feed.options, feed.id);
  table.trim();
  const body = new Body(new LineScanner(part.bytes, precisionOf(part, feed.options)), part, feed, receivedAt);
  body.read(table);
  const { refused } = body;
  if (refused !== null && body.lines === 0)
    return unreadable(part.name, "line protocol", `line ${refused.line}: ${refused.reason}`);
  return ok({
    mode: "partial",
    scope: part.name,
    version: null,
    publishedAt: null,
    entities: body.takeEntities(),
    observations: [],
    notices: body.notices.list(),
    ...(refused && { refused }),
    memory: table,
  });
}

function precisionOf({ url }: Part, options: LineOptions): Precision {
  const word = url !== null && URL.canParse(url) ? new URL(url).searchParams.get("precision") : null;
  return (word === null ? null : findPrecision(word)) ?? options.precision ?? "ns";
}

/** One body being read. */
class Body {
  readonly notices = new Notices();
  /** Lines that hold. */
  lines = 0;
  refused: RefusedLines | null = null;
  readonly #scanner: LineScanner;
  readonly #part: Part;
  readonly #feed: ConnectorFeed<LineOptions>;
  readonly #receivedAt: number;
  readonly #touched: Sensor[] = [];
  /** The fields of the line at hand: they count when its end has been read. */
  readonly #fields: Field[] = [];
  readonly #values: number[] = [];
  readonly #isText: boolean[] = [];

  constructor(scanner: LineScanner, part: Part, feed: ConnectorFeed<LineOptions>, receivedAt: number) {
    this.#scanner = scanner;
    this.#part = part;
    this.#feed = feed;
    this.#receivedAt = receivedAt;
  }

  read(table: SeriesTable): void {
    const scanner = this.#scanner;
    while (scanner.nextLine()) {
      if (scanner.fault === null) this.#readLine(table.at(scanner), table);
      if (scanner.fault !== null) this.#refuse(scanner.fault);
    }
  }

  takeEntities(): readonly EntityOf<"Sensor">[] {
    const sensors = this.#touched.map((sensor) => sensor.takeEntity(this.#receivedAt));
    return sensors.filter(({ sourceId, fields }) => {
      const isNumber = Number.isFinite(fields.value);
      if (!isNumber)
        this.notices.add(
          "line-overflow",
          "error",
          () =>
            `${this.#part.name}: the values of ${quote(sourceId)} come to ${fields.value}, expected a number`,
        );
      return isNumber;
    });
  }

  /** Nothing of a line counts before its end has been read. */
  #readLine(series: Series, table: SeriesTable): void {
    const scanner = this.#scanner;
    if (series.fault !== null) return scanner.refuseKey(series.fault);
    let i = 0;
    while (scanner.nextField(series.fields[i]?.name)) {
      this.#fields[i] = table.fieldAt(series, i, scanner);
      this.#values[i] = scanner.value;
      this.#isText[i] = scanner.type === "string";
      i++;
    }
    if (scanner.fault === null) this.#take(series, i);
  }

  #take(series: Series, fields: number): void {
    this.lines++;
    const { at, finer } = this.#scanner;
    const observedAt = this.#believable(at);
    // What has no time came last; a time that cannot be believed is older than any other.
    const orderAt = Number.isNaN(at) ? this.#receivedAt : Number.isNaN(observedAt) ? -Infinity : at;
    const position = this.#placeOf(series, fields);
    for (let i = 0; i < fields; i++) {
      const { use } = this.#fields[i]!;
      if (use.is === "sample" && !this.#isText[i]) {
        if (use.sensor.add(this.#values[i]!, orderAt, finer, observedAt, position))
          this.#touched.push(use.sensor);
      } else this.#leaveOut(this.#fields[i]!, series);
    }
  }

  #leaveOut({ name, use }: Field, series: Series): void {
    switch (use.is) {
      case "sample":
        if (series.meaning?.rule === null)
          return this.#note("line-unmapped", "info", () => `${fieldText(series, name)}: a text`);
        return this.#note(
          "line-not-number",
          "error",
          () => `${fieldText(series, name)}: a text, expected a number`,
        );
      case "no-id":
        return this.#note(
          "line-no-id",
          "error",
          () => `${fieldText(series, name)}: expected the tags ${series.meaning?.rule?.id.join(", ")}`,
        );
      case "unmapped":
        return this.#note("line-unmapped", "info", () => `${fieldText(series, name)}: no rule names it`);
      case "lon":
      case "lat":
        return;
    }
  }

  /** The line's own time, NaN with a notice when it has none or none that can be believed. */
  #believable(at: number): number {
    if (Number.isNaN(at)) {
      this.#note(
        "line-no-time",
        "warning",
        () => "no timestamp, expected one; the age of its values is not known",
      );
      return at;
    }
    if (at >= earliestSensibleAt && at <= this.#receivedAt + clockSkewMs) return at;
    const isEarly = at < earliestSensibleAt;
    this.#note(isEarly ? "line-early" : "line-future", "warning", () => {
      const found = Math.abs(at) <= 8.64e15 ? isoText(at) : `${at} ms`;
      const expected = isEarly ? "after 2000" : `not after it was received, ${isoText(this.#receivedAt)}`;
      return `time ${found}, expected ${expected}; perhaps the precision is another one`;
    });
    return Number.NaN;
  }

  #placeOf({ meaning }: Series, fields: number): Position | null {
    if (meaning === null || (meaning.place === null && !meaning.placeInFields)) return null;
    let [lon, lat] = meaning.place ?? [undefined, undefined];
    if (meaning.placeInFields)
      for (let i = 0; i < fields; i++) {
        const { is } = this.#fields[i]!.use;
        if (is === "lon") lon = this.#values[i];
        if (is === "lat") lat = this.#values[i];
      }
    const place = judgePlace(lon, lat, this.#feed.bounds);
    if (typeof place !== "string") return place;
    this.#note(
      `line-place-${place}`,
      place === "missing" ? "info" : "warning",
      () => `place ${quote(lon)}, ${quote(lat)}: expected ${placeExpectation(place)}`,
    );
    return null;
  }

  /** Quotes the key of the line and none of its values. */
  #refuse(fault: LineFault): void {
    const { line, bytes, keyStart, keyEnd } = this.#scanner;
    const key = new TextDecoder().decode(bytes.subarray(keyStart, Math.min(keyEnd, keyStart + 80)));
    const reason = `unable to parse ${quote(key)}: ${fault}`;
    this.refused = this.refused
      ? { ...this.refused, count: this.refused.count + 1 }
      : { count: 1, line, reason };
    this.#note("line-syntax", "error", () => reason);
  }

  #note(code: string, severity: "info" | "warning" | "error", example: () => string): void {
    const { line } = this.#scanner;
    this.notices.add(code, severity, () => `${this.#part.name} line ${line}: ${example()}`);
  }
}

function fieldText({ meaning, key }: Series, name: Uint8Array): string {
  const utf8 = new TextDecoder();
  const measurement = meaning?.measurement ?? utf8.decode(key.subarray(0, 60)).split(/(?<!\\),/)[0];
  return `field ${quote(utf8.decode(name.subarray(0, 60)))} of ${quote(measurement)}`;
}

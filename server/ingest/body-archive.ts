/**
 * Raw bodies aside, by the city's day, for as many days as the feed asks for: plain gzip files that people and
 * `citydeck inspect` can open, and from which the day's counters are rebuilt after a restart.
 */

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { cityDate, startOfCityDate, startOfDay } from "../../shared/city-time.ts";
import type { Log } from "./wiring.ts";

export interface ArchivedBody {
  /** When it was received, city time. */
  readonly at: number;
  readonly part: string;
  readonly bytes: Uint8Array;
}

export interface FoundBody extends ArchivedBody {
  /** How many bodies of the same part were received at the same millisecond and after this one. */
  readonly more: number;
}

export interface BodyArchive {
  /** Resolves when the body is on disk. Rejects when the disk refuses it or is too slow to take more. */
  add(body: ArchivedBody): Promise<void>;
  /** Today's bodies, oldest first; what cannot be read is logged and left out. */
  today(now: number): AsyncIterable<FoundBody>;
  /** City dates of which there are bodies, ascending. */
  dates(): Promise<readonly string[]>;
  /** As `today`, of any day. */
  day(date: string): AsyncIterable<FoundBody>;
  /** The newest body of each part of a day. */
  newestOf(date: string): AsyncIterable<FoundBody>;
}

export interface ArchiveOptions {
  readonly folder: string;
  readonly feedId: string;
  readonly zone: string;
  readonly days: number;
  readonly maxBodyBytes: number;
  readonly log: Log;
}

const mostWaitingBytes = 64 << 20;
const compress = promisify(gzip);
const decompress = promisify(gunzip);

export function openBodyArchive(options: ArchiveOptions): BodyArchive {
  const { folder, zone } = options;
  let waitingBytes = 0;
  let currentDate: string | null = null;
  let work: Promise<void> = Promise.resolve();

  const write = async ({ at, part, bytes }: ArchivedBody): Promise<void> => {
    const date = cityDate(at, zone);
    if (date !== currentDate) {
      await mkdir(folder, { recursive: true });
      await removeOldDays(options, date);
      currentDate = date;
    }
    const path = freePath(join(folder, date), at, part);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, await compress(bytes, { level: 4 }));
    await rename(`${path}.new`, path);
  };

  return {
    add(body) {
      if (waitingBytes > mostWaitingBytes)
        return Promise.reject(new Error(`the disk is too slow: ${waitingBytes} bytes wait to be kept aside`));
      waitingBytes += body.bytes.byteLength;
      const written = work.then(() => write(body));
      work = written
        .catch(() => undefined)
        .then(() => {
          waitingBytes -= body.bytes.byteLength;
        });
      return written;
    },
    today: (now) => readDay(options, cityDate(startOfDay(now, zone), zone)),
    async dates() {
      const names = await readdir(folder).catch(() => []);
      return names.filter((name) => isDate.test(name)).toSorted();
    },
    day: (date) => readDay(options, date),
    newestOf: (date) => readDay(options, date, newestOfParts),
  };
}

const isDate = /^\d{4}-\d{2}-\d{2}$/;

interface NamedBody {
  readonly name: string;
  readonly at: number;
  readonly nth: number;
  readonly part: string;
}

function newestOfParts(bodies: readonly NamedBody[]): readonly NamedBody[] {
  return [...new Map(bodies.map((body) => [body.part, body])).values()].toSorted((a, b) => a.at - b.at);
}

async function* readDay(
  options: ArchiveOptions,
  date: string,
  choose: (bodies: readonly NamedBody[]) => readonly NamedBody[] = (bodies) => bodies,
): AsyncIterable<FoundBody> {
  const { folder, maxBodyBytes, log, feedId } = options;
  const names = await readdir(join(folder, date), { recursive: true }).catch(() => []);
  const bodies = names.flatMap((name) => {
    const body = readFileName(name);
    return body === null ? [] : [{ name, ...body }];
  });
  const most = new Map<string, number>();
  for (const { at, part, nth } of bodies)
    most.set(`${at} ${part}`, Math.max(nth, most.get(`${at} ${part}`) ?? 0));
  for (const { name, at, part, nth } of choose(bodies.sort((a, b) => a.at - b.at || a.nth - b.nth))) {
    try {
      const packed = await readFile(join(folder, date, name));
      const bytes = await decompress(packed, { maxOutputLength: maxBodyBytes });
      yield { at, part, bytes, more: most.get(`${at} ${part}`)! - nth };
    } catch (error) {
      log.warn({ feed: feedId, date, name, error: String(error) }, "kept body cannot be read");
    }
  }
}

/** Keeps today and the days before it that the feed asks for. */
async function removeOldDays(
  { folder, days, zone, log, feedId }: ArchiveOptions,
  today: string,
): Promise<void> {
  const dates = (await readdir(folder)).filter((name) => isDate.test(name) && name <= today);
  const oldestAt = startOfCityDate(today, zone) - (days - 1) * 24 * 3_600_000;
  // Noon, so that a day of 23 or 25 hours does not fall on the wrong side.
  const oldest = cityDate(oldestAt + 12 * 3_600_000, zone);
  for (const date of dates.filter((name) => name < oldest)) {
    await rm(join(folder, date), { recursive: true, force: true });
    log.info({ feed: feedId, date }, "kept bodies of a day removed");
  }
}

/** File systems end names at 255 bytes. */
const longestName = 200;

/** The first of the names of a body that is not taken: messages come faster than milliseconds pass. */
function freePath(folder: string, at: number, part: string): string {
  for (let nth = 1; ; nth++) {
    const path = join(folder, fileName(at, nth, part));
    if (!existsSync(path)) return path;
  }
}

/**
 * `20261123T101500.123Z-station_status.gz`, of the second body of that millisecond `20261123T101500.123Z.2-…`; a name that
 * no file may have goes on as folders.
 */
function fileName(at: number, nth: number, part: string): string {
  const iso = new Date(at).toISOString().replaceAll(/[-:]/g, "");
  const name = `${iso}${nth === 1 ? "" : `.${nth}`}-${encodeURIComponent(part)}.gz`;
  const pieces = Math.ceil(name.length / longestName);
  return Array.from({ length: pieces }, (_, i) => name.slice(i * longestName, (i + 1) * longestName)).join(
    "/",
  );
}

function readFileName(
  path: string,
): { readonly at: number; readonly nth: number; readonly part: string } | null {
  const name = path.replaceAll(sep, "");
  const found = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2}\.\d{3})Z(?:\.(\d{1,9}))?-(.+)\.gz$/.exec(name);
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, nth = "1", part] = found;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  try {
    return Number.isNaN(at) ? null : { at, nth: Number(nth), part: decodeURIComponent(part!) };
  } catch {
    // Somebody else's file.
    return null;
  }
}

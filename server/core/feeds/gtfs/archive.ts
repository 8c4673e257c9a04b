import { unzipSync } from "fflate";
import { fail, ok, type Result } from "../../../../shared/result.ts";
import type { Notices } from "../../../../shared/notice.ts";
import type { Failure } from "../connector.ts";

/** What a timetable may cost, inflated. A large metropolitan feed stays below; a ZIP bomb does not. */
export interface ArchiveLimits {
  readonly entries: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
}

export const archiveLimits: ArchiveLimits = { entries: 2_000, fileBytes: 384 << 20, totalBytes: 768 << 20 };

/** One deflated byte gives at most this many (RFC 1951). */
const mostDeflate = 1_032;

/** Thrown out of the ZIP library's walk over the directory, and caught right here. */
class TooLarge extends Error {}

/**
 * The wanted tables of a GTFS ZIP by file stem (`stop_times`). Sizes are checked in the ZIP's directory before
 * anything is inflated, and a file that lies about its size fills no more than it declared.
 */
export function openArchive(
  bytes: Uint8Array,
  wanted: ReadonlySet<string>,
  notices: Notices,
  limits: ArchiveLimits = archiveLimits,
): Result<ReadonlyMap<string, Uint8Array>, Failure> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    return fail({ class: "unreadable", message: `expected a ZIP (PK…), got ${describeStart(bytes)}` });
  }
  const declared = new Map<string, number>();
  try {
    const files = unzipSync(bytes, { filter: chooser(wanted, bytes.length, declared, notices, limits) });
    return ok(byStem(files, declared, notices));
  } catch (error) {
    if (error instanceof TooLarge) return fail({ class: "too-large", message: error.message });
    return fail({
      class: "unreadable",
      message: `broken ZIP: ${error instanceof Error ? error.message : "?"}`,
    });
  }
}

interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly originalSize: number;
}

function chooser(
  wanted: ReadonlySet<string>,
  archiveBytes: number,
  declared: Map<string, number>,
  notices: Notices,
  limits: ArchiveLimits,
): (entry: ZipEntry) => boolean {
  let entries = 0;
  let total = 0;
  const stems = new Set<string>();
  return (entry) => {
    if (++entries > limits.entries) throw new TooLarge(`more than ${limits.entries} entries in the ZIP`);
    const stem = stemOf(entry.name);
    if (!wanted.has(stem)) return false;
    if (stems.has(stem)) {
      notices.add("gtfs-duplicate-file", "warning", `${entry.name}: a second ${stem}.txt, the first is read`);
      return false;
    }
    stems.add(stem);
    if (entry.size > archiveBytes || entry.originalSize > entry.size * mostDeflate + 64) {
      throw new TooLarge(`${entry.name}: ${entry.originalSize} bytes cannot come out of ${entry.size}`);
    }
    total += entry.originalSize;
    if (!(entry.originalSize <= limits.fileBytes) || !(total <= limits.totalBytes)) {
      throw new TooLarge(
        `${entry.name}: ${entry.originalSize} bytes, expected at most ${limits.fileBytes}, ` +
          `all tables together at most ${limits.totalBytes}`,
      );
    }
    declared.set(entry.name, entry.originalSize);
    return true;
  };
}

function byStem(
  files: Readonly<Record<string, Uint8Array>>,
  declared: ReadonlyMap<string, number>,
  notices: Notices,
): Map<string, Uint8Array> {
  const tables = new Map<string, Uint8Array>();
  for (const [name, content] of Object.entries(files)) {
    if (content.length !== declared.get(name)) {
      notices.add(
        "gtfs-file-cut",
        "error",
        `${name}: ${content.length} bytes, its directory says ${declared.get(name)}`,
      );
    }
    if (name.includes("/")) {
      notices.add("gtfs-files-in-folder", "info", `${name}: expected at the top of the ZIP`);
    }
    tables.set(stemOf(name), content);
  }
  return tables;
}

/** `stop_times` of `stop_times.txt` or `feed/stop_times.txt`; "" for what is no table. */
function stemOf(name: string): string {
  if (name.startsWith("__MACOSX/")) return "";
  const file = name.slice(name.lastIndexOf("/") + 1);
  return file.endsWith(".txt") ? file.slice(0, -4) : "";
}

function describeStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return "nothing";
  const start = Array.from(bytes.subarray(0, 16), (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".",
  );
  return JSON.stringify(start.join(""));
}

/**
 * A recording as steps in its own time: either snapshots (one file each, whole bodies of the feed's parts) or one
 * file that holds a whole time span, which the connector takes apart (`Connector.play`).
 */

import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { localToInstant } from "../../shared/city-time.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { Connector, ConnectorFeed, Playback, Update } from "../core/feeds/connector.ts";
import type { Transport } from "../core/feeds/feed-entry.ts";
import { crash, createPartDecoder, type PartFault } from "./part-decoder.ts";
import type { RecordedSpan } from "./replay-window.ts";
import { readLimited } from "./watch-files.ts";

/** All instants here are the recording's own. */
export interface RecordedStep {
  readonly at: number;
  readonly part: string;
  readonly url: string;
  /** `null`: as the body says. */
  readonly mode: Update["mode"] | null;
  read(): Promise<Result<Uint8Array, PartFault>>;
}

export interface Recording {
  /** What was known at `at`: the newest word of every part, without rows that had their last word before `sinceAt`. */
  stateAt(at: number, sinceAt: number): readonly RecordedStep[];
  /** What became known in `afterAt < at <= untilAt`, oldest first. */
  stepsBetween(afterAt: number, untilAt: number): Iterable<RecordedStep>;
  /** The parts that were recorded as rows, where silence means that nothing happened. */
  readonly rowParts: readonly string[];
}

type ReplayTransport = Transport & { readonly type: "replay" };

/** Opens the recordings of `transport`; a recording that names a folder stands for the files in it. */
export async function openRecording(
  transport: ReplayTransport,
  connector: Connector,
  feed: ConnectorFeed,
): Promise<{
  readonly recording: Recording;
  readonly faults: readonly (PartFault & { readonly part: string })[];
}> {
  const faults: (PartFault & { part: string })[] = [];
  const parts: Recording[] = [];
  for (const [part, paths] of await listFiles(transport, (part, fault) => faults.push({ part, ...fault }))) {
    const opened = await openPart(part, paths, transport, connector, feed);
    if (opened.ok) parts.push(opened.value);
    else faults.push({ part, ...opened.failure });
  }
  return { recording: together(parts), faults };
}

async function listFiles(
  transport: ReplayTransport,
  onFault: (part: string, fault: PartFault) => void,
): Promise<Map<string, string[]>> {
  const byPart = new Map<string, string[]>();
  for (const { name, path } of transport.recordings) {
    const paths = byPart.get(name) ?? [];
    byPart.set(name, paths);
    try {
      const found = await recordedFiles(path);
      paths.push(...found);
      if (found.length === 0)
        onFault(name, { class: "missing", message: `${name}: there is no file in the folder ${path}` });
    } catch (error) {
      const why = String((error as NodeJS.ErrnoException).code);
      onFault(name, { class: "missing", message: `${name}: there is no recording ${path} (${why})` });
    }
  }
  return new Map([...byPart].filter(([, paths]) => paths.length > 0));
}

/** The file at `path`, or those directly in the folder there, in the order of their names. Rejects when nothing is there. */
export async function recordedFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(path, entry.name))
    .sort();
}

async function openPart(
  part: string,
  paths: readonly string[],
  transport: ReplayTransport,
  connector: Connector,
  feed: ConnectorFeed,
): Promise<Result<Recording, PartFault>> {
  const [path] = paths;
  if (paths.length > 1 || path === undefined || connector.play === undefined)
    return openSnapshots(part, paths, transport, connector, feed);
  const read = await readLimited({ name: part, path }, transport.maxBytes);
  if (!read.ok) return read;
  let played;
  try {
    played = connector.play({ name: part, url: path, bytes: read.value.bytes }, feed);
  } catch (error) {
    return fail(crash(`taking the recording ${part} apart`, error));
  }
  if (!played.ok) return played;
  return played.value.span === null
    ? openSnapshots(part, paths, transport, connector, feed)
    : ok(rows(part, path, played.value));
}

function rows(part: string, path: string, playback: Playback): Recording {
  const step = ({
    at,
    mode,
    bytes,
  }: {
    at: number;
    mode: Update["mode"];
    bytes: Uint8Array;
  }): RecordedStep => ({ at, part, url: path, mode, read: () => Promise.resolve(ok(bytes)) });
  return {
    stateAt: (at, sinceAt) => [step(playback.stepAt(at, sinceAt))],
    *stepsBetween(afterAt, untilAt) {
      for (const each of playback.stepsBetween(afterAt, untilAt)) yield step(each);
    },
    rowParts: [part],
  };
}

/** A single snapshot stands at the window's start; several need a time each, in the file name or the body's header. */
async function openSnapshots(
  part: string,
  paths: readonly string[],
  transport: ReplayTransport,
  connector: Connector,
  feed: ConnectorFeed,
): Promise<Result<Recording, PartFault>> {
  const { fromAt, maxBytes } = transport;
  const step = (path: string, at: number): RecordedStep => ({
    at,
    part,
    url: path,
    mode: null,
    async read() {
      const read = await readLimited({ name: part, path }, maxBytes);
      return read.ok ? ok(read.value.bytes) : read;
    },
  });
  if (paths.length === 1) return ok(snapshots([step(paths[0]!, fromAt)], transport));
  const steps: RecordedStep[] = [];
  for (const path of paths) {
    const at = timeInFileName(basename(path)) ?? (await publishedAt(step(path, fromAt), connector, feed));
    if (at !== null) steps.push(step(path, at));
  }
  if (steps.length === 0) {
    const message = `${part}: none of the ${paths.length} recorded files tells when it was recorded`;
    return fail({ class: "settings", message });
  }
  steps.sort((a, b) => a.at - b.at);
  if (!steps.some(({ at }) => fromAt <= at && at < transport.toAt)) {
    const span = `${new Date(steps[0]!.at).toISOString()} to ${new Date(steps.at(-1)!.at).toISOString()}`;
    return fail({
      class: "settings",
      message: `${part}: recorded from ${span}, outside the declared window`,
    });
  }
  return ok(snapshots(steps, transport));
}

/** `steps` in order of time. The newest from before the window is what the window starts with. */
function snapshots(steps: readonly RecordedStep[], { fromAt }: RecordedSpan): Recording {
  const newestAt = (at: number): RecordedStep | undefined => steps.findLast((step) => step.at <= at);
  return {
    stateAt(at) {
      const step = newestAt(at);
      return step === undefined ? [] : [step.at < fromAt ? { ...step, at: fromAt } : step];
    },
    stepsBetween: (afterAt, untilAt) => steps.filter(({ at }) => afterAt < at && at <= untilAt),
    rowParts: [],
  };
}

function together(parts: readonly Recording[]): Recording {
  return {
    stateAt: (at, sinceAt) => parts.flatMap((part) => part.stateAt(at, sinceAt)),
    stepsBetween: (afterAt, untilAt) =>
      parts.flatMap((part) => [...part.stepsBetween(afterAt, untilAt)]).sort((a, b) => a.at - b.at),
    rowParts: parts.flatMap((part) => part.rowParts),
  };
}

async function publishedAt(
  step: RecordedStep,
  connector: Connector,
  feed: ConnectorFeed,
): Promise<number | null> {
  const read = await step.read();
  if (!read.ok) return null;
  const part = { name: step.part, url: step.url, bytes: read.value };
  // What has to be stripped is a list of events, which tells no time of its own.
  if (connector.strip !== undefined) return null;
  const decoded = createPartDecoder(connector, feed, String).decode(part, step.at);
  return decoded.ok ? decoded.value.publishedAt : null;
}

const compactTime = /(?<!\d)(\d{4})(\d{2})(\d{2})[T_-]?(\d{2})(\d{2})(\d{2})(Z|[+-]\d{4})?(?!\d)/;
const epochTime = /(?<!\d)(1\d{9})(\d{3})?(?!\d)/;

/**
 * The instant in a file name: ISO 8601 basic (`20240411T001718Z`, `20230529T140324-0400`, `20240411001718`), UTC when
 * it names no offset, or epoch seconds or milliseconds; `null` when there is none.
 */
export function timeInFileName(name: string): number | null {
  const compact = compactTime.exec(name);
  if (compact !== null) {
    const [year, month, day, hour, minute, second] = compact.slice(1, 7).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const offset = compact[7] ?? "Z";
    const zone = offset === "Z" ? "UTC" : `${offset.slice(0, 3)}:${offset.slice(3)}`;
    try {
      return localToInstant({ year, month, day, hour, minute, second }, zone);
    } catch {
      return null;
    }
  }
  const epoch = epochTime.exec(name);
  return epoch === null ? null : Number(epoch[1]) * 1_000 + Number(epoch[2] ?? 0);
}

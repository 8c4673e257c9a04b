/** `citydeck doctor URL|FILE`: guesses a feed's standard, says what is in it and what it owes, proposes its entry. */

import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { completenessOf, gradeOf, grades, requirements, type Graded } from "../../shared/grade.ts";
import type { Inspection } from "../../shared/inspection.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { Notice } from "../../shared/notice.ts";
import type { Part } from "../core/feeds/connector.ts";
import { passingKeyedHash } from "../keyed-hash.ts";
import { guessSpec, type Guess, type Guesses } from "../core/feeds/guess.ts";
import { connectorFor } from "../core/feeds/index.ts";
import { bareFeed, decodeInItsTime, inspectUpdate } from "../core/feeds/inspection.ts";
import { noticeSums } from "../core/feeds/notice-sums.ts";
import { findRule, ruleTableOf } from "../core/feeds/rules.ts";
import { httpGet, openAgent, parseHttpUrl, withoutSecrets } from "../ingest/http-get.ts";
import type { PartFault } from "../ingest/part-decoder.ts";
import { userAgent } from "../user-agent.ts";
import { adviceFor } from "./advice.ts";
import { asText } from "./inspect.ts";

/** Only to read logs: nothing of it is kept. */
const hash = passingKeyedHash();
/** Parts that a link leads to, and how long and how large each may be. */
const mostParts = 6;
const timeoutMs = 30_000;
const maxBytes = 64 << 20;

/** What the doctor found. */
export interface Diagnosis {
  readonly source: string;
  readonly spec: Guess["spec"] | null;
  readonly reason: string;
  readonly others: Guesses["others"];
  readonly parts: readonly Inspection[];
  /** Parts that could not be had or read, and why. */
  readonly faults: readonly string[];
  readonly graded: Graded | null;
  /** What it seems to be, where it is no feed, and what to try. */
  readonly advice: readonly string[];
  /** `feeds/<id>.json`, to be completed with department, title and agreement. */
  readonly entry: FeedProposal | null;
}

type FeedProposal = Readonly<Record<string, unknown>>;

export async function doctor(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  const [source, ...rest] = positionals;
  if (source === undefined || rest.length > 0)
    throw new Error("expected one link or one file: doctor URL|FILE");
  const diagnosis = await diagnose(source, Date.now());
  process.stdout.write(values.json ? `${JSON.stringify(diagnosis)}\n` : diagnosisText(diagnosis));
  return diagnosis.spec === null ? 1 : 0;
}

/** Reads a link or a file and says all there is to say. Throws when it cannot be had at all. */
export async function diagnose(source: string, now: number): Promise<Diagnosis> {
  const url = /^https?:\/\//i.test(source) ? parseHttpUrl(source) : null;
  const shown = url === null ? source : withoutSecrets(source);
  const get = url === null ? null : getterFor(url);
  try {
    const first = get === null ? ok(await readFilePart(source)) : await get(source, "body");
    const guesses = first.ok ? guessSpec(first.value, shown, now, hash) : { best: null, others: [] };
    if (guesses.best !== null)
      return await diagnosisOf(guesses.best, guesses.others, { source, url, get, now });
    // Whoever could not be reached, or must not be, is not asked for more.
    const mayAskMore = first.ok || first.failure.class === "http";
    const base = url === null || get === null || !mayAskMore ? null : await findBase(url, get, now);
    if (base !== null)
      return await diagnosisOf(base.guess, base.others, { source: base.url.href, url: base.url, get, now });
    if (!first.ok) throw new Error(first.failure.message);
    return {
      source: shown,
      spec: null,
      reason: "no connector can read it",
      others: guesses.others,
      parts: [],
      faults: [],
      graded: null,
      advice: adviceFor(first.value),
      entry: null,
    };
  } finally {
    await get?.close();
  }
}

interface Asked {
  readonly source: string;
  readonly url: URL | null;
  readonly get: Getter | null;
  readonly now: number;
}

async function diagnosisOf(
  best: Guess,
  others: Guesses["others"],
  { source, url, get, now }: Asked,
): Promise<Diagnosis> {
  const shown = url === null ? source : withoutSecrets(source);
  const { parts, faults } = await followed(best, shown, get, now);
  const all = [best.inspection, ...parts];
  return {
    source: shown,
    spec: best.spec,
    reason: best.reason,
    others,
    parts: all,
    faults,
    graded: gradeOfParts(best, all, faults, now),
    advice: best.spec === "table" ? [tableAdvice] : [],
    entry: proposal(source, url, best, all),
  };
}

const tableAdvice =
  "It follows no standard that Citydeck knows. The entry below guesses what its columns mean: look at kind, id, time and fields before you use it.";

/**
 * A link may be where an interface begins, which answers nothing of use itself: asked as each standard that has such
 * addresses would ask it. The link is then the feed's own URL, but for GBFS, whose files have names.
 */
async function findBase(
  url: URL,
  get: Getter,
  now: number,
): Promise<{ readonly url: URL; readonly guess: Guess; readonly others: Guesses["others"] } | null> {
  for (const spec of ["gbfs", "open311", "sensorthings", "ngsi"] as const) {
    const entry = spec === "gbfs" ? within(url, "gbfs.json") : url;
    const feed = { ...bareFeed(spec), url: entry.href };
    const [ask] = connectorFor(spec).next(feed, null, now);
    const part = ask === undefined ? null : await get(ask.url, ask.name, ask.headers);
    if (part?.ok !== true) continue;
    const { best, others } = guessSpec(part.value, withoutSecrets(ask!.url), now, hash);
    if (best?.spec === spec) return { url: entry, guess: best, others };
  }
  return null;
}

/** The address of a file in the folder that the link is. */
function within(url: URL, file: string): URL {
  const inside = new URL(url);
  inside.pathname = `${inside.pathname.replace(/\/+$/, "")}/${file}`;
  return inside;
}

async function readFilePart(path: string): Promise<Part> {
  if (/^[a-z]+:\/\//i.test(path))
    throw new Error(`expected a link with http or https, or a file, found "${path}"`);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new Error(`${path}: there is no such file`, { cause: error });
    if (error.code === "EISDIR")
      throw new Error(`${path} is a folder: name one of its files`, { cause: error });
    throw error;
  });
  return { name: basename(path).replace(/\.[^.]+$/, ""), url: pathToFileURL(path).href, bytes };
}

interface Getter {
  (url: string, name: string, headers?: Readonly<Record<string, string>>): Promise<Result<Part, PartFault>>;
  close(): Promise<void>;
}

/** Who names an address means it, be it inside; where its answers lead must be outside, or there again. */
function getterFor({ hostname, port, protocol }: URL): Getter {
  const named = `${hostname}:${port === "" ? (protocol === "https:" ? 443 : 80) : port}`;
  const agent = openAgent(timeoutMs, { outgoing: { allowHosts: [named], userAgent: userAgent(undefined) } });
  const get = async (
    url: string,
    name: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Result<Part, PartFault>> => {
    const answer = await httpGet(url, {
      userAgent: userAgent(undefined),
      headers,
      etag: null,
      lastModified: null,
      timeoutMs,
      maxBytes,
      signal: new AbortController().signal,
      agent,
      wallNow: Date.now,
    });
    if (!answer.ok) return answer;
    if (answer.value.type !== "body")
      return fail({ class: "http", message: `${withoutSecrets(url)}: answered without a body` });
    return ok({ name, url: answer.value.url, bytes: answer.value.bytes });
  };
  return Object.assign(get, { close: () => agent.close() });
}

/** The parts that a link leads to: the files of a GBFS system, the pages of a list, the alerts of an Atom feed. */
async function followed(
  { spec, feed, update }: Guess,
  source: string,
  get: Getter | null,
  now: number,
): Promise<{ parts: Inspection[]; faults: string[] }> {
  const links = update.follow ?? [];
  const parts: Inspection[] = [];
  const faults: string[] = [];
  for (const { name, url } of get === null ? [] : links.slice(0, mostParts)) {
    const part = await get!(url, name);
    if (!part.ok) {
      faults.push(part.failure.message);
      continue;
    }
    const decoded = decodeInItsTime(connectorFor(spec), part.value, feed, now, hash);
    if (decoded.ok) parts.push(inspectUpdate(withoutSecrets(url), spec, decoded.value));
    else faults.push(`${withoutSecrets(url)}: ${decoded.failure.message}`);
  }
  const left = links.length - (get === null ? 0 : Math.min(links.length, mostParts));
  if (left > 0) faults.push(`${source}: ${left} of ${links.length} links were not followed`);
  return { parts, faults };
}

/** What can be graded from outside: nobody knows the owner, the agreement or the pace from one look. */
function gradeOfParts(
  best: Guess,
  parts: readonly Inspection[],
  faults: readonly string[],
  now: number,
): Graded {
  const { spec } = best;
  const things = parts
    .flatMap(({ entities }) => Object.values(entities))
    .reduce((sum, count) => sum + count, 0);
  const { errors, warnings, timeFaults } = noticeSums(
    spec,
    parts.flatMap(({ notices }) => notices),
  );
  return gradeOf({
    status: newestAt(parts, now) + staleAfter(cadenceOf(best)) * 1_000 < now ? "stale" : "fresh",
    hasError: faults.some((fault) => !fault.endsWith("were not followed")),
    department: null,
    licence: licenceIn(parts),
    agreement: null,
    onTimePercent: null,
    errors,
    warnings,
    timeFaults,
    completeness: completenessOf(things, errors),
    promisedCompleteness: null,
    version: parts.findLast(({ version }) => version !== null)?.version ?? null,
    newestVersion: ruleTableOf(spec).newestVersion,
  });
}

/** GBFS says its licence in a file of its own. */
function licenceIn(parts: readonly Inspection[]): string | null {
  const said = noticesOf(parts).find(({ code }) => code === "gbfs-system")?.example;
  return /licence "([^"]+)"/.exec(said ?? "")?.[1] ?? null;
}

function noticesOf(parts: readonly Inspection[]): Notice[] {
  return parts.flatMap(({ notices }) => notices);
}

/** The newest time that a body says of itself or of a thing, epoch milliseconds; `now` when none says any. */
function newestAt(parts: readonly Inspection[], now: number): number {
  const times = parts.flatMap(({ headerAt, observedTo }) => headerAt ?? observedTo ?? []);
  return times.length === 0 ? now : Math.max(...times.map((time) => Date.parse(time)));
}

/** How often feeds of a standard promise news, in seconds, where they do not say it themselves. */
const usualCadence: Readonly<Record<string, number>> = {
  gbfs: 60,
  "gtfs-rt": 30,
  gtfs: 86_400,
  cap: 60,
  wzdx: 60,
};

/** A feed may promise more than anybody should ask for. */
const shortestPaceSeconds = 15;

/** In seconds. */
function cadenceOf({ spec, update }: Guess): number {
  return Math.max(shortestPaceSeconds, update.goodForSeconds ?? usualCadence[spec] ?? 300);
}

/** One late word, or one that is lost, makes nothing stale. */
function staleAfter(cadenceSeconds: number): number {
  return 3 * cadenceSeconds;
}

function proposal(source: string, url: URL | null, best: Guess, parts: readonly Inspection[]): FeedProposal {
  const cadenceSeconds = cadenceOf(best);
  const id = idFor(source, url, best.spec);
  return {
    version: 1,
    id,
    title: { en: id, zh: id },
    spec: best.spec,
    transport:
      url === null
        ? { type: "file", files: [{ name: basename(source).replace(/\.[^.]+$/, ""), path: resolve(source) }] }
        : { type: "poll", url: url.href, everySeconds: Math.min(cadenceSeconds, 3_600) },
    department: "unknown",
    licence: licenceIn(parts) ?? "unknown",
    cadenceSeconds,
    staleAfterSeconds: staleAfter(cadenceSeconds),
    ...(Object.keys(best.feed.options as object).length > 0 ? { options: best.feed.options } : {}),
  };
}

/** A name from the host or the file: `bikes-example-gbfs`. */
function idFor(source: string, url: URL | null, spec: string): string {
  const from =
    url === null ? basename(source).replace(/\.[^.]+$/, "") : url.hostname.replace(/^(www|api|data)\./, "");
  const words = from
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  return [...words.slice(0, 4), spec].join("-");
}

/** The diagnosis for people: what else it might be, and why it is none of all there are only where it is none. */
export function diagnosisText({
  source,
  spec,
  reason,
  others,
  parts,
  faults,
  graded,
  advice,
  entry,
}: Diagnosis): string {
  if (spec === null || graded === null) {
    const refusals = others.map((other) => `  not ${other.spec}: ${other.reason}`);
    return [`${source}: ${reason}`, ...advice.map((line) => `  ${line}`), "", ...refusals, ""].join("\n");
  }
  const meaningOf = (code: string): string | null => {
    const rule = findRule(spec, code);
    return rule ? `${rule.meaning.en} (${rule.basis})` : null;
  };
  const missing = new Set<string>(graded.missing.map(({ id }) => id));
  return [
    `${source}: ${reason}`,
    ...others.filter(({ isPossible }) => isPossible).map((other) => `  it also ${other.reason}`),
    "",
    ...parts.map((part) => asText(part, meaningOf)),
    ...faults.map((fault) => `  fault: ${fault}`),
    ...advice,
    "",
    `Grade: ${graded.grade ?? "none yet"}. Pace, owner and agreement show only in a city.`,
    ...grades.flatMap((grade) =>
      requirements
        .filter((requirement) => requirement.grade === grade)
        .map(({ id, meaning }) => `  ${missing.has(id) ? "–" : "✓"} ${grade} ${id}: ${meaning.en}`),
    ),
    "",
    `Proposed entry, feeds/${String(entry?.["id"])}.json; complete title, department, licence and agreement:`,
    JSON.stringify(entry, null, 2),
    "",
  ].join("\n");
}

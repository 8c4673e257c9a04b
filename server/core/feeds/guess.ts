/** Which standard a body follows: every connector tries, and says what came of it. */

import type { Spec } from "../../../shared/feed.ts";
import type { Inspection } from "../../../shared/inspection.ts";
import { fail, type Result } from "../../../shared/result.ts";
import type { ConnectorFeed, Failure, KeyedHash, Part, Update } from "./connector.ts";
import { connectorFor } from "./index.ts";
import { bareFeed, decodeInItsTime, inspectUpdate } from "./inspection.ts";
import { listRuleTables } from "./rules.ts";
import { guessTable } from "./table/guess.ts";

export interface Guess {
  readonly spec: Spec;
  readonly feed: ConnectorFeed;
  readonly update: Update;
  readonly inspection: Inspection;
  /** Why this standard, in a sentence. */
  readonly reason: string;
}

export interface Guesses {
  readonly best: Guess | null;
  readonly others: readonly Other[];
}

/** What another standard's connector made of the body. */
export interface Other {
  readonly spec: Spec;
  /** Whether it finds anything in it, so that it might be that one after all. */
  readonly isPossible: boolean;
  /** What it finds, or why it is none of these. */
  readonly reason: string;
}

/** The bodies of these are made by our own transports: nobody publishes them. */
const ownBodies: ReadonlySet<Spec> = new Set(["probe", "sql"]);

/** Notices that count entries of the standard which are no things: of services, or of entities without a figure. */
const recognised: ReadonlySet<string> = new Set(["ngsi-entities", "open311-services"]);

interface Tried {
  readonly guess: Guess;
  readonly score: number;
}

/** `name` is what people call the body; `now` stands in where it tells no time. */
export function guessSpec(part: Part, name: string, now: number, hash: KeyedHash): Guesses {
  const tried: Tried[] = [];
  const refused: Other[] = [];
  for (const { spec } of listRuleTables()) {
    if (ownBodies.has(spec)) continue;
    const feed = feedFor(spec, part);
    const decoded =
      typeof feed === "string" ? fail({ class: "unreadable", message: feed }) : tryOut(part, feed, now, hash);
    if (!decoded.ok || typeof feed === "string") {
      refused.push({ spec, isPossible: false, reason: decoded.ok ? "" : decoded.failure.message });
      continue;
    }
    const inspection = inspectUpdate(name, spec, decoded.value);
    const guess = {
      spec,
      feed,
      update: decoded.value,
      inspection,
      reason: reasonFor(inspection, decoded.value),
    };
    tried.push({ guess, score: scoreOf(inspection, decoded.value) });
  }
  const [best, ...others] = tried.toSorted((a, b) => b.score - a.score);
  if (!best || best.score <= 0)
    return { best: null, others: [...[best, ...others].flatMap(asOther), ...refused] };
  return { best: best.guess, others: [...others.flatMap(asOther), ...refused] };
}

function asOther(tried: Tried | undefined): Other[] {
  if (!tried) return [];
  const { spec, inspection, update, reason } = tried.guess;
  return [{ spec, isPossible: thingsIn(inspection, update) > 0, reason }];
}

/** A feed of the standard with what options can be guessed; a text says why there is none. */
function feedFor(spec: Spec, part: Part): ConnectorFeed | string {
  if (spec === "mqtt") return "a message is read by the topics that its feed declares";
  if (spec !== "table") return bareFeed(spec);
  const options = guessTable(part);
  return typeof options === "string" ? options : bareFeed(spec, options);
}

/** A body of another standard may break what a connector takes for granted of its own: then it is not that one. */
function tryOut(part: Part, feed: ConnectorFeed, now: number, hash: KeyedHash): Result<Update, Failure> {
  try {
    return decodeInItsTime(connectorFor(feed.spec), part, feed, now, hash);
  } catch (error) {
    return fail({ class: "unreadable", message: `cannot be read so: ${String(error)}` });
  }
}

function thingsIn({ entities }: Inspection, update: Update): number {
  const things = Object.values(entities).reduce((sum, count) => sum + count, 0);
  return things + (update.follow?.length ?? 0);
}

function errorsIn({ notices }: Inspection): number {
  return notices.reduce((sum, { severity, count }) => sum + (severity === "error" ? count : 0), 0);
}

/**
 * The share of what it holds that came through, more where the body itself names a version or tells its time. Nothing
 * that came out is no evidence, and a table reads almost anything: it counts least.
 */
function scoreOf(inspection: Inspection, update: Update): number {
  const things = thingsIn(inspection, update);
  // Any text has lines.
  if (things === 0 && inspection.spec === "log") return 0;
  const declared = (inspection.version === null ? 0 : 0.5) + (inspection.headerAt === null ? 0 : 0.2);
  if (things === 0 && inspection.notices.some(({ code }) => recognised.has(code))) return 0.5 + declared;
  if (things === 0) return errorsIn(inspection) > 0 ? declared / 4 : 0.05 + declared / 2;
  const share = things / (things + errorsIn(inspection));
  return inspection.spec === "table" ? share / 4 : share + declared;
}

function reasonFor(inspection: Inspection, { follow = [] }: Update): string {
  const { spec, version, entities } = inspection;
  const counts = Object.entries(entities).map(([kind, count]) => `${count} ${kind}`);
  if (follow.length > 0) counts.push(`${follow.length} links to follow`);
  const errors = errorsIn(inspection);
  const words = `${counts.join(", ") || "nothing in it"}, ${errors === 1 ? "1 error" : `${errors} errors`}`;
  return `reads as ${spec}${version === null ? "" : ` ${version}`}: ${words}`;
}

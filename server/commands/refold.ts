/** `citydeck backfill --from … --to …` and `--lost`: the past measured again from bodies that feeds kept. */

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStretch } from "../http/instants.ts";
import type { Span } from "../history/history.ts";
import type { LostStretch } from "../history/lost.ts";
import { openKeyedHash } from "../keyed-hash.ts";
import { Refold, type Refoldable } from "../refold.ts";
import { withStoppedCity, type StoppedCity } from "./stopped-city.ts";

const minuteMs = 60_000;

interface RefoldValues {
  readonly city?: string | undefined;
  readonly data?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly lost: boolean;
}

/** Exit code 1 when a part could not be measured again. Throws what a person can do about it. */
export function refoldCommand(values: RefoldValues): Promise<number> {
  return withStoppedCity(values, (stopped) =>
    values.lost ? recoverLost(stopped) : measure(stopped, values),
  );
}

/** What the history says that it lost; what was known then is told of then. */
async function recoverLost(stopped: StoppedCity): Promise<number> {
  const { history } = stopped;
  const stretches = history.lostStretches.filter(({ recovered }) => recovered === undefined);
  if (stretches.length === 0) process.stdout.write("Nothing is lost that was not recovered.\n");
  let code = 0;
  for (const stretch of stretches) {
    const can = await refoldSpan(stopped, wholeMinutes(stretch), true);
    if (can.indicators.size === 0) code = 1;
    else await noteRecovered(stopped, stretch, can);
  }
  return code;
}

async function noteRecovered({ history }: StoppedCity, stretch: LostStretch, can: Refoldable): Promise<void> {
  await history.noteRecovered(stretch, { at: Date.now(), indicators: can.indicators.size, of: can.of });
}

async function measure(stopped: StoppedCity, { from, to }: RefoldValues): Promise<number> {
  if (from === undefined || to === undefined) throw new Error("expected both --from and --to");
  const stretch = readStretch({ from, to }, Date.now(), stopped.folder.settings.zone, 0);
  if (!stretch.ok) throw new Error(`--${stretch.failure.detail}`);
  if (stretch.value.toAt > Date.now()) throw new Error(`--to "${to}" has not come yet`);
  const { indicators } = await refoldSpan(stopped, wholeMinutes(stretch.value), false);
  return indicators.size === 0 ? 1 : 0;
}

function wholeMinutes({ fromAt, toAt }: Span): Span {
  return { fromAt: Math.floor(fromAt / minuteMs) * minuteMs, toAt: Math.ceil(toAt / minuteMs) * minuteMs };
}

/** `wasKnown`: what changed then was seen then, so the time machine shows it as known then; else only figures are taken. */
async function refoldSpan(stopped: StoppedCity, span: Span, wasKnown: boolean): Promise<Refoldable> {
  const { folder, dataDir, history, log, signal } = stopped;
  const refold = new Refold({ folder, dataDir, keyedHash: await openKeyedHash(dataDir), log });
  const can = await refold.whatCan(span);
  const name = `${minute(span.fromAt)} to ${minute(span.toAt)}`;
  if (can.lacking.length > 0)
    process.stderr.write(
      `${name}: ${can.indicators.size} of ${can.of} indicators; no bodies of that time are kept of: ${can.lacking.join(", ")} (keepBodiesDays)\n`,
    );
  if (can.indicators.size === 0) return can;
  const ledger = new RefoldLedger(join(dataDir, "history"), `${span.fromAt}-${span.toAt}`);
  const fromAt = ledger.nextAt(span.fromAt);
  if (fromAt >= span.toAt) {
    process.stdout.write(`${name}  nothing that was not measured before\n`);
    return can;
  }
  let rows = 0;
  // It is learnt now, whatever it speaks of: answers as known then do not change.
  const knownAt = Math.max(Date.now(), span.toAt);
  for await (const { at, beganAt, batch } of refold.steps({ ...span, fromAt }, signal)) {
    if (batch) {
      const minutes = { ...batch.minutes, knownAt: batch.minutes.knownAt.map(() => knownAt) };
      await history.append({ ...batch, minutes, ...(wasKnown ? {} : { readings: [], entities: [] }) });
      rows += minutes.at.length;
      ledger.note(at);
    }
    show(name, (at - beganAt) / (span.toAt - beganAt), rows);
  }
  process.stdout.write("\n");
  await history.maintain(Date.now());
  return can;
}

function minute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}

let shown = "";

/** On a terminal the line is written over, elsewhere each tenth has its own. */
function show(name: string, share: number, rows: number): void {
  const percent = Math.floor(100 * share);
  const filled = Math.round(percent / 5);
  const line = `${name}  ${"█".repeat(filled)}${"░".repeat(20 - filled)} ${String(percent).padStart(3)} %  ${rows} rows`;
  const step = process.stdout.isTTY ? line : `${name} ${Math.floor(percent / 10)}`;
  if (step === shown) return;
  shown = step;
  process.stdout.write(process.stdout.isTTY ? `\r${line}` : `${line}\n`);
}

/** Up to when each stretch is on disk: the same command goes on from there. */
class RefoldLedger {
  readonly #path: string;
  readonly #stretch: string;
  readonly #taken: Record<string, number>;

  constructor(dir: string, stretch: string) {
    this.#path = join(dir, "refold.json");
    this.#stretch = stretch;
    try {
      this.#taken = JSON.parse(readFileSync(this.#path, "utf8")) as Record<string, number>;
    } catch {
      this.#taken = {};
    }
  }

  nextAt(otherwise: number): number {
    return this.#taken[this.#stretch] ?? otherwise;
  }

  note(at: number): void {
    this.#taken[this.#stretch] = at;
    writeFileSync(`${this.#path}.part`, JSON.stringify(this.#taken));
    renameSync(`${this.#path}.part`, this.#path);
  }
}

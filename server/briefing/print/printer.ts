/** Documents as PDF by the Chromium of this machine, a process for each, below everything else that runs here. */

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fail, ok, type Result } from "../../../shared/result.ts";
import { findBrowser } from "./find-browser.ts";

/**
 * Why there is no PDF. `no-browser`: none is installed. `busy`: too many wait already. `timed-out`: it hung and was ended.
 * `broken`: it was killed, left no whole document, or there was no room for one.
 */
export type PrintFailure = "no-browser" | "busy" | "timed-out" | "broken";

export interface PrinterOptions {
  readonly browser?: () => string | null;
  /** Processes at once; the next ones wait their turn. */
  readonly atOnce?: number;
  /** How many may wait. */
  readonly waiting?: number;
  readonly withinMs?: number;
  /** Hears of each failure, and of the error behind it where there is one. */
  readonly onFailure?: (failure: PrintFailure, error: unknown) => void;
}

export class Printer {
  readonly #browser: () => string | null;
  readonly #atOnce: number;
  readonly #mayWait: number;
  readonly #withinMs: number;
  readonly #onFailure: (failure: PrintFailure, error: unknown) => void;
  readonly #turns: (() => void)[] = [];
  readonly #stopping = new AbortController();
  #running = 0;

  constructor({
    browser = () => findBrowser(),
    atOnce = 2,
    waiting = 30,
    withinMs = 30_000,
    onFailure = () => undefined,
  }: PrinterOptions = {}) {
    this.#browser = browser;
    this.#atOnce = atOnce;
    this.#mayWait = waiting;
    this.#withinMs = withinMs;
    this.#onFailure = onFailure;
  }

  /**
   * The document as a tagged PDF with bookmarks; whole or not at all. `make` is asked for the document when its turn comes:
   * many at once would hold up frames. `signal` gives it up.
   */
  async print(make: () => Promise<string>, signal?: AbortSignal): Promise<Result<Buffer, PrintFailure>> {
    const browser = this.#browser();
    if (browser === null) return fail("no-browser");
    if (this.#running >= this.#atOnce && this.#turns.length >= this.#mayWait) return fail("busy");
    await this.#turn();
    try {
      const given = AbortSignal.any([this.#stopping.signal, ...(signal ? [signal] : [])]);
      if (given.aborted) return fail("broken");
      const printed = await printOnce(browser, await make(), this.#withinMs, given);
      if (!printed.ok && !given.aborted) this.#onFailure(printed.failure, null);
      return printed;
    } catch (error) {
      this.#onFailure("broken", error);
      return fail("broken");
    } finally {
      // Whoever waits takes this place, so that nobody comes in between.
      const next = this.#turns.shift();
      if (next) next();
      else this.#running--;
    }
  }

  /** Ends what prints. */
  stop(): void {
    this.#stopping.abort();
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#atOnce) this.#running++;
    else await new Promise<void>((resolve) => void this.#turns.push(resolve));
  }
}

async function printOnce(
  browser: string,
  html: string,
  withinMs: number,
  signal: AbortSignal,
): Promise<Result<Buffer, PrintFailure>> {
  const dir = await mkdtemp(join(tmpdir(), "citydeck-print-"));
  try {
    const [page, pdf] = [join(dir, "briefing.html"), join(dir, "briefing.pdf")];
    await writeFile(page, html);
    const args = [...flags(dir), `--print-to-pdf=${pdf}`, pathToFileURL(page).href];
    const end = await runToEnd(browser, args, withinMs, signal);
    if (end !== "done") return fail(end);
    const bytes = await readFile(pdf).catch(() => null);
    return bytes && isWhole(bytes) ? ok(bytes) : fail("broken");
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A browser of its own that knows nothing, asks nothing of the network and leaves nothing behind. */
function flags(dir: string): string[] {
  return [
    "--headless",
    `--user-data-dir=${join(dir, "profile")}`,
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    // Chromium's sandbox refuses to run as root.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
}

/** Runs a program and all that it starts; after `withinMs`, or when it is given up, all of it is killed. */
async function runToEnd(
  program: string,
  args: readonly string[],
  withinMs: number,
  signal: AbortSignal,
): Promise<"done" | "timed-out" | "broken"> {
  const child = spawn(program, args, { stdio: "ignore", detached: true });
  child.once("spawn", () => lowerPriority(child.pid));
  const { promise, resolve } = Promise.withResolvers<"done" | "timed-out" | "broken">();
  const late = setTimeout(() => resolve("timed-out"), withinMs);
  const given = (): void => resolve("broken");
  signal.addEventListener("abort", given, { once: true });
  child.once("error", given);
  child.once("exit", (code) => resolve(code === 0 ? "done" : "broken"));
  const end = await promise;
  clearTimeout(late);
  signal.removeEventListener("abort", given);
  if (child.pid !== undefined) killGroup(child.pid);
  return end;
}

/** What it starts later inherits it. */
function lowerPriority(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already.
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

/** Begins and ends as a PDF does (ISO 32000-2 §7.5.2, §7.5.5). */
function isWhole(bytes: Buffer): boolean {
  return bytes.subarray(0, 5).toString("latin1") === "%PDF-" && bytes.subarray(-32).includes("%%EOF");
}

/** Debian's VictoriaMetrics, started for a benchmark in a folder of its own. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDir } from "../city-files.ts";
import { freePort } from "../free-port.ts";
import type { NotHere } from "./benchmark.ts";
import { debianProgram } from "./debian-program.ts";

export interface VictoriaMetrics {
  /** Takes lines of its JSON import format: a series with its values and instants each. */
  load(lines: string): Promise<void>;
  /** Makes what was loaded visible to questions. */
  settle(): Promise<void>;
  /** Answers a range query of MetricsQL; seconds. Resolves to how many points came. */
  range(query: string, fromSeconds: number, toSeconds: number, stepSeconds: number): Promise<number>;
  stop(): Promise<void>;
}

interface RangeAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { readonly values: readonly unknown[] }[] };
}

export async function startVictoriaMetrics(): Promise<VictoriaMetrics | NotHere> {
  const program = await debianProgram("victoria-metrics", "/usr/bin/victoria-metrics");
  if (program === null)
    return { notHere: "no victoria-metrics, and no apt-get that could bring Debian's package" };
  const dir = await temporaryDir("victoria-metrics");
  const url = `http://127.0.0.1:${await freePort()}`;
  const server = spawn(
    program,
    [
      `-storageDataPath=${dir}`,
      `-httpListenAddr=${url.slice("http://".length)}`,
      "-retentionPeriod=100y",
      "-search.maxPointsPerTimeseries=1000000",
      // Else the second of two equal questions is answered from memory, and nothing is measured.
      "-search.disableCache",
      "-loggerLevel=ERROR",
    ],
    { stdio: "ignore" },
  );
  const exited = once(server, "exit");
  const ask = async (path: string, init?: RequestInit): Promise<Response> => {
    const answer = await fetch(`${url}${path}`, init);
    if (!answer.ok) throw new Error(`VictoriaMetrics answers ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const isUp = (): Promise<boolean> => ask("/health").then(Boolean, () => false);
  for (let tries = 0; tries < 100 && !(await isUp()); tries++) await sleep(100);
  return {
    async load(lines) {
      await ask("/api/v1/import", { method: "POST", body: lines });
    },
    async settle() {
      await ask("/internal/force_flush");
      await ask("/internal/force_merge");
    },
    async range(query, from, to, step) {
      const parameters = new URLSearchParams({
        query,
        start: String(from),
        end: String(to),
        step: `${step}s`,
        nocache: "1",
      });
      const answer = (await (await ask(`/api/v1/query_range?${parameters}`)).json()) as RangeAnswer;
      if (!answer.data) throw new Error(`VictoriaMetrics: ${answer.error}`);
      return answer.data.result.reduce((sum, { values }) => sum + values.length, 0);
    },
    async stop() {
      server.kill();
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Fuzzes one connector on a thread of its own, and leaves what it is reading where its watcher can find it. */

import { parentPort, workerData } from "node:worker_threads";
import { connectorFor } from "../../server/core/feeds/index.ts";
import { deskHead, type FuzzWork } from "./fuzz-desk.ts";
import { fuzz, type FuzzReport } from "./fuzz.ts";
import { listSpecimens } from "./specimens.ts";

const { spec, seed, seconds, desk } = workerData as FuzzWork;
const connector = connectorFor(spec);
const specimens = listSpecimens(connector);
const names = specimens.map(({ name }) => name);
const head = new Uint32Array(desk, 0, 3);
const body = new Uint8Array(desk, deskHead);
const untilAt = performance.now() + seconds * 1_000;
const report: FuzzReport = fuzz({
  connector,
  specimens,
  seed,
  goesOn(runs, { name, bytes }) {
    body.set(bytes);
    head.set([runs, bytes.length, names.indexOf(name)]);
    return performance.now() < untilAt;
  },
});
parentPort?.postMessage(report);

/**
 * A process of its own that takes pushes for one feed into the folder given as argument, says its port, and waits to
 * be killed. For the test that no acknowledged push is lost.
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startFeed } from "../server/ingest/intake.ts";
import type { Log } from "../server/ingest/wiring.ts";
import { lines, plainEntry } from "./feed-lines.ts";

const quiet = (): void => {};
const feed = startFeed({
  entry: plainEntry({
    type: "receive",
    bearer: () => "token",
    hmac: null,
    acceptsV1: false,
    maxBytes: 10_000,
    reconcile: null,
  }),
  connector: lines,
  zone: "UTC",
  bounds: [0, 0, 1, 1],
  dataFolder: process.argv[2]!,
  now: Date.now,
  keyedHash: String,
  log: { info: quiet, warn: quiet, error: quiet } as unknown as Log,
  deliver: quiet,
  report: quiet,
});
await feed.ready;

const server = createServer((request, response) => {
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  void feed.receive!({ header, body: request }).then(({ status }) => response.writeHead(status).end());
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});

/**
 * The process of `many-feeds.ts` that is all suppliers: `/N` is feed N, small and a little different each time. Tells its
 * origin, and whenever it is told how many hang, what it has seen since.
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const hungUntil = { n: 0 };
const askedAt = new Map<number, number>();
let gapsMs: number[] = [];

const server = createServer((request, response) => {
  const n = Number(request.url!.slice(1));
  if (n < hungUntil.n) return;
  const now = performance.now();
  const before = askedAt.get(n);
  if (before !== undefined) gapsMs.push(now - before);
  askedAt.set(n, now);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(bodyOf(n)));
});

function bodyOf(n: number): unknown {
  const at = new Date();
  const list = Array.from({ length: 5 }, (_, i) => i);
  if (n % 3 === 0) {
    const reported = Math.floor(at.getTime() / 1000);
    const stations = list.map((i) => ({
      station_id: `${n}-${i}`,
      num_bikes_available: (i + reported) % 20,
      num_docks_available: 20 - ((i + reported) % 20),
      is_installed: true,
      is_renting: true,
      is_returning: true,
      last_reported: reported,
    }));
    return { last_updated: reported, ttl: 0, version: "2.3", data: { stations } };
  }
  const readings = list.map((i) => ({
    id: `${n}-${i}`,
    value: (at.getTime() % 1000) / 100,
    at: at.toISOString(),
    lon: 13.4 + i / 100,
    lat: 52.5,
  }));
  return n % 3 === 1 ? { readings } : readings;
}

server.listen(0, "127.0.0.1", () => {
  process.send!({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on("message", ({ hung }: { readonly hung: number }) => {
  // Whoever was hung has a gap that says nothing.
  if (hung < hungUntil.n) for (let n = 0; n < hungUntil.n; n++) askedAt.delete(n);
  hungUntil.n = hung;
  process.send!({ gapsMs });
  gapsMs = [];
});

/** Asks the city's public services in rounds, each host one question at a time, and hands each round to the fold. */

import type { FeedEntry, ProbedService } from "../core/feeds/feed-entry.ts";
import type { ProbeResult, ProbeRound } from "../core/feeds/probe/round.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import type { Fold } from "./fold.ts";
import type { FeedWiring } from "./wiring.ts";
import { probeService } from "./probe-service.ts";
import { startRounds } from "./rounds.ts";

type ProbeTransport = FeedEntry["transport"] & { readonly type: "probe" };

/**
 * Probes until stopped. Probes in flight are given up at the stop, and their round is forgotten. Nothing is told before
 * the city has arrived at its `present`.
 */
export function startProbing(
  wiring: FeedWiring,
  transport: ProbeTransport,
  fold: Fold,
  keeper: BodyKeeper,
  present: Promise<void>,
): { stop(): Promise<void> } {
  const { lookup, now, random = Math.random } = wiring;
  const { everySeconds, maxBytes, services } = transport;
  const everyMs = everySeconds * 1_000;
  return startRounds({ everyMs, longestPauseMs: everyMs, random }, async (signal) => {
    const startedAt = now();
    const probe = (service: ProbedService) => probeService(service, { maxBytes, signal, now, lookup });
    const results = await hostByHost(services, probe);
    await present;
    if (signal.aborted) return true;
    const receivedAt = now();
    const part = { name: "body", url: null, bytes: roundBody({ startedAt, endedAt: receivedAt, results }) };
    const taken = fold.take(part, { receivedAt });
    if (taken.ok) void keeper.keep(taken.value.part, taken.value.update, receivedAt, false);
    return taken.ok;
  });
}

/** Hosts at the same time, the services of a host one after the other; results in the order of the services. */
async function hostByHost(
  services: readonly ProbedService[],
  probe: (service: ProbedService) => Promise<ProbeResult>,
): Promise<readonly ProbeResult[]> {
  const results = new Map<ProbedService, ProbeResult>();
  const hosts = Map.groupBy(services, ({ url }) => new URL(url).host);
  await Promise.all(
    [...hosts.values()].map(async (own) => {
      for (const service of own) results.set(service, await probe(service));
    }),
  );
  return services.map((service) => results.get(service)!);
}

function roundBody({
  startedAt,
  endedAt,
  results,
}: {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly results: readonly ProbeResult[];
}): Uint8Array {
  const round: ProbeRound = {
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    results,
  };
  return new TextEncoder().encode(JSON.stringify(round));
}

/**
 * Fuzzing: bad bodies made of good ones, kept as seeds when they lead our code somewhere new, and read by their
 * connector until one of them makes it break a rule. Seeded: the same seed and number of runs make the same bodies.
 */

import type { Connector } from "../../server/core/feeds/connector.ts";
import { Coverage } from "./coverage.ts";
import { mutate, seededChance, shrink, type Chance } from "./mutate.ts";
import { unsoundness } from "./soundness.ts";
import { decode, type Specimen } from "./specimens.ts";

/** A body that breaks a rule, and which. */
export interface Finding {
  readonly specimen: Specimen;
  readonly fault: string;
}

/** A body this small that takes more has found a loop. */
const longestMs = 1_000;

/** The first rule that reading this body breaks; `null` when it is read as it should be, or refused as it should be. */
export function findFault(connector: Connector, specimen: Specimen): string | null {
  try {
    const before = spentMs();
    const decoded = decode(connector, specimen);
    if (spentMs() - before > longestMs)
      return `takes more than ${longestMs} ms of a processor for ${specimen.bytes.length} bytes`;
    if (!decoded.ok) return decoded.failure.message === "" ? "a failure says why" : null;
    const { feed, receivedAt } = specimen;
    const [broken] = unsoundness(connector, feed, receivedAt, decoded.value);
    return broken ?? null;
  } catch (error) {
    return `throws ${error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : String(error)}`;
  }
}

/** Processor time of this thread in milliseconds: a busy machine is not a finding. */
function spentMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

export interface FuzzTarget {
  readonly connector: Connector;
  readonly specimens: readonly Specimen[];
  readonly seed: number;
  /** Asked before every run, with what is about to be read. */
  goesOn(runs: number, specimen: Specimen): boolean;
}

export interface FuzzReport {
  readonly runs: number;
  readonly seeds: number;
  readonly functions: number;
  readonly idleBlocks: number;
  /** One of each kind of fault, made as small as was easy. */
  readonly findings: readonly Finding[];
}

/** Between two questions for coverage, which take longer than reading a small body. */
const batchRuns = 32;
const mostSeeds = 2_000;

export function fuzz({ connector, specimens, seed, goesOn }: FuzzTarget): FuzzReport {
  const chance = seededChance(seed);
  const coverage = new Coverage();
  const seeds = specimens.map((specimen) => ({ ...specimen, bytes: shrink(specimen.bytes) }));
  const findings = new Map<string, Finding>();
  const run = (specimen: Specimen): void => {
    const fault = findFault(connector, specimen);
    if (fault !== null && !findings.has(kindOf(fault)))
      findings.set(kindOf(fault), { specimen: minimise(connector, specimen, fault), fault });
  };
  for (const specimen of seeds) run(specimen);
  coverage.isNew(true);
  let runs = 0;
  for (let going = seeds.length > 0; going;) {
    const batch: Specimen[] = [];
    while (batch.length < batchRuns && going) {
      const specimen = bred(seeds, chance);
      going = goesOn(++runs, specimen);
      batch.push(specimen);
      run(specimen);
    }
    if (!coverage.isNew(false)) continue;
    for (const specimen of batch) {
      run(specimen);
      if (coverage.isNew(true) && seeds.length < mostSeeds) seeds.push(specimen);
    }
  }
  const { extent } = coverage;
  coverage.stop();
  return { runs, seeds: seeds.length, ...extent, findings: [...findings.values()] };
}

function bred(seeds: readonly Specimen[], chance: Chance): Specimen {
  // What led somewhere new last is half of what is tried next.
  const newest = Math.max(0, seeds.length - 20);
  const parent = seeds[chance(2) === 0 ? newest + chance(seeds.length - newest) : chance(seeds.length)]!;
  const other = seeds[chance(seeds.length)]!;
  return { ...parent, bytes: mutate(parent.bytes, other.bytes, chance) };
}

/** The rule or the error without the example's values. */
function kindOf(fault: string): string {
  return fault.replace(/: .*/s, "").concat(fault.startsWith("throws") ? fault.replace(/\d+|".*"/gs, "") : "");
}

/** Cuts pieces out for as long as the same kind of fault stays. */
function minimise(connector: Connector, specimen: Specimen, fault: string): Specimen {
  let smallest = specimen;
  const untilAt = performance.now() + 5_000;
  for (let size = smallest.bytes.length >> 1; size >= 1; size >>= 1)
    for (let at = 0; at < smallest.bytes.length && performance.now() < untilAt;) {
      const { bytes } = smallest;
      const cut = {
        ...smallest,
        bytes: new Uint8Array(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)])),
      };
      const left = findFault(connector, cut);
      if (left !== null && kindOf(left) === kindOf(fault)) smallest = cut;
      else at += size;
    }
  return smallest;
}

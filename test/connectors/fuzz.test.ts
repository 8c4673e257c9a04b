/** What fuzzing once found stays found; and every connector is fuzzed a little, anew each day. */

import { expect, test } from "vitest";
import { findFault, fuzz } from "./fuzz.ts";
import { keepFinding, listFuzzCases } from "./fuzz-cases.ts";
import { connectors, listSpecimens } from "./specimens.ts";

/** All connectors together. */
const totalMs = 40_000;
const today = Math.floor(Date.now() / 86_400_000);

test.each(connectors.map((connector) => ({ spec: connector.spec, connector })))(
  "$spec reads what was once too much for it",
  ({ spec, connector }) => {
    for (const found of listFuzzCases(spec)) expect(findFault(connector, found), found.name).toBeNull();
  },
);

test.each(connectors.map((connector) => ({ spec: connector.spec, connector })))(
  "$spec, fuzzed with the seed of the day",
  { timeout: 60_000 },
  ({ connector }) => {
    const untilAt = performance.now() + totalMs / connectors.length;
    const specimens = listSpecimens(connector);
    const { findings } = fuzz({
      connector,
      specimens,
      seed: today,
      goesOn: () => performance.now() < untilAt,
    });
    const kept = findings.map((finding) => `${finding.fault}; kept in ${keepFinding(finding)}`);
    expect(kept, `seed ${today}`).toEqual([]);
  },
);

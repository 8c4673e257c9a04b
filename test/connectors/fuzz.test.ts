/** What fuzzing once found stays found; and every connector is fuzzed a little, always alike. */

import { expect, test } from "vitest";
import { findFault, fuzz } from "./fuzz.ts";
import { keepFinding, listFuzzCases } from "./fuzz-cases.ts";
import { connectors, listSpecimens } from "./specimens.ts";

/** All connectors together. */
const totalMs = 40_000;
/** `npm run fuzz` chooses others. */
const seed = 20_784;
const mostBodies = 1_500;

test.each(connectors.map((connector) => ({ spec: connector.spec, connector })))(
  "$spec reads what was once too much for it",
  ({ spec, connector }) => {
    for (const found of listFuzzCases(spec)) expect(findFault(connector, found), found.name).toBeNull();
  },
);

test.each(connectors.map((connector) => ({ spec: connector.spec, connector })))(
  "$spec, fuzzed a little",
  { timeout: 60_000 },
  ({ connector }) => {
    const untilAt = performance.now() + totalMs / connectors.length;
    const specimens = listSpecimens(connector);
    let left = mostBodies;
    const { findings } = fuzz({
      connector,
      specimens,
      seed,
      goesOn: () => left-- > 0 && performance.now() < untilAt,
    });
    const kept = findings.map((finding) => `${finding.fault}; kept in ${keepFinding(finding)}`);
    expect(kept, `seed ${seed}`).toEqual([]);
  },
);

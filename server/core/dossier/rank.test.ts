import { expect, test } from "vitest";
import type { Entity } from "../../../shared/entity.ts";
import type { Kind } from "../../../shared/kinds.ts";
import { rankOf } from "./rank.ts";

const now = 1_000_000_000;
const minute = 60_000;

/** The worse first, then the others in their order. */
test.each<[Kind, readonly object[]]>([
  [
    "CapAlert",
    [{ severity: "Extreme" }, { severity: "Severe" }, { severity: "Minor" }, { severity: "Unknown" }],
  ],
  [
    "DispatchCall",
    [
      { priority: "1", callAt: now - 9 * minute },
      { priority: "1", callAt: now },
      { priority: "2", callAt: now - 60 * minute },
      { callAt: now },
    ],
  ],
  [
    "Situation",
    [
      { isActive: true, severity: "low" },
      { isActive: false, severity: "highest" },
    ],
  ],
  [
    "WorkZone",
    [
      { startsAt: now - minute, vehicleImpact: "all-lanes-closed" },
      { startsAt: now - minute, vehicleImpact: "all-lanes-open" },
      { startsAt: now + minute, vehicleImpact: "all-lanes-closed" },
    ],
  ],
  [
    "ServiceRequest",
    [
      { expectedAt: now - 2 * minute },
      { expectedAt: now - minute },
      { expectedAt: now + minute },
      { requestedAt: now - 60 * minute },
      { requestedAt: now },
    ],
  ],
  ["VehiclePosition", [{ delaySeconds: 900 }, { delaySeconds: -300 }, {}]],
  [
    "StationStatus",
    [
      { numVehiclesAvailable: 0, numDocksAvailable: 9 },
      { numVehiclesAvailable: 9, numDocksAvailable: 1 },
      { numVehiclesAvailable: 5, numDocksAvailable: 5 },
    ],
  ],
  ["FieldDevice", [{ deviceStatus: "error" }, { deviceStatus: "warning" }, { deviceStatus: "ok" }]],
  ["PublicService", [{ isAvailable: false }, { isAvailable: true }]],
])("of %s the worse first", (kind, fields) => {
  const ranks = fields.map((said) => rankOf({ kind, fields: said, observedAt: now } as Entity, now));
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  expect(new Set(ranks).size).toBe(ranks.length);
});

test("what has no rule of its own is in the order of its age", () => {
  const at = (observedAt: number | null) => rankOf({ kind: "Sensor", fields: {}, observedAt } as Entity, now);
  expect(at(now)).toBeGreaterThan(at(now - 1));
  expect(at(now - 1)).toBeGreaterThan(at(null));
});

import type { Part, Slot, WallDefinition } from "../../../shared/wall.ts";
import { lazy, Suspense } from "react";
import { DataSection } from "./data-section.tsx";
import { FeedsTable } from "./feeds-table.tsx";
import { OffTargetSection } from "./off-target-section.tsx";
import { Ranking } from "./ranking.tsx";
import { Score } from "./score.tsx";
import { useAbnormal } from "./abnormal.ts";
import { Tiles } from "./tiles.tsx";
import { TodaySlot } from "./today-slot.tsx";
import { Warnings } from "./warnings.tsx";

const Trend = lazy(() => import("./trend.tsx"));
const Distribution = lazy(() => import("./distribution.tsx"));
const Headways = lazy(() => import("./headways.tsx"));
const AlarmsPart = lazy(() => import("./alarms-part.tsx"));
const Moments = lazy(() => import("./moments.tsx"));
const BriefingPart = lazy(() => import("./briefing-part.tsx"));

interface Given {
  readonly wall: WallDefinition;
  readonly onOpen: (id: string) => void;
}

/** The slots of a region, each with the first of its candidates that has something to say. */
export function Region({ slots, ...given }: Given & { slots: readonly Slot[] }) {
  const abnormal = useAbnormal(given.wall, slots);
  const parts = slots.map((slot) => slot.find((one) => one.when === "always" || abnormal(one)));
  return parts.map((part, s) =>
    part === undefined ? null : (
      <Suspense key={`${s} ${part.show}`} fallback={null}>
        <ShownPart part={part} continues={isOfSameDomain(part, parts[s - 1])} {...given} />
      </Suspense>
    ),
  );
}

function isOfSameDomain(part: Part, before: Part | undefined): boolean {
  return part.show === "tiles" && before?.show === "tiles" && part.domain === before.domain;
}

function ShownPart({ part, continues, wall, onOpen }: Given & { part: Part; continues: boolean }) {
  switch (part.show) {
    case "score":
      return <Score part={part} />;
    case "off-target":
      return <OffTargetSection wall={wall} />;
    case "data":
      return <DataSection />;
    case "tiles":
      return <Tiles part={part} continues={continues} onOpen={onOpen} />;
    case "ranking":
      return <Ranking part={part} />;
    case "distribution":
      return <Distribution part={part} />;
    case "headways":
      return <Headways part={part} />;
    case "trend":
      return <Trend part={part} />;
    case "feeds":
      return <FeedsTable />;
    case "alarms":
      return <AlarmsPart />;
    case "warnings":
      return <Warnings />;
    case "moments":
      return <Moments />;
    case "briefing":
      return <BriefingPart part={part} />;
    case "today":
      return <TodaySlot part={part} />;
  }
}

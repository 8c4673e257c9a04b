import { lazy, Suspense } from "react";
import type { WallDefinition } from "../../../shared/city.ts";
import styles from "./today.module.css";

const Today = lazy(() => import("./today.tsx"));

/** The day's strip comes after the live figures. */
export function TodaySlot({ wall }: { wall: WallDefinition }) {
  return (
    <div className={styles.slot}>
      <Suspense fallback={null}>
        <Today wall={wall} />
      </Suspense>
    </div>
  );
}

import { lazy, Suspense } from "react";
import type { PartOf } from "../../../shared/wall.ts";
import styles from "./today.module.css";

const Today = lazy(() => import("./today.tsx"));

/** The day's strip comes after the live figures. */
export function TodaySlot({ part }: { part: PartOf<"today"> }) {
  return (
    <div className={styles.slot}>
      <Suspense fallback={null}>
        <Today indicators={part.indicators} />
      </Suspense>
    </div>
  );
}

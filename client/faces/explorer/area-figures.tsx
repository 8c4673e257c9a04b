import { lazy, Suspense, useMemo } from "react";
import { parseSeriesId } from "../../../shared/city.ts";
import { meanOf } from "../../charts/series-shape.ts";
import type { Figure } from "./drawings/drawing.ts";
import styles from "./explorer.module.css";
import { areaLevelOf, groupParts } from "./naming.ts";

const CityMap = lazy(async () => ({ default: (await import("../../map/city-map.tsx")).CityMap }));

/** The areas of the city, shaded by a figure's mean over the time shown. */
export function AreaFigures({ figures, by }: { figures: readonly Figure[]; by: string | null }) {
  const level = areaLevelOf(by);
  const indicator = figures[0] ? parseSeriesId(figures[0].id).indicator : null;
  const map = useMemo(
    () => ({ layers: [], shade: level === null || indicator === null ? null : { indicator, level } }),
    [level, indicator],
  );
  const readings = useMemo(
    () =>
      figures.map(({ id, points }) => ({
        id: groupParts(parseSeriesId(id).group ?? "").name,
        value: meanOf(points),
      })),
    [figures],
  );
  return (
    <div className={styles.map}>
      <Suspense fallback={null}>
        <CityMap map={map} isShown readings={readings} />
      </Suspense>
    </div>
  );
}

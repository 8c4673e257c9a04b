import { lazy, Suspense, useMemo } from "react";
import { parseSeriesId } from "../../../shared/city.ts";
import { meanOf } from "../../charts/series-shape.ts";
import type { Figure } from "./drawings/drawing.ts";
import styles from "./explorer.module.css";
import { areaLevelOf, groupParts } from "./naming.ts";

const CityMap = lazy(async () => ({ default: (await import("../../map/city-map.tsx")).CityMap }));

/** The areas of the city, shaded by a figure's mean over the time shown. */
export function AreaFigures({ figures }: { figures: readonly Figure[] }) {
  const { indicator, group } = parseSeriesId(figures[0]?.id ?? "");
  const level = areaLevelOf(groupParts(group ?? "").by);
  const map = useMemo(
    () => ({ layers: [], shade: level === null ? null : { indicator, level } }),
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

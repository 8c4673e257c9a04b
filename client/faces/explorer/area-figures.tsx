import { lazy, Suspense, useImperativeHandle, useMemo, type Ref } from "react";
import { parseSeriesId } from "../../../shared/city.ts";
import type { ChartPicture } from "../../charts/explorer-chart.tsx";
import { meanOf } from "../../charts/series-shape.ts";
import { useCity } from "../../live/store.ts";
import { useAreas } from "../../map/ground-data.ts";
import { writtenShade } from "../../map/shade.ts";
import { useWords } from "../../words/words.ts";
import { areaPicture } from "./area-picture.ts";
import type { Figure } from "./drawings/drawing.ts";
import styles from "./explorer.module.css";
import { areaLevelOf, groupParts } from "./naming.ts";
import type { PicturePaper } from "../../charts/picture-frame.ts";

const CityMap = lazy(async () => ({ default: (await import("../../map/city-map.tsx")).CityMap }));

interface Props {
  readonly figures: readonly Figure[];
  readonly picture: Ref<ChartPicture>;
  readonly paper: PicturePaper;
}

/** The areas of the city, shaded by a figure's mean over the time shown. */
export function AreaFigures({ figures, picture, paper }: Props) {
  const { t, language } = useWords();
  const bounds = useCity()?.settings.bounds;
  const { indicator, group } = parseSeriesId(figures[0]?.id ?? "");
  const level = areaLevelOf(groupParts(group ?? "").by);
  const areas = useAreas(level);
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
  const unit = figures[0]?.unit ?? "count";
  useImperativeHandle(
    picture,
    () => ({
      svg() {
        if (!areas || bounds === undefined) return null;
        const ids = areas.features.map(({ properties }) => properties.id);
        const shade = writtenShade(ids, readings, unit, language);
        const words = {
          step: (from: string, to: string) => t("explorer.ramp.step", { from, to }),
          unknown: t("explorer.picture.unknown"),
        };
        return areaPicture({ areas, shade, bounds, language, words }, paper);
      },
    }),
    [areas, bounds, readings, unit, language, t, paper],
  );
  return (
    <div className={styles.map}>
      <Suspense fallback={null}>
        <CityMap map={map} isShown readings={readings} />
      </Suspense>
    </div>
  );
}

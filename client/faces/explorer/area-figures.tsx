import { lazy, Suspense, useImperativeHandle, useMemo, type Ref } from "react";
import { parseSeriesId } from "../../../shared/city.ts";
import type { ChartPicture } from "../../charts/explorer-chart.tsx";
import { changeOf, meanOf } from "../../charts/series-shape.ts";
import { useCity } from "../../live/store.ts";
import type { GivenShade } from "../../map/city-map.tsx";
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
  /** Words for what they are compared with: their change is shown. */
  readonly comparedWith: string | null;
  readonly picture: Ref<ChartPicture>;
  readonly paper: PicturePaper;
}

/** The areas of the city, shaded by a figure's mean over the time shown, or by how that changed. */
export function AreaFigures({ figures, comparedWith, picture, paper }: Props) {
  const { t, text, language } = useWords();
  const city = useCity();
  const bounds = city?.settings.bounds;
  const { indicator, group } = parseSeriesId(figures[0]?.id ?? "");
  const level = areaLevelOf(groupParts(group ?? "").by);
  const areas = useAreas(level);
  const map = useMemo(
    () => ({ layers: [], shade: level === null ? null : { indicator, level } }),
    [level, indicator],
  );
  const unit = figures[0]?.unit ?? "count";
  const definition = city?.indicators.find(({ id }) => id === indicator);
  const title = definition ? text(definition.title) : indicator;
  const shaded = useMemo((): GivenShade => {
    const readings = figures.map((figure) => ({
      id: groupParts(parseSeriesId(figure.id).group ?? "").name,
      value: comparedWith === null ? meanOf(figure.points) : changeOf(figure.points, figure.compare ?? []),
    }));
    if (comparedWith === null) return { readings, ramp: "amount" };
    const words = unit === "percent" ? "explorer.map.changeInPoints" : "explorer.map.change";
    return { readings, ramp: "change", title: t(words, { title, with: comparedWith }) };
  }, [figures, comparedWith, unit, title, t]);
  useImperativeHandle(
    picture,
    () => ({
      svg() {
        if (!areas || bounds === undefined) return null;
        const ids = areas.features.map(({ properties }) => properties.id);
        const shade = writtenShade(ids, shaded.readings, unit, language, shaded.ramp);
        const words = {
          step: (from: string, to: string) => t("explorer.ramp.step", { from, to }),
          unknown: t("explorer.picture.unknown"),
        };
        return areaPicture({ areas, shade, bounds, language, words }, paper);
      },
    }),
    [areas, bounds, shaded, unit, language, t, paper],
  );
  return (
    <div className={styles.map}>
      <Suspense fallback={null}>
        <CityMap map={map} isShown shaded={shaded} />
      </Suspense>
    </div>
  );
}

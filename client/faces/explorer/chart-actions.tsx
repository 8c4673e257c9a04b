import type { RefObject } from "react";
import type { ChartPicture } from "../../charts/explorer-chart.tsx";
import { useWords } from "../../words/words.ts";
import { Choice } from "./choice.tsx";
import { CopyLink } from "./copy-link.tsx";
import styles from "./explorer.module.css";
import { exportQuery, type SeriesRequest } from "./series-data.ts";
import { savePng, saveSvg } from "../../charts/take-picture.ts";
import type { View } from "./view.ts";

interface Props {
  readonly view: View;
  readonly picture: RefObject<ChartPicture | null>;
  /** What the drawn numbers answer: the export asks the same. */
  readonly request: SeriesRequest;
  /** Of a saved picture, without its ending. */
  readonly name: string;
  /** A drawing with what is said around it. */
  readonly frame: (svg: string) => string;
  /** `null` where the chart has no time to write at. */
  readonly onAnnotate: (() => void) | null;
  readonly onChange: (view: View) => void;
}

/** From a chart to its numbers, and both to take along. */
export function ChartActions({ view, picture, request, name, frame, onAnnotate, onChange }: Props) {
  const { t } = useWords();
  const save = (as: (svg: string, name: string) => void): void => {
    const svg = picture.current?.svg() ?? null;
    if (svg !== null) as(frame(svg), name);
  };
  return (
    <div className={styles.actions}>
      {onAnnotate !== null && (
        <button type="button" className={styles.button} onClick={onAnnotate}>
          {t("explorer.annotations.annotate")}
        </button>
      )}
      <button
        type="button"
        className={styles.button}
        aria-pressed={view.numbers}
        onClick={() => onChange({ ...view, numbers: !view.numbers })}
      >
        {t("explorer.table.show")}
      </button>
      <Choice isButton name={t("explorer.export.title")} value={t("explorer.export.title")}>
        <div className={styles.exports}>
          <h3>{t("explorer.export.data")}</h3>
          {(["csv", "xlsx", "parquet"] as const).map((format, i) => (
            <a
              key={format}
              data-first={i === 0 ? true : undefined}
              href={`/api/v1/export?${exportQuery(request, format)}`}
              download
            >
              {t(`explorer.export.${format}`)}
            </a>
          ))}
          <h3>{t("explorer.export.picture")}</h3>
          <button type="button" onClick={() => save((svg, as) => void savePng(svg, as))}>
            {t("explorer.export.png")}
          </button>
          <button type="button" onClick={() => save(saveSvg)}>
            {t("explorer.export.svg")}
          </button>
          <CopyLink url={location.href} words={t("explorer.export.link")} />
        </div>
      </Choice>
    </div>
  );
}

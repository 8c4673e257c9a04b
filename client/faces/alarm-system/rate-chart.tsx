import { useEffect, useMemo, useRef, useState } from "react";
import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";
import { useChartLook } from "../../charts/chart-look.ts";
import { ExplorerChart, type ChartPicture } from "../../charts/explorer-chart.tsx";
import { framed } from "../../charts/picture-frame.ts";
import { savePng, saveSvg } from "../../charts/take-picture.ts";
import { useCity } from "../../live/store.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import styles from "./alarm-system.module.css";
import { rateDrawing } from "./rate-drawing.ts";

const height = 220;

/** New alarms over the period, and the picture of them to take along. */
export function RateChart({
  figures,
  zone,
  csv,
}: {
  figures: AlarmFiguresAnswer;
  zone: string;
  csv: string;
}) {
  const words = useWords();
  const { t, text, language } = words;
  const city = useCity();
  const look = useChartLook();
  const place = useRef<HTMLDivElement>(null);
  const picture = useRef<ChartPicture>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const drawing = useMemo(
    () => (width === 0 ? null : rateDrawing(figures, { look, width, zone, words })),
    [figures, look, width, zone, words],
  );
  const instant = (at: number): string => formatInstant(at, zone, language);
  const stretch = t("system.stretch", { from: instant(figures.fromAt), to: instant(figures.toAt) });
  const take = (as: (svg: string, name: string) => void): void => {
    const svg = picture.current?.svg() ?? null;
    if (svg === null || drawing === null) return;
    const drawn = t("system.chart.drawn", {
      city: city === null ? "" : text(city.settings.title),
      time: instant(figures.toAt),
    });
    const said = {
      title: t("system.chart.title"),
      lines: [`${stretch} · ${zone}`, drawing.note],
      foot: [drawn],
    };
    as(framed(svg, said, { look, width, scale: 1 }), "alarm-system");
  };
  return (
    <section className={styles.wide} aria-labelledby="rate-title">
      <header className={styles.chartHead}>
        <h2 id="rate-title">{t("system.chart.title")}</h2>
        <p className={styles.quiet}>
          {drawing?.note} · {stretch}
        </p>
        <p className={styles.actions} role="group" aria-label={t("system.export")}>
          <a href={csv} download>
            {t("system.csv")}
          </a>
          <button type="button" onClick={() => take((svg, name) => void savePng(svg, name))}>
            {t("system.png")}
          </button>
          <button type="button" onClick={() => take(saveSvg)}>
            {t("system.svg")}
          </button>
        </p>
      </header>
      <div ref={place} className={styles.chart}>
        {drawing && (
          <ExplorerChart
            option={drawing.option}
            label={`${t("system.chart.title")}, ${drawing.note}`}
            keys={t("system.chart.keys")}
            height={height}
            picture={picture}
            walk={drawing.walk}
            time={null}
          />
        )}
      </div>
    </section>
  );
}

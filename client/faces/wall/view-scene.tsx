/** A view of the explorer in the place of a wall's scenes: its chart as large as the wall, with what it is, of when and whose. */

import "../../words/explorer-words.ts";
import { useMemo, useRef } from "react";
import type { CityBody } from "../../../shared/protocol.ts";
import { ExplorerChart } from "../../charts/explorer-chart.tsx";
import { useCity, useCityNow } from "../../live/store.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import { AreaFigures } from "../explorer/area-figures.tsx";
import { leftOutInWords, rangeInWords, stretchInWords } from "../explorer/naming.ts";
import { missingWords } from "../explorer/request.ts";
import { useSources } from "../explorer/sources.ts";
import { useBox } from "../explorer/use-box.ts";
import { useDrawing } from "../explorer/use-drawing.ts";
import { useFigures } from "../explorer/use-figures.ts";
import { parseView, type View } from "../explorer/view.ts";
import styles from "./view-scene.module.css";

/** However fast the city's clock runs, a question has this long to be answered before the next one takes its place. */
const answeredWithinMs = 3_000;
const nothing: readonly never[] = [];

export default function ViewScene({ query }: { query: string }) {
  const city = useCity();
  const now = useCityNow(60_000, answeredWithinMs);
  const { view } = useMemo(() => parseView(query), [query]);
  return city !== null && now !== null && <Viewed {...{ city, now, view }} />;
}

function Viewed({ city, now, view }: { city: CityBody; now: number; view: View }) {
  const words = useWords();
  const { t, language } = words;
  const { zone } = city.settings;
  const place = useRef<HTMLDivElement>(null);
  const { width, height, scale } = useBox(place);
  const viewed = { city, now, view, width, scale };
  const of = useFigures(viewed);
  const over = { room: height, marks: nothing, annotations: nothing, mustFit: true };
  const { paper, kept, comparedWith } = useDrawing(viewed, of, over);
  const sources = useSources(view.figures, city);
  const range = rangeInWords(view.range, zone, words);
  const said = [
    range,
    ...(of.answered === null ? [] : [stretchInWords(of.answered, zone, words)]),
    ...(kept === null || kept.note === "" ? [] : [kept.note]),
    ...(view.asOf === null
      ? []
      : [t("explorer.picture.asOf", { time: formatInstant(view.asOf, zone, language) })]),
    ...(kept === null ? [] : leftOutInWords(of, kept.figures, words)),
    ...(kept?.isSmall ? [t("explorer.notes.small")] : []),
  ];
  const label = t("explorer.charts.label", {
    chart: t(`explorer.charts.${view.chart}`),
    title: of.title,
    range,
  });
  // An older drawing stands while the server cannot be asked.
  const trouble = troubleOf(of.missing, kept === null ? of.problem : null, of.isNothing);
  return (
    <main className={styles.view}>
      <header>
        <h2>{of.title}</h2>
        <p>{Array.from(new Set(said)).join(" · ")}</p>
        {kept !== null && of.problem !== null && <p role="status">{t("explorer.state.older")}</p>}
      </header>
      <div className={styles.place} ref={place}>
        {trouble !== null && <p role="status">{t(trouble)}</p>}
        {trouble === null && kept === null && <p>{t("explorer.state.loading")}</p>}
        {trouble === null && kept !== null && paper !== null && (
          <>
            {kept.chart === "map" ? (
              <AreaFigures figures={kept.figures} picture={null} {...{ comparedWith, paper }} />
            ) : (
              <ExplorerChart
                option={kept.option}
                height={kept.height}
                picture={null}
                label={label}
                keys={t("explorer.cursor.keys")}
                walk={kept.walk}
                time={null}
              />
            )}
          </>
        )}
      </div>
      <footer>
        {kept?.findings.map((finding) => (
          <p key={finding}>{finding}</p>
        ))}
        {sources.map((source) => (
          <p key={source}>{source}</p>
        ))}
      </footer>
    </main>
  );
}

/** Words for why there is no drawing. */
function troubleOf(missing: keyof typeof missingWords | null, problem: string | null, isNothing: boolean) {
  if (missing !== null) return missingWords[missing];
  if (isNothing) return "explorer.state.nothing";
  return problem === null ? null : "explorer.state.failed";
}

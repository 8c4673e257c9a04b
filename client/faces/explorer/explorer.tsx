/** The past of every figure, for analysts. The address is the state; each change of it is a step that the browser can take back. */

import "../../words/explorer-words.ts";
import { useMemo } from "react";
import { parseSeriesId } from "../../../shared/city.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useCity, useCityNow } from "../../live/store.ts";
import { goTo, useSearch } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import { Desk } from "../desk.tsx";
import { Link } from "../link.tsx";
import { Past, usePastControl } from "../past/past.tsx";
import { ChartTabs } from "./chart-tabs.tsx";
import { ChartWithNumbers } from "./chart-with-numbers.tsx";
import styles from "./explorer.module.css";
import { Sentence } from "./sentence.tsx";
import { formatView, parseView, type View } from "./view.ts";

/** However fast the city's clock runs, a question has this long to be answered before the next one takes its place. */
const answeredWithinMs = 3_000;

export default function Explorer() {
  const { t } = useWords();
  const city = useCity();
  const now = useCityNow(60_000, answeredWithinMs);
  const search = useSearch();
  const { view, faults } = useMemo(() => parseView(search), [search]);
  const past = usePastControl();
  return (
    <Desk
      title={t("faces.explorer.title")}
      className={styles.page!}
      links={
        <>
          <Link to="/">{t("explorer.nav.start")}</Link>
          <Link to="/feeds">{t("explorer.nav.feeds")}</Link>
          <button type="button" className={styles.past} aria-pressed={past.isOpen} onClick={past.toggle}>
            {t("past.title")}
          </button>
        </>
      }
    >
      <main className={styles.main}>
        {faults.length > 0 && (
          <p className={styles.fault} role="status">
            {t("explorer.state.faults", { names: faults.join(", ") })}
          </p>
        )}
        {city !== null && <Past zone={city.settings.zone} control={past} />}
        {city !== null && now !== null && <Explored city={city} now={now} view={view} />}
      </main>
    </Desk>
  );
}

function Explored({ city, now, view: asked }: { city: CityBody; now: number; view: View }) {
  const { t } = useWords();
  const view = useMemo(() => withFigures(asked, city), [asked, city]);
  const change = (next: View): void => goTo(`/explorer?${formatView(next)}`, true);
  const unknown = view.figures
    .map((id) => parseSeriesId(id).indicator)
    .find((id) => !city.indicators.some((one) => one.id === id));
  if (view.figures.length === 0) return <p className={styles.empty}>{t("explorer.state.noFigures")}</p>;
  return (
    <>
      <Sentence {...{ city, now, view }} onChange={change} />
      <ChartTabs view={view} />
      {unknown === undefined ? (
        <ChartWithNumbers {...{ city, now, view }} onChange={change} />
      ) : (
        <p className={styles.empty} role="alert">
          {t("explorer.state.unknown", { id: unknown })}
        </p>
      )}
    </>
  );
}

/** Somebody who comes without a question is shown the city's first figure. */
function withFigures(view: View, city: CityBody): View {
  if (view.figures.length > 0) return view;
  const first = city.indicators.find(
    ({ domain, replacedBy }) => domain !== "platform" && replacedBy === null,
  );
  return { ...view, figures: first ? [first.id] : city.indicators.slice(0, 1).map(({ id }) => id) };
}

import { useEffect, useRef } from "react";
import { useWords } from "../../words/words.ts";
import { Link } from "../link.tsx";
import styles from "./explorer.module.css";
import { chartKinds, formatView, type View } from "./view.ts";

/** The kinds of charts, each a link to the same view drawn that way. */
export function ChartTabs({ view }: { view: View }) {
  const { t } = useWords();
  const tabs = useRef<HTMLElement>(null);
  // On a phone they are one row, which begins with the first.
  useEffect(() => {
    const [row, current] = [tabs.current, tabs.current?.querySelector<HTMLElement>("[aria-current]")];
    if (row && current) row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  }, [view.chart]);
  return (
    <nav ref={tabs} className={styles.tabs} aria-label={t("explorer.charts.title")}>
      {chartKinds.map((chart) => (
        <Link
          key={chart}
          to={`/explorer?${formatView({ ...view, chart, lag: chart === "relation" ? view.lag : 0 })}`}
          isCurrent={chart === view.chart}
          keepsPlace
        >
          {t(`explorer.charts.${chart}`)}
        </Link>
      ))}
    </nav>
  );
}

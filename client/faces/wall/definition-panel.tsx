import { lazy, Suspense } from "react";
import type { CityBody } from "../../../shared/protocol.ts";
import {
  useCity,
  useCityNow,
  useFeedsOf,
  useIndicator,
  useReading,
  type Indicator,
} from "../../live/store.ts";
import { Panel } from "../../look/panel.tsx";
import { formatLimit } from "../../words/format-age.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import { feedInWords } from "../feed-words.ts";
import { Link } from "../link.tsx";
import styles from "./definition-panel.module.css";

const NoteForm = lazy(() => import("./note-form.tsx"));

/** What a figure means, who owns it and where it comes from. */
export function DefinitionPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { t, text } = useWords();
  const indicator = useIndicator(id);
  const city = useCity();
  // A changed city may have lost the figure while somebody reads of it.
  return (
    <Panel title={indicator === null ? id : text(indicator.title)} onClose={onClose}>
      {indicator === null || city === null ? (
        <p>{t("faces.panel.unknown", { id })}</p>
      ) : (
        <Facts indicator={indicator} city={city} />
      )}
    </Panel>
  );
}

function Facts({ indicator, city }: { indicator: Indicator; city: CityBody }) {
  const { t, text, language } = useWords();
  const reading = useReading(indicator.id);
  const { target, unit } = indicator;
  const inWords = (value: number): string => valueInWords(value, unit, language, target ?? value);
  const owner = city.departments.find((department) => department.id === indicator.department);
  return (
    <dl>
      <dt>{t("faces.panel.now")}</dt>
      <dd>
        {reading?.value === null || reading === null ? "—" : inWords(reading.value)} ·{" "}
        <Link to={`/explorer?show=${encodeURIComponent(indicator.id)}`}>{t("faces.panel.explore")}</Link>
      </dd>
      <dt>{t("faces.note.title")}</dt>
      <dd>
        <Suspense fallback={null}>
          <NoteForm indicator={indicator.id} />
        </Suspense>
      </dd>
      <dt>{t("faces.panel.definition")}</dt>
      <dd>{text(indicator.definition)}</dd>
      <dt>{t("faces.panel.owner")}</dt>
      <dd>{owner ? text(owner.title) : indicator.department}</dd>
      <dt>{t("faces.panel.target")}</dt>
      <dd>
        {target === null ? t("faces.panel.noTarget") : inWords(target)} · {t(`better.${indicator.better}`)}
      </dd>
      <dt>{t("faces.panel.limit")}</dt>
      <dd>{formatLimit(indicator.staleAfterSeconds, language)}</dd>
      <dt>{t("faces.panel.feeds")}</dt>
      <dd>
        <FeedList indicator={indicator} city={city} />
      </dd>
      <dt>{t("faces.panel.revision")}</dt>
      <dd className={styles.revision}>{`${indicator.id} @ ${indicator.revision}`}</dd>
    </dl>
  );
}

function FeedList({ indicator, city }: { indicator: Indicator; city: CityBody }) {
  const { t, text, language } = useWords();
  const now = useCityNow(1_000);
  const feeds = useFeedsOf(indicator.feeds).filter((feed) => feed !== null);
  if (feeds.length === 0) return t("faces.panel.noFeeds");
  return (
    <ul>
      {feeds.map((feed) => {
        const supplier = city.suppliers.find((one) => one.id === feed.supplier);
        return (
          <li key={feed.id} className={styles.feed}>
            {t("feeds.named", {
              title: text(feed.title),
              state: now === null ? "" : feedInWords(feed, now, language),
            })}
            <span className={styles.source}>
              {[
                ...(supplier ? [text(supplier.title)] : []),
                feed.spec,
                t("faces.panel.licence", { licence: feed.licence }),
                ...(feed.error ? [feed.error.message] : []),
              ].join(" · ")}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

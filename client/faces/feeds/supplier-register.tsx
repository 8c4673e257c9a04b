import type { Supplier } from "../../../shared/city.ts";
import type { FeedStatus } from "../../../shared/feed.ts";
import type { FeedQuality, QualityPeriod } from "../../../shared/feed-quality.ts";
import { useCity, useCityNow, useFeeds } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatLimit } from "../../words/format-age.ts";
import { formatDay, formatTime } from "../../words/format-time.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import { AgreementLine } from "./feed-detail.tsx";
import { useFeedMonths } from "./feed-quality.ts";
import styles from "./feeds.module.css";

/** Per supplier and contract what was promised against what was kept, as it can be printed and laid on a table. */
export function SupplierRegister({ qualities }: { qualities: ReadonlyMap<string, FeedQuality> }) {
  const { t, text, language } = useWords();
  const city = useCity();
  const feeds = useFeeds();
  const now = useCityNow(60_000);
  const months = useFeedMonths();
  if (city === null || now === null) return null;
  const { zone } = city.settings;
  const time = `${formatDay(now, zone, language)} ${formatTime(now, zone, language)}`;
  const suppliers: (Supplier | null)[] = [...city.suppliers, null];
  return (
    <>
      <p className={styles.lead}>
        {t("faces.quality.registerLine", { time })} {t("faces.quality.eachCell")}{" "}
        <button type="button" className={styles.print} onClick={() => window.print()}>
          {t("faces.quality.print")}
        </button>
      </p>
      {suppliers.map((supplier) => {
        const supplied = feeds.filter((feed) => feed.supplier === (supplier?.id ?? null));
        if (supplied.length === 0) return null;
        const name = supplier === null ? t("faces.quality.ownSupplier") : text(supplier.title);
        return (
          <section key={supplier?.id ?? ""} className={styles.supplier}>
            <h2>{name}</h2>
            <Register supplier={name} feeds={supplied} qualities={qualities} months={months} />
          </section>
        );
      })}
    </>
  );
}

function Register({
  supplier,
  feeds,
  qualities,
  months,
}: {
  supplier: string;
  feeds: readonly FeedStatus[];
  qualities: ReadonlyMap<string, FeedQuality>;
  months: ReadonlyMap<string, readonly QualityPeriod[]>;
}) {
  const { t } = useWords();
  return (
    <table className={`${styles.table} ${styles.register} ${styles.stacked}`} aria-label={supplier}>
      <thead>
        <tr>
          <th scope="col">{t("faces.feeds.feed")}</th>
          <th scope="col">{t("faces.quality.agreement")}</th>
          <th scope="col">{t("faces.quality.available")}</th>
          <th scope="col">{t("faces.quality.fresh")}</th>
          <th scope="col">{t("faces.quality.completeness")}</th>
          <th scope="col">{t("faces.quality.pace")}</th>
          <th scope="col">{t("faces.quality.months")}</th>
        </tr>
      </thead>
      <tbody>
        {feeds.map((feed) => (
          <RegisterRow
            key={feed.id}
            feed={feed}
            quality={qualities.get(feed.id) ?? null}
            months={months.get(feed.id) ?? []}
          />
        ))}
      </tbody>
    </table>
  );
}

function RegisterRow(props: {
  feed: FeedStatus;
  quality: FeedQuality | null;
  months: readonly QualityPeriod[];
}) {
  const { feed, quality, months } = props;
  const { t, text, language } = useWords();
  const agreement = quality?.agreement ?? null;
  const [today, week] = [quality?.today ?? null, quality?.week ?? null];
  const limit = t("faces.quality.limit", { age: formatLimit(feed.staleAfterSeconds, language) });
  const pace = t("faces.quality.every", { age: formatLimit(feed.cadenceSeconds, language) });
  return (
    <tr>
      <th scope="row">{text(feed.title)}</th>
      <td>{agreement === null ? t("faces.quality.noAgreement") : <AgreementLine agreement={agreement} />}</td>
      <td data-label={t("faces.quality.available")}>
        <KeptPair
          promised={agreement?.availabilityPercent ?? null}
          today={today?.availablePercent}
          week={week?.availablePercent}
        />
      </td>
      <td data-label={t("faces.quality.fresh")}>
        <KeptPair
          promised={agreement?.freshnessPercent ?? null}
          today={today?.freshPercent}
          week={week?.freshPercent}
          also={limit}
        />
      </td>
      <td data-label={t("faces.quality.completeness")}>
        <KeptPair
          promised={agreement?.completenessPercent ?? null}
          today={today?.completenessPercent}
          week={week?.completenessPercent}
        />
      </td>
      <td data-label={t("faces.quality.pace")}>
        <KeptPair promised={null} today={today?.onTimePercent} week={week?.onTimePercent} also={pace} />
      </td>
      <td data-label={t("faces.quality.months")}>
        <Months months={months} />
      </td>
    </tr>
  );
}

/** Of a month, the gravest. */
const mostNotices = 3;

/** How fresh a feed was month by month, whether everything that was promised was kept, and what was noticed how long. */
function Months({ months }: { months: readonly QualityPeriod[] }) {
  const { t, language } = useWords();
  if (months.length === 0) return <span className={styles.quiet}>{t("faces.quality.notMeasured")}</span>;
  return months.map(({ startsOn, freshPercent, keeps, minutes, notices }) => {
    const share =
      freshPercent === null ? t("faces.quality.ungraded") : valueInWords(freshPercent, "percent", language);
    const line = `${startsOn.slice(0, 7)} ${share}`;
    return (
      <span key={startsOn} className={styles.kept}>
        {keeps === false ? (
          <b>
            <Shape name="below" /> {line}
            <span className="visually-hidden"> {t("faces.quality.below")}</span>
          </b>
        ) : (
          line
        )}
        {(notices ?? []).slice(0, mostNotices).map((notice) => (
          <span key={`${notice.severity} ${notice.code}`} className={styles.under}>
            {notice.code} {valueInWords((100 * notice.minutes) / minutes, "percent", language)}
          </span>
        ))}
      </span>
    );
  });
}

/** A promise above what was kept today and in seven days; what is below it is said in shape and word. */
function KeptPair(props: {
  promised: number | null;
  today: number | null | undefined;
  week: number | null | undefined;
  /** What is promised beside or instead of a share. */
  also?: string;
}) {
  const { t, language } = useWords();
  const { promised, today, week, also } = props;
  const written = (value: number | null | undefined): string =>
    value == null ? t("faces.quality.ungraded") : valueInWords(value, "percent", language);
  const promise = [
    ...(promised === null ? [] : [written(promised)]),
    ...(also === undefined ? [] : [also]),
  ].join(" · ");
  const isBelow = promised !== null && [today, week].some((value) => value != null && value < promised);
  const kept = t("faces.quality.keptPair", { today: written(today), week: written(week) });
  return (
    <>
      <span className={styles.quiet}>{promise || t("faces.quality.notPromised")}</span>
      <span className={styles.kept}>
        {isBelow ? (
          <b>
            <Shape name="below" /> {kept}
            <span className="visually-hidden"> {t("faces.quality.below")}</span>
          </b>
        ) : (
          kept
        )}
      </span>
    </>
  );
}

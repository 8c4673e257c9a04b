import { useEffect, useRef, type ReactNode } from "react";
import type { FeedStatus } from "../../../shared/feed.ts";
import type { FeedQuality, KeptSpan } from "../../../shared/feed-quality.ts";
import { useCity, useCityNow, useFeeds } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatAge, formatLimit } from "../../words/format-age.ts";
import { formatNumber } from "../../words/format-number.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import { feedInWords } from "../feed-words.ts";
import { Link } from "../link.tsx";
import { useFeedMonths, useFeedRules } from "./feed-quality.ts";
import styles from "./feeds.module.css";
import { GradeMark, Requirements } from "./grade-mark.tsx";
import { LastBody } from "./last-body.tsx";
import { NoticeMonths } from "./notice-months.tsx";
import { NoticeTable } from "./notice-table.tsx";

/** One feed: who answers for it, what it keeps, what is wrong with it and what it last said. */
export function FeedDetail({ id, quality }: { id: string; quality: FeedQuality | null }) {
  const { t, text } = useWords();
  const feeds = useFeeds();
  const rules = useFeedRules();
  const months = useFeedMonths();
  const feed = feeds.find((one) => one.id === id);
  const heading = useRef<HTMLHeadingElement>(null);
  // The link that led here is gone, and the focus with it.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  if (feed === undefined)
    return feeds.length === 0 ? null : <p role="alert">{t("faces.quality.unknown", { id })}</p>;
  return (
    <>
      <h2 ref={heading} tabIndex={-1}>
        {text(feed.title)}
      </h2>
      <p>
        <Link to="/feeds">{t("faces.quality.all")}</Link>
      </p>
      <div className={styles.columns}>
        <Facts feed={feed} quality={quality} />
        {quality !== null && (
          <section>
            <h3>
              {t("faces.quality.gradeIs")} <GradeMark grade={quality.graded.grade} />
            </h3>
            <Requirements missing={quality.graded.missing.map((one) => one.id)} />
            <h3>{t("faces.quality.kept")}</h3>
            <KeptTable quality={quality} />
          </section>
        )}
      </div>
      <h3>{t("faces.quality.notices")}</h3>
      {feed.notices.length === 0 ? (
        <p className={styles.quiet}>{t("faces.quality.noNotices")}</p>
      ) : (
        <NoticeTable spec={feed.spec} notices={feed.notices} rules={rules} />
      )}
      <NoticeMonths months={months.get(feed.id) ?? []} />
      <h3>{t("faces.quality.lastBody")}</h3>
      <LastBody feed={feed} rules={rules} />
    </>
  );
}

function Facts({ feed, quality }: { feed: FeedStatus; quality: FeedQuality | null }) {
  const { t, text, language } = useWords();
  const city = useCity();
  const now = useCityNow(1_000);
  const owner = city?.departments.find((one) => one.id === feed.department);
  const supplier = city?.suppliers.find((one) => one.id === feed.supplier);
  const agreement = quality?.agreement;
  const isOld =
    quality != null && quality.newestVersion !== null && quality.version !== quality.newestVersion;
  return (
    <dl className={styles.facts}>
      <Fact name={t("faces.quality.owner")}>{owner ? text(owner.title) : feed.department}</Fact>
      <Fact name={t("faces.quality.supplier")}>
        {supplier ? text(supplier.title) : t("faces.quality.ownSupplier")}
      </Fact>
      <Fact name={t("faces.quality.licence")}>
        {feed.licence}
        {feed.attribution !== null && <span className={styles.under}>{feed.attribution}</span>}
      </Fact>
      <Fact name={t("faces.quality.agreement")}>
        {agreement == null ? t("faces.quality.noAgreement") : <AgreementLine agreement={agreement} />}
      </Fact>
      <Fact name={t("faces.quality.spec")}>
        {t("faces.quality.specLine", {
          spec: [feed.spec, quality?.version].filter(Boolean).join(" "),
          transport: t(`faces.quality.transport.${feed.transport}`),
        })}
        {isOld && (
          <span className={styles.under}>
            {t("faces.quality.newest", { version: quality.newestVersion! })}
          </span>
        )}
      </Fact>
      <Fact name={t("faces.quality.state")}>
        {feed.status !== "fresh" && <Shape name={feed.status} />}{" "}
        {now === null ? "" : feedInWords(feed, now, language)}
        <span className={styles.under}>
          {t("faces.quality.limit", { age: formatLimit(feed.staleAfterSeconds, language) })}
        </span>
      </Fact>
      {feed.error && (
        <Fact name={t("faces.quality.error")}>
          <b>{t(`feeds.error.${feed.error.class}`)}</b>
          <span className={styles.under}>{feed.error.message}</span>
        </Fact>
      )}
      <Fact name={t("faces.quality.things")}>{formatNumber(feed.entities, 0, language)}</Fact>
      <Fact name={t("faces.quality.dropped")}>{formatNumber(feed.dropped, 0, language)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Purpose, contract, end and whether it is in force. */
export function AgreementLine({ agreement }: { agreement: NonNullable<FeedQuality["agreement"]> }) {
  const { t, text } = useWords();
  const { purpose, contract, validUntil, state, terminated, forbids } = agreement;
  const word = t(`faces.quality.agreementState.${state}`);
  return (
    <>
      {text(purpose)}
      <span className={styles.under}>
        {contract === null ? "" : `${contract} · `}
        {validUntil === null ? t("faces.quality.noEnd") : t("faces.quality.until", { date: validUntil })}
        {" · "}
        {state === "in-force" ? (
          word
        ) : (
          <b>
            <Shape name="warning" /> {terminated ? t("faces.quality.terminated") : word}
          </b>
        )}
      </span>
      {forbids !== null && (
        <span className={styles.under}>
          <Shape name="forbidden" />{" "}
          {t("faces.quality.forbids", {
            kinds: forbids.kinds.map((kind) => t(`map.kinds.${kind}`)).join(t("faces.islands.and")),
          })}{" "}
          {text(forbids.reason)}
        </span>
      )}
    </>
  );
}

function KeptTable({ quality: { today, week, agreement } }: { quality: FeedQuality }) {
  const { t, language } = useWords();
  const percent = (value: number | null | undefined): string =>
    value == null ? t("faces.quality.ungraded") : valueInWords(value, "percent", language);
  const rows = [
    [t("faces.quality.available"), "availablePercent", agreement?.availabilityPercent],
    [t("faces.quality.fresh"), "freshPercent", agreement?.freshnessPercent],
    [t("faces.quality.completeness"), "completenessPercent", agreement?.completenessPercent],
    [t("faces.quality.pace"), "onTimePercent", null],
  ] as const;
  const whole = (span: KeptSpan | null): string => formatNumber(span?.minutes ?? 0, 0, language);
  const oldest = (span: KeptSpan | null): string =>
    span?.oldestSeconds == null ? t("faces.quality.ungraded") : formatAge(span.oldestSeconds, language);
  return (
    <table className={styles.table} aria-label={t("faces.quality.kept")}>
      <thead>
        <tr>
          <th scope="col">{t("faces.quality.measured")}</th>
          <th scope="col" className={styles.figure}>
            {t("faces.quality.promised")}
          </th>
          <th scope="col" className={styles.figure}>
            {t("faces.quality.today")}
          </th>
          <th scope="col" className={styles.figure}>
            {t("faces.quality.week")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, key, promised]) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td className={styles.figure}>{percent(promised)}</td>
            <td className={styles.figure}>{percent(today?.[key])}</td>
            <td className={styles.figure}>{percent(week?.[key])}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">{t("faces.quality.oldest")}</th>
          <td className={styles.figure}>{t("faces.quality.ungraded")}</td>
          <td className={styles.figure}>{oldest(today)}</td>
          <td className={styles.figure}>{oldest(week)}</td>
        </tr>
        <tr>
          <th scope="row">{t("faces.quality.minutes")}</th>
          <td className={styles.figure}>{t("faces.quality.ungraded")}</td>
          <td className={styles.figure}>{whole(today)}</td>
          <td className={styles.figure}>{whole(week)}</td>
        </tr>
      </tbody>
    </table>
  );
}

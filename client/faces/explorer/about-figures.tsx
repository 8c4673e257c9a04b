import { inputsOf, parseSeriesId, type Condition, type Match, type Measure } from "../../../shared/city.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import type { Bucket } from "../../../shared/series.ts";
import { freshValue } from "../../charts/series-shape.ts";
import { useCityNow, useFeedsOf, useReading, type Indicator } from "../../live/store.ts";
import { formatAge, formatLimit } from "../../words/format-age.ts";
import { formatNumber } from "../../words/format-number.ts";
import { formatValue, valueInWords } from "../../words/format-value.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import { feedInWords } from "../feed-words.ts";
import { fieldInLetters } from "../grouping-words.ts";
import { Link } from "../link.tsx";
import { bucketInWords, type Figure } from "./drawings/drawing.ts";
import styles from "./explorer.module.css";

/** What stands beside the numbers: what they mean, whose they are, how good and how old, and how they came about. */
export function AboutFigures(props: {
  city: CityBody;
  ids: readonly string[];
  figures: readonly Figure[];
  bucket: Bucket;
}) {
  const { city, ids, figures, bucket } = props;
  const { t } = useWords();
  const indicators = Array.from(new Set(ids.map((id) => parseSeriesId(id).indicator))).flatMap(
    (id) => city.indicators.find((one) => one.id === id) ?? [],
  );
  return (
    <aside className={styles.about} aria-label={t("explorer.about.title")}>
      {indicators.map((indicator, i) => (
        <About
          key={indicator.id}
          isOpen={i === 0}
          indicator={indicator}
          figures={figures.filter(({ id }) => parseSeriesId(id).indicator === indicator.id)}
          {...{ city, bucket }}
        />
      ))}
    </aside>
  );
}

interface Props {
  readonly indicator: Indicator;
  readonly city: CityBody;
  readonly figures: readonly Figure[];
  readonly bucket: Bucket;
  readonly isOpen: boolean;
}

function About({ indicator, city, figures, bucket, isOpen }: Props) {
  const { t, text, language } = useWords();
  const reading = useReading(indicator.id);
  const now = useCityNow(1_000);
  const owner = city.departments.find(({ id }) => id === indicator.department);
  const { unit } = formatValue(reading?.value ?? indicator.target ?? 1, indicator.unit, language);
  const all = figures.flatMap(({ points }) => points.filter(({ reason }) => reason !== "future"));
  const known = all.filter((point) => freshValue(point) !== null).length;
  const ageSeconds = reading?.observedAt == null || now === null ? null : (now - reading.observedAt) / 1_000;
  return (
    <details open={isOpen}>
      <summary>{text(indicator.title)}</summary>
      <p>{text(indicator.definition)}</p>
      <dl>
        <div>
          <dt>{t("explorer.about.now")}</dt>
          <dd>
            {reading?.value == null
              ? t("explorer.table.none")
              : valueInWords(reading.value, indicator.unit, language, indicator.target ?? reading.value)}
            {ageSeconds !== null && ` · ${t("explorer.about.age", { age: formatAge(ageSeconds, language) })}`}
          </dd>
        </div>
        <div>
          <dt>{t("explorer.about.owner")}</dt>
          <dd>{owner ? text(owner.title) : indicator.department}</dd>
        </div>
        <div>
          <dt>{t("explorer.about.unit")}</dt>
          <dd>{unit === "" ? t("explorer.about.plain") : unit}</dd>
        </div>
        <div>
          <dt>{t("explorer.about.target")}</dt>
          <dd>
            {[
              ...(indicator.target === null
                ? []
                : [valueInWords(indicator.target, indicator.unit, language)]),
              t(`better.${indicator.better}`),
            ].join(" · ")}
          </dd>
        </div>
        <div>
          <dt>{t("explorer.about.data")}</dt>
          <dd>{t(`explorer.about.${reading?.quality ?? "partial"}`)}</dd>
        </div>
        <div>
          <dt>{t("explorer.about.quality")}</dt>
          <dd>
            {t("explorer.about.known", {
              known: formatNumber(known, 0, language),
              all: formatNumber(all.length, 0, language),
            })}
          </dd>
        </div>
      </dl>
      <h3>{t("explorer.about.lineage")}</h3>
      <Lineage {...{ indicator, city, bucket }} />
    </details>
  );
}

/** The steps from the sources to the figure, in their order. */
function Lineage({ indicator, city, bucket }: Pick<Props, "indicator" | "city" | "bucket">) {
  const words = useWords();
  const { t, text, language } = words;
  const now = useCityNow(1_000);
  const feeds = useFeedsOf(indicator.feeds).filter((feed) => feed !== null);
  const inputs = inputsOf(indicator).flatMap((id) => city.indicators.find((one) => one.id === id) ?? []);
  return (
    <ol className={styles.lineage}>
      {feeds.map((feed) => (
        <li key={feed.id}>
          <b>{t("explorer.about.feed")}</b>{" "}
          <Link to={`/feeds?feed=${encodeURIComponent(feed.id)}`}>{text(feed.title)}</Link>
          <span>
            {[
              feed.spec,
              ...city.suppliers.filter(({ id }) => id === feed.supplier).map(({ title }) => text(title)),
              t("explorer.about.licence", { licence: feed.licence }),
              ...(now === null ? [] : [feedInWords(feed, now, language)]),
            ].join(" · ")}
          </span>
        </li>
      ))}
      {indicator.reads !== null && (
        <li>
          <b>{t("explorer.about.things")}</b> {t(`map.kinds.${indicator.reads}`)}
        </li>
      )}
      {Object.keys(indicator.where).length > 0 && (
        <li>
          <b>{t("explorer.about.filter")}</b> {matchInWords(indicator.where, words)}
        </li>
      )}
      {indicator.window !== null && (
        <li>
          <b>{t("explorer.about.window")}</b>{" "}
          {"lastSeconds" in indicator.window
            ? formatLimit(indicator.window.lastSeconds, language)
            : t("explorer.range.named.today")}
        </li>
      )}
      {inputs.length > 0 && (
        <li>
          <b>{t("explorer.about.inputs")}</b> {inputs.map(({ title }) => text(title)).join(" · ")}
        </li>
      )}
      <li>
        <b>{t("explorer.about.measure")}</b> {measureInWords(indicator.measure, words)}
      </li>
      <li>
        <b>{t("explorer.about.rollUp")}</b>{" "}
        {t("explorer.about.rolled", { bucket: bucketInWords(bucket, words), zone: city.settings.zone })}
      </li>
    </ol>
  );
}

/** Conditions as the city folder has them, in readable letters. */
function matchInWords(match: Match, words: UsedWords): string {
  return Object.entries(match)
    .map(
      ([field, condition]) =>
        `${fieldInLetters(field.replace("$", ""))}: ${conditionInWords(condition, words)}`,
    )
    .join(" · ");
}

function conditionInWords(condition: Condition, { t }: UsedWords): string {
  if (typeof condition !== "object") return String(condition);
  if ("in" in condition) return condition.in.join(", ");
  if ("notIn" in condition) return t("explorer.about.conditions.not", { values: condition.notIn.join(", ") });
  if ("exists" in condition) return t(`explorer.about.conditions.${condition.exists ? "known" : "unknown"}`);
  if ("past" in condition) return t(`explorer.about.conditions.${condition.past ? "past" : "ahead"}`);
  const { from, to } = condition;
  if (from === undefined) return t("explorer.about.conditions.atMost", { to: to ?? "" });
  return to === undefined
    ? t("explorer.about.conditions.atLeast", { from })
    : t("explorer.ramp.step", { from, to });
}

function measureInWords(measure: Measure, words: UsedWords): string {
  const { t } = words;
  if ("count" in measure) return t("explorer.about.measures.count");
  if ("distinct" in measure)
    return t("explorer.about.measures.distinct", { field: fieldInLetters(measure.distinct) });
  if ("sum" in measure) return t("explorer.about.measures.sum", { field: fieldInLetters(measure.sum) });
  if ("mean" in measure) return t("explorer.about.measures.mean", { field: fieldInLetters(measure.mean) });
  if ("min" in measure) return t("explorer.about.measures.min", { field: fieldInLetters(measure.min) });
  if ("max" in measure) return t("explorer.about.measures.max", { field: fieldInLetters(measure.max) });
  if ("percentile" in measure)
    return t("explorer.about.measures.percentile", {
      p: measure.percentile.p,
      field: fieldInLetters(measure.percentile.field),
    });
  if ("share" in measure)
    return t("explorer.about.measures.share", { field: matchInWords(measure.share, words) });
  if ("age" in measure) return t("explorer.about.measures.age", { field: fieldInLetters(measure.age) });
  if ("rate" in measure) return t("explorer.about.measures.rate");
  if ("latest" in measure)
    return t("explorer.about.measures.latest", { field: fieldInLetters(measure.latest) });
  if ("ratio" in measure) return t("explorer.about.measures.ratio");
  if ("difference" in measure) return t("explorer.about.measures.difference");
  if ("score" in measure) return t("explorer.about.measures.score");
  if ("scheduled" in measure) return t("explorer.about.measures.scheduled");
  return t("explorer.about.measures.platform");
}

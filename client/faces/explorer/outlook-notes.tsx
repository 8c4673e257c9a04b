import type { Language } from "../../../shared/city.ts";
import type { ForecastAnswer } from "../../../shared/outlook.ts";
import type { Excursion } from "../../charts/left-band.ts";
import { formatInstant } from "../../words/format-date.ts";
import { formatNumber } from "../../words/format-number.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import type { UsualBand } from "./drawings/band-drawing.ts";
import type { Figure } from "./drawings/drawing.ts";
import { excessInWords, whenInWords } from "./excursion-words.ts";
import type { Outlook } from "./outlook-data.ts";
import type { OutlookAsked } from "./outlook-request.ts";
import styles from "./outlook.module.css";
import type { View } from "./view.ts";

/** Where each method is explained: Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd edition. */
const explained = {
  "holt-winters": "https://otexts.com/fpp3/holt-winters.html",
  "seasonal-naive": "https://otexts.com/fpp3/simple-methods.html",
} as const;

interface Props {
  readonly view: View;
  readonly asked: OutlookAsked;
  readonly outlook: Outlook;
  readonly bands: ReadonlyMap<string, UsualBand>;
  readonly figures: readonly Figure[];
  readonly zone: string;
}

/** Under the chart: what left its band, how good the forecast is, and why either is missing. */
export function OutlookNotes({ view, asked, outlook, bands, figures, zone }: Props) {
  const { t } = useWords();
  if (!view.usual && view.ahead === null) return null;
  const named = (ids: readonly string[]): string =>
    ids.flatMap((id) => figures.find((one) => one.id === id)?.title ?? []).join(", ");
  const isSeveral = figures.length > 1;
  const problem =
    outlook.problem === null
      ? null
      : outlook.problem === ""
        ? t("explorer.state.unreachable")
        : outlook.problem;
  return (
    <div className={styles.notes}>
      {view.usual && (
        <section aria-labelledby="explorer-usual">
          <h3 id="explorer-usual">{t("explorer.usual.title")}</h3>
          {asked.noUsual !== null && <p>{t(`explorer.outlook.why.${asked.noUsual}`)}</p>}
          {figures.map((figure) => {
            const band = bands.get(figure.id);
            return band && <LeftBand key={figure.id} {...{ figure, band, zone, isSeveral }} />;
          })}
          {outlook.unusual.length > 0 && (
            <p>{t("explorer.usual.tooLittle", { titles: named(outlook.unusual) })}</p>
          )}
        </section>
      )}
      {view.ahead !== null && (
        <section aria-labelledby="explorer-forecast">
          <h3 id="explorer-forecast">{t("explorer.forecast.title")}</h3>
          {asked.noForecast !== null && <p>{t(`explorer.outlook.why.${asked.noForecast}`)}</p>}
          {figures.map((figure) => {
            const forecast = outlook.forecasts.get(figure.id);
            return forecast && <Foretold key={figure.id} {...{ figure, forecast, zone, isSeveral }} />;
          })}
          {outlook.unforeseen.length > 0 && (
            <p>{t("explorer.forecast.tooLittle", { titles: named(outlook.unforeseen) })}</p>
          )}
        </section>
      )}
      {outlook.isPending && <p className={styles.waiting}>{t("explorer.state.loading")}</p>}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {t("explorer.outlook.failed", { reason: problem })}
        </p>
      )}
    </div>
  );
}

/** Sentences after each other: Chinese has no space between them. */
function inARow(language: Language, sentences: readonly (string | false)[]): string {
  return sentences.filter(Boolean).join(language === "zh" ? "" : " ");
}

interface OfFigure {
  readonly figure: Figure;
  readonly zone: string;
  /** There are others, so that it has to be named. */
  readonly isSeveral: boolean;
}

/** One figure's excursions, by time. */
function LeftBand({ figure, band, zone, isSeveral }: OfFigure & { band: UsualBand }) {
  const { t, language } = useWords();
  const { excursions, judged, outside, byChance } = band.banded;
  const { listed, bucket } = band;
  const number = (count: number): string => formatNumber(count, 0, language);
  return (
    <>
      {isSeveral && <h4>{figure.title}</h4>}
      <p>
        {inARow(language, [
          t(`explorer.usual.means.${bucket}`),
          t(`explorer.usual.outside.${bucket}`, {
            outside: number(outside),
            all: number(judged),
            chance: number(byChance),
          }),
          listed.length < excursions.length &&
            t("explorer.usual.strongest", { count: listed.length, all: number(excursions.length) }),
        ])}
      </p>
      {listed.length > 0 && (
        <ul>
          {listed.map((one) => (
            <Left key={one.fromAt} {...{ one, figure, zone, bucket }} />
          ))}
        </ul>
      )}
    </>
  );
}

interface LeftProps {
  readonly one: Excursion;
  readonly figure: Figure;
  readonly zone: string;
  readonly bucket: UsualBand["bucket"];
}

function Left({ one, figure: { unit }, zone, bucket }: LeftProps) {
  const words = useWords();
  const { t, language } = words;
  // Of a mean in the hundreds the tenths say nothing.
  const said = (value: number): string =>
    valueInWords(Math.abs(value) < 100 ? value : Math.round(value), unit, language, one.high);
  return (
    <li>
      <span className={styles.side} data-side={one.side} aria-hidden="true" />
      <span>
        <time dateTime={new Date(one.fromAt).toISOString()}>{whenInWords(one, bucket, zone, language)}</time>{" "}
        {t(`explorer.usual.left.${one.side}`, {
          excess: excessInWords(one, unit, words).replaceAll(" ", "\u00a0"),
          value: said(one.peak.value),
          low: said(one.low),
          high: said(one.high),
        })}
      </span>
    </li>
  );
}

/** By which method one figure is foretold, and how far off that was in the past. */
function Foretold({ figure, forecast, zone, isSeveral }: OfFigure & { forecast: ForecastAnswer }) {
  const { t, language } = useWords();
  const { method, knownTo, bucket, backTest } = forecast;
  const said = (value: number): string => valueInWords(value, figure.unit, language);
  return (
    <>
      {isSeveral && <h4>{figure.title}</h4>}
      <p>
        {t("explorer.forecast.by")}{" "}
        <a href={explained[method]} target="_blank" rel="noreferrer">
          {t(`explorer.forecast.methods.${method}`)}
        </a>
        {t("explorer.forecast.knownTo", { time: formatInstant(knownTo, zone, language) })}
      </p>
      <p>
        {inARow(language, [
          t(`explorer.forecast.error.${bucket}`, {
            count: backTest.origins,
            error: said(backTest.meanAbsoluteError),
          }),
          method === "holt-winters" &&
            t("explorer.forecast.naive", { error: said(backTest.naiveMeanAbsoluteError) }),
          backTest.insidePercent !== null &&
            t("explorer.forecast.inside", { share: formatNumber(backTest.insidePercent, 0, language) }),
        ])}
      </p>
    </>
  );
}

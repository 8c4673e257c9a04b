import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { BacktestSeries } from "../../../shared/alarms.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { parseSeriesId } from "../../../shared/city.ts";
import { useChartLook } from "../../charts/chart-look.ts";
import { ExplorerChart } from "../../charts/explorer-chart.tsx";
import { extremesOf } from "../../charts/series-shape.ts";
import { useCityNow } from "../../live/store.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import admin from "../admin/admin.module.css";
import { withValue } from "../admin/edit.ts";
import { numberAt, textAt, valueAt } from "../admin/json-at.ts";
import { useAlarmNames } from "../alarm-desk/naming.ts";
import { TokenForm } from "../token-form.tsx";
import {
  backtestDrawing,
  laneHeight,
  seriesHeight,
  stretchWalk,
  type BacktestDrawn,
} from "./backtest-drawing.ts";
import { BacktestFigures, BacktestGroups } from "./backtest-figures.tsx";
import { boundsOf, formOf, turnRange, withBound } from "./condition.ts";
import styles from "./rules.module.css";
import { triedRule } from "./tried-rule.ts";
import { useBacktest, usePastSeries } from "./use-backtest.ts";

const days = 90;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The rule as it is being written, tried on the last 90 days: a bound is turned, and what it would have done is seen. */
export function BacktestPanel(props: { draft: string; city: CityBody; onChange: (draft: string) => void }) {
  const { draft, city, onChange } = props;
  const { t, language } = useWords();
  const now = useCityNow(minuteMs);
  // One past for all that is tried here, so that it is read once.
  const [toAt, setToAt] = useState(now);
  if (toAt === null && now !== null) setToAt(now);
  const [turn, setTurn] = useState(0);
  const rule = useMemo(() => triedRule(draft), [draft]);
  const { tried, isBusy } = useBacktest(toAt === null ? null : rule, days, toAt ?? 0, turn);
  const answer = tried.state === "tried" ? tried.answer : null;
  const [chosen, setChosen] = useState<string | null>(null);
  const series = answer?.series.find(({ id }) => id === chosen) ?? answer?.series[0] ?? null;
  const indicator = textAt(draft, ["indicator"]);
  const about = series !== null && parseSeriesId(series.id).indicator === indicator ? series.id : null;
  const nameOf = useNameOfSeries(draft, city);
  const past = usePastSeries(about, answer?.fromAt ?? 0, answer?.toAt ?? 0);
  const drawn = useMemo(
    () =>
      answer === null || series === null
        ? null
        : {
            fromAt: answer.fromAt,
            toAt: answer.toAt,
            stretches: series.stretches,
            series: past,
            bounds: absoluteBounds(draft),
          },
    [answer, series, past, draft],
  );
  return (
    <section className={styles.tried} aria-labelledby="tried-title" aria-busy={isBusy}>
      <header>
        <h3 id="tried-title">{t("rules.tried.title", { days })}</h3>
        <p role="status" className={admin.quiet}>
          {isBusy && t("rules.tried.busy")}
        </p>
      </header>
      {rule === null && <p>{t("rules.tried.unread")}</p>}
      {tried.state === "token" && (
        <TokenForm why={t("rules.tried.token")} onToken={() => setTurn((one) => one + 1)} />
      )}
      {tried.state === "failed" && <p>{t("rules.tried.failed", { reason: tried.reason })}</p>}
      {answer !== null && toAt !== null && answer.fromAt > toAt - days * dayMs + dayMs && (
        <p className={admin.quiet}>
          {t("rules.tried.since", { time: formatInstant(answer.fromAt, city.settings.zone, language) })}
        </p>
      )}
      {drawn !== null && series !== null && (
        <>
          <TurnBound draft={draft} seen={past && extremesOf(past.points)} onChange={onChange} />
          <TriedChart drawn={drawn} name={nameOf(series)} zone={city.settings.zone} />
        </>
      )}
      {answer !== null && <BacktestFigures answer={answer} />}
      {answer !== null && answer.series.length > 1 && (
        <BacktestGroups
          series={answer.series}
          chosen={series?.id ?? null}
          nameOf={nameOf}
          onChoose={setChosen}
        />
      )}
    </section>
  );
}

/** The bound as a slider, for the pointer and the arrow keys. */
function TurnBound(props: {
  draft: string;
  seen: { readonly low: number; readonly high: number } | null;
  onChange: (draft: string) => void;
}) {
  const { draft, seen, onChange } = props;
  const { t } = useWords();
  const id = useId();
  const when = valueAt(draft, ["when"]);
  const form = formOf(when);
  const bound = form === null ? null : numberAt(draft, ["when", boundsOf[form]?.bound ?? ""]);
  // What it can be turned to stays while it is being turned.
  const isAbsolute = form === "above" || form === "below";
  const [ranged, setRanged] = useState<{ readonly for: string; readonly from: number } | null>(null);
  const key = `${form} ${JSON.stringify(seen)}`;
  if (bound !== null && ranged?.for !== key) setRanged({ for: key, from: bound });
  if (form === null || bound === null || ranged === null) return null;
  const span = seen === null ? null : isAbsolute ? seen : { low: 0, high: seen.high - seen.low };
  const { min, max, step } = turnRange(ranged.from, span);
  return (
    <p className={styles.turn}>
      <label htmlFor={id}>{t("rules.tried.turn")}</label>
      <input
        id={id}
        type="range"
        min={isAbsolute ? min : Math.max(min, step)}
        max={max}
        step={step}
        value={bound}
        onChange={(event) =>
          onChange(
            withValue(
              draft,
              ["when"],
              withBound(when as Record<string, unknown>, form, Number(event.target.value)),
            ),
          )
        }
      />
      <output htmlFor={id}>{bound}</output>
    </p>
  );
}

function TriedChart({ drawn, name, zone }: { drawn: BacktestDrawn; name: string; zone: string }) {
  const words = useWords();
  const { t } = words;
  const look = useChartLook();
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const paper = { look, width, zone, words };
  const option = useMemo(
    () => (width === 0 ? null : backtestDrawing(drawn, { look, width, zone, words })),
    [drawn, look, width, zone, words],
  );
  return (
    <div ref={place} className={styles.chart} data-stretches={drawn.stretches.length}>
      {option !== null && (
        <ExplorerChart
          option={option}
          label={t("rules.tried.chart", { name })}
          keys={t("rules.tried.keys")}
          height={drawn.series === null ? laneHeight : seriesHeight}
          picture={null}
          walk={stretchWalk(drawn, paper)}
          time={null}
        />
      )}
      {drawn.stretches.length === 0 && <p className={admin.quiet}>{t("rules.tried.none")}</p>}
    </div>
  );
}

/** Of a condition about the value itself. */
function absoluteBounds(draft: string): BacktestDrawn["bounds"] {
  const form = formOf(valueAt(draft, ["when"]));
  if (form !== "above" && form !== "below") return null;
  const { bound, clear } = boundsOf[form]!;
  const [alarm, clears] = [numberAt(draft, ["when", bound]), numberAt(draft, ["when", clear])];
  return alarm === null || clears === null ? null : { alarm, clear: clears };
}

/** A series of the back-test by its group, as alarms are named. */
function useNameOfSeries(
  draft: string,
  { rules }: CityBody,
): (one: Pick<BacktestSeries, "id" | "about">) => string {
  const nameOf = useAlarmNames();
  const { t, text } = useWords();
  const title = { en: textAt(draft, ["title", "en"]), zh: textAt(draft, ["title", "zh"]) };
  const indicator = textAt(draft, ["indicator"]) || null;
  return ({ id, about }) => {
    const { indicator: watched, group } = parseSeriesId(id);
    if (group !== null) return nameOf({ group, about, indicator }, { title });
    const rule = rules.find((one) => one.id === watched);
    return rule ? text(rule.title) : t("rules.tried.city");
  };
}

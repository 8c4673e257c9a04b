import type { BacktestAnswer, BacktestSeries } from "../../../shared/alarms.ts";
import { formatLimit } from "../../words/format-age.ts";
import { formatNumber } from "../../words/format-number.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import admin from "../admin/admin.module.css";
import styles from "./rules.module.css";

/** The server tells so many stretches of each of so many groups. */
const stretchesAtMost = 500;
const groupsAtMost = 200;
const groupsListed = 40;

/** How often, how long, how many in a flood, how much of an operator's time. */
export function BacktestFigures({ answer }: { answer: BacktestAnswer }) {
  const { t, language } = useWords();
  const { alarms, perDay, activeSeconds, fromAt, toAt, series } = answer;
  const time = (seconds: number | null): string =>
    seconds === null ? "–" : valueInWords(seconds, "seconds", language);
  const percent = (share: number): string => valueInWords(share, "percent", language);
  const watched = (series.length * (toAt - fromAt)) / 1000;
  const facts: readonly (readonly [name: string, value: string, more: string])[] = [
    [
      t("rules.tried.alarms"),
      formatNumber(alarms, 0, language),
      t("rules.tried.perDay", { figure: formatNumber(perDay, perDay < 10 ? 1 : 0, language) }),
    ],
    [
      t("rules.tried.active"),
      time(activeSeconds),
      watched === 0 ? "" : t("rules.tried.ofTime", { percent: percent((100 * activeSeconds) / watched) }),
    ],
    [t("rules.tried.median"), time(answer.medianSeconds), ""],
    [t("rules.tried.longest"), time(answer.longestSeconds), ""],
    [t("rules.tried.inFlood"), formatNumber(answer.inFlood, 0, language), ""],
    [
      t("rules.tried.operator"),
      time(answer.operatorSeconds),
      alarms === 0
        ? ""
        : t("rules.tried.each", { minutes: formatNumber(answer.operatorSeconds / alarms / 60, 0, language) }),
    ],
    [t("rules.tried.hidden"), formatNumber(answer.hidden, 0, language), ""],
    [t("rules.tried.known"), percent(answer.knownPercent), ""],
  ];
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(([name, value, more]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value} <span className={admin.quiet}>{more}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className={admin.quiet}>
        {t("rules.tried.means", { span: formatLimit(answer.everySeconds, language) })}{" "}
        {series.some(({ alarms: count }) => count > stretchesAtMost) &&
          t("rules.tried.newest", { count: stretchesAtMost })}{" "}
        {series.length >= groupsAtMost && t("rules.tried.only")}
      </p>
    </>
  );
}

/** The groups, those with most alarms first; one of them is drawn. */
export function BacktestGroups(props: {
  series: readonly BacktestSeries[];
  chosen: string | null;
  nameOf: (one: Pick<BacktestSeries, "id" | "about">) => string;
  onChoose: (id: string) => void;
}) {
  const { series, chosen, nameOf, onChoose } = props;
  const { t, language } = useWords();
  return (
    <table className={styles.groups} aria-label={t("rules.tried.groups")}>
      <thead>
        <tr>
          <th scope="col">{t("rules.tried.group")}</th>
          <th scope="col">{t("rules.tried.alarms")}</th>
          <th scope="col">{t("rules.tried.active")}</th>
        </tr>
      </thead>
      <tbody>
        {series.slice(0, groupsListed).map(({ id, about, alarms, activeSeconds }) => (
          <tr key={id}>
            <th scope="row">
              <button type="button" aria-pressed={id === chosen} onClick={() => onChoose(id)}>
                {nameOf({ id, about })}
              </button>
            </th>
            <td>{formatNumber(alarms, 0, language)}</td>
            <td>{valueInWords(activeSeconds, "seconds", language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

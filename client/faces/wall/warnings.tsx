import { useRef } from "react";
import type { EntityRow } from "../../../shared/entity-frame.ts";
import { useCity, useCityNow, useEntities } from "../../live/store.ts";
import { isInForce, severityOf, warningWords, weightOf } from "../../map/warnings.ts";
import { formatDay, formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { Section } from "./section.tsx";
import { useWholeRows } from "./use-whole-rows.ts";
import styles from "./warnings.module.css";

const shownAtMost = 4;
const dayMs = 86_400_000;

/** Official warnings (CAP) in force, the gravest first, in the publisher's words. */
export function Warnings() {
  const { t } = useWords();
  const now = useCityNow(5_000);
  const { rows } = useEntities("CapAlert");
  const inForce = Array.from(rows.values())
    .filter((row) => isInForce(row, now))
    .toSorted((a, b) => weightOf(a) - weightOf(b) || a.id.localeCompare(b.id));
  const list = useRef<HTMLUListElement>(null);
  useWholeRows(list, inForce.map(({ id }) => id).join(" "));
  return (
    <Section
      shrinks
      title={t("faces.warnings.title")}
      note={inForce.length > 0 ? t("faces.warnings.inForce", { count: inForce.length }) : undefined}
    >
      {inForce.length === 0 && <p className={styles.none}>{t("faces.warnings.none")}</p>}
      <ul ref={list}>
        {inForce.slice(0, shownAtMost).map((row) => (
          <Warning key={row.id} row={row} now={now} />
        ))}
      </ul>
    </Section>
  );
}

function Warning({ row, now }: { row: EntityRow; now: number | null }) {
  const { t, language } = useWords();
  const zone = useCity()?.settings.zone ?? "UTC";
  const severity = severityOf(row);
  const { expiresAt } = row.fields;
  const { headline, area } = warningWords(row, language);
  const until =
    typeof expiresAt !== "number"
      ? null
      : now !== null && expiresAt - now < dayMs
        ? formatTime(expiresAt, zone, language)
        : `${formatDay(expiresAt, zone, language)} ${formatTime(expiresAt, zone, language)}`;
  return (
    <li className={styles.warning} data-severity={severity}>
      <p className={styles.head}>
        <b>{t(`map.warning.severity.${severity}`)}</b>
        {until !== null && <span>{t("map.warning.until", { time: until })}</span>}
      </p>
      <p className={styles.headline}>{headline}</p>
      {!headline.toLowerCase().includes(area.toLowerCase()) && <p className={styles.area}>{area}</p>}
    </li>
  );
}

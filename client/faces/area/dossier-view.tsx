import type { Dossier, DossierKind } from "../../../shared/dossier.ts";
import { feedOfEntityId } from "../../../shared/entity.ts";
import type { EntityRow } from "../../../shared/entity-frame.ts";
import { useCity, useCityNow, useFeeds } from "../../live/store.ts";
import { beganAt, placeOf, stateOf, titleOf } from "../../map/entity-rows.ts";
import { formatAge } from "../../words/format-age.ts";
import { formatNumber } from "../../words/format-number.ts";
import { useWords } from "../../words/words.ts";
import { stateInWords, useAlarmNames } from "../alarm-desk/naming.ts";
import { PriorityMark } from "../alarm-desk/priority-mark.tsx";
import { CopyLink } from "../explorer/copy-link.tsx";
import { Link } from "../link.tsx";
import { AreaFigures } from "./area-figures.tsx";
import styles from "./area.module.css";

/** What is in an area: alarms, things by kind, figures; all of it as tables, which is also what a screen reader gets of the map. */
export function DossierView({ dossier, isDrawn }: { dossier: Dossier; isDrawn: boolean }) {
  const { t, text, language } = useWords();
  const { areas, alarms, kinds } = dossier;
  const names = areas.map(({ name }) => text(name));
  const list = new Intl.ListFormat(language === "zh" ? "zh-CN" : "en", { type: "conjunction" });
  return (
    <>
      <header className={styles.title}>
        <h2>{isDrawn || names.length === 0 ? t("dossier.outlined") : names.join()}</h2>
        <CopyLink url={location.href} words={t("dossier.link")} />
      </header>
      {isDrawn && names.length > 0 && <p>{t("dossier.touches", { areas: list.format(names) })}</p>}
      <Alarms alarms={alarms} />
      {kinds.length === 0 && <p className={styles.quiet}>{t("dossier.nothing")}</p>}
      {kinds.map((kind) => (
        <Things key={kind.kind} of={kind} />
      ))}
      <AreaFigures areas={areas} />
    </>
  );
}

function Alarms({ alarms }: { alarms: Dossier["alarms"] }) {
  const { t, language } = useWords();
  const words = useWords();
  const nameOf = useAlarmNames();
  const titleOfDepartment = useDepartments();
  const now = useCityNow(1_000);
  return (
    <section>
      <h3>
        {t("dossier.alarms")} <span className={styles.quiet}>{formatNumber(alarms.length, 0, language)}</span>
      </h3>
      {alarms.length === 0 ? (
        <p className={styles.quiet}>{t("dossier.noAlarms")}</p>
      ) : (
        <table className={`${styles.table} ${styles.things} ${styles.alarms}`}>
          <thead>
            <tr>
              <th scope="col">{t("dossier.columns.priority")}</th>
              <th scope="col">{t("dossier.columns.alarm")}</th>
              <th scope="col">{t("dossier.columns.state")}</th>
              <th scope="col">{t("dossier.columns.since")}</th>
              <th scope="col">{t("dossier.columns.owner")}</th>
            </tr>
          </thead>
          <tbody>
            {alarms.map((alarm) => (
              <tr key={alarm.id}>
                <td>
                  <PriorityMark priority={alarm.priority} isKnown={alarm.state !== "unacknowledged"} />
                </td>
                <th scope="row">
                  <Link to={`/desk?alarm=${encodeURIComponent(alarm.id)}`}>{nameOf(alarm, alarm)}</Link>
                </th>
                <td>{stateInWords(alarm, false, words)}</td>
                <td>{now === null ? "" : formatAge((now - alarm.since) / 1_000, language)}</td>
                <td>{titleOfDepartment(alarm.owner)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Things({ of: { kind, count, newestAt, things } }: { of: DossierKind }) {
  const { t, language } = useWords();
  const now = useCityNow(1_000);
  const title = t(`map.kinds.${kind}`);
  const unlisted = (count ?? 0) - things.length;
  return (
    <section>
      <h3>
        {count === null
          ? title
          : t("dossier.things", { kind: title, figure: formatNumber(count, 0, language) })}{" "}
        <span className={styles.quiet}>
          {newestAt !== null &&
            now !== null &&
            t("dossier.newest", { age: formatAge((now - newestAt) / 1_000, language) })}
        </span>
      </h3>
      {count === null ? (
        <p className={styles.quiet}>{t("dossier.needsToken")}</p>
      ) : (
        <table className={`${styles.table} ${styles.things}`}>
          <thead>
            <tr>
              <th scope="col">{t("dossier.columns.what")}</th>
              <th scope="col">{t("dossier.columns.state")}</th>
              <th scope="col">{t("dossier.columns.where")}</th>
              <th scope="col">{t("dossier.columns.since")}</th>
              <th scope="col">{t("dossier.columns.owner")}</th>
            </tr>
          </thead>
          <tbody>
            {things.map((thing) => (
              <Thing key={thing.id} row={{ ...thing, slot: 0 }} now={now} />
            ))}
          </tbody>
        </table>
      )}
      {unlisted > 0 && <p className={styles.quiet}>{t("dossier.more", { count: unlisted })}</p>}
    </section>
  );
}

function Thing({ row, now }: { row: EntityRow; now: number | null }) {
  const { t, language } = useWords();
  const feeds = useFeeds();
  const titleOfDepartment = useDepartments();
  const feed = feeds.find(({ id }) => id === feedOfEntityId(row.id));
  const at = beganAt(row);
  return (
    <tr>
      <th scope="row">{titleOf(row, language)}</th>
      <td>{stateOf(row, now, feed?.status ?? "fresh", language)}</td>
      <td>{placeOf(row, language)}</td>
      <td>{at === null || now === null ? t("map.list.noTime") : formatAge((now - at) / 1_000, language)}</td>
      <td>{feed && titleOfDepartment(feed.department)}</td>
    </tr>
  );
}

function useDepartments(): (id: string) => string {
  const { text } = useWords();
  const departments = useCity()?.departments ?? [];
  return (id) => {
    const found = departments.find((one) => one.id === id);
    return found ? text(found.title) : id;
  };
}

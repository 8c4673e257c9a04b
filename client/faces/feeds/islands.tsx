import type { FeedQuality } from "../../../shared/feed-quality.ts";
import { islandsOf, type Island } from "../../../shared/islands.ts";
import { kinds } from "../../../shared/kinds.ts";
import { useCity, useFeeds } from "../../live/store.ts";
import { Shape, type ShapeName } from "../../look/shapes.tsx";
import { useWords } from "../../words/words.ts";
import { Link } from "../link.tsx";
import styles from "./feeds.module.css";

const shapes = {
  shared: "on-target",
  dead: "down",
  waiting: "waiting",
  forbidden: "forbidden",
} as const satisfies Record<Island["state"], ShapeName>;

/** Kinds of data × departments: who shares what, what is dead, built twice, or about to be forbidden. */
export function Islands({ qualities }: { qualities: ReadonlyMap<string, FeedQuality> }) {
  const { t, text } = useWords();
  const city = useCity();
  const feeds = useFeeds();
  if (city === null || qualities.size === 0) return null;
  const islands = islandsOf(feeds, qualities);
  const byPlace = new Map(islands.map((island) => [`${island.kind} ${island.department}`, island]));
  const sharing = new Set(islands.map(({ department }) => department));
  const departments = city.departments.filter(({ id }) => sharing.has(id));
  const silent = city.departments.filter(({ id }) => !sharing.has(id)).map(({ title }) => text(title));
  const told = kinds.filter((kind) => islands.some((island) => island.kind === kind));
  const count = (which: (island: Island) => boolean): number => islands.filter(which).length;
  return (
    <>
      <p className={styles.lead}>
        {t("faces.islands.lead")}{" "}
        {t("faces.islands.counts", {
          forbidden: count(({ state }) => state === "forbidden"),
          shared: count(({ state }) => state === "shared"),
          dead: count(({ state }) => state === "dead"),
          twice: new Set(islands.filter(({ alsoOf }) => alsoOf.length > 0).map(({ kind }) => kind)).size,
          agreement: count(({ agreement }) => agreement !== null),
        })}{" "}
        {silent.length > 0 && t("faces.islands.silent", { departments: silent.join(t("faces.islands.and")) })}
      </p>
      {/* What scrolls must be reached by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.across} role="region" aria-label={t("faces.islands.title")} tabIndex={0}>
        <table className={`${styles.table} ${styles.islands}`} aria-label={t("faces.islands.title")}>
          <thead>
            <tr>
              <th scope="col">{t("faces.islands.kind")}</th>
              {departments.map(({ id, title }) => (
                <th key={id} scope="col">
                  {text(title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {told.map((kind) => (
              <tr key={kind}>
                <th scope="row">{t(`map.kinds.${kind}`)}</th>
                {departments.map(({ id }) => (
                  <IslandCell key={id} island={byPlace.get(`${kind} ${id}`) ?? null} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function IslandCell({ island }: { island: Island | null }) {
  const { t, text } = useWords();
  const titles = new Map(useFeeds().map(({ id, title }) => [id, text(title)]));
  if (island === null) return <td className={styles.none}>{t("faces.quality.ungraded")}</td>;
  const { state, feeds, alsoOf, agreement, endsOn, reason } = island;
  return (
    <td data-doubt={state !== "shared" || agreement !== null}>
      <span className={styles.whole}>
        <Shape name={shapes[state]} /> {t(`faces.islands.state.${state}`)}
      </span>
      {alsoOf.length > 0 && <span className={styles.under}>{t("faces.islands.twice")}</span>}
      {reason !== null && <span className={styles.under}>{text(reason)}</span>}
      {agreement !== null && (
        <b className={styles.kept}>
          <Shape name="warning" /> {t(`faces.islands.agreement.${agreement}`, { date: endsOn ?? "" })}
        </b>
      )}
      {feeds.map((id) => (
        <span key={id} className={styles.under}>
          <Link to={`/feeds?feed=${encodeURIComponent(id)}`}>{titles.get(id) ?? id}</Link>
        </span>
      ))}
    </td>
  );
}

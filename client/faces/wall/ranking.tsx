import type { PartOf } from "../../../shared/wall.ts";
import { useCity, useConnection, useGroups, useIndicator, type GroupReading } from "../../live/store.ts";
import { useAreas } from "../../map/ground-data.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import { groupTitle } from "../group-title.ts";
import { levelOf, useGrouping } from "./grouping.ts";
import styles from "./ranking.module.css";
import { Section } from "./section.tsx";

const shownAtMost = 12;

/** Where most of a figure is: its groups in words and bars, the largest first. */
export function Ranking({ part: { indicator: id, by } }: { part: PartOf<"ranking"> }) {
  const { t, text, language } = useWords();
  const city = useCity();
  const connected = useConnection().state === "connected";
  const indicator = useIndicator(id);
  const groups = useGroups(id, by);
  const grouping = useGrouping(by);
  const areas = useAreas(levelOf(by)) ?? null;
  if (indicator === null || city === null) return null;
  const known = largestFirst(groups);
  const isAllZero = known.length === 0 && groups.some(({ reading }) => reading.value === 0);
  const most = known[0]?.value ?? 0;
  return (
    <Section shrinks title={text(indicator.title)} note={t("faces.wall.areas", { level: grouping })}>
      {known.length === 0 && (
        <p className={styles.none}>
          {isAllZero
            ? t("faces.wall.noneNow")
            : t("faces.wall.areasUnknown", { title: text(indicator.title) })}
        </p>
      )}
      <ol>
        {known.slice(0, shownAtMost).map(({ name, value, isFresh }) => (
          <li key={name} className={styles.group} data-fresh={isFresh && connected}>
            <span className={styles.name}>
              {groupTitle(name, by, { city, areas, titles: indicator.groupTitles }, language)}
            </span>
            <span
              className={styles.bar}
              style={{ "--share": most > 0 ? value / most : 0 }}
              aria-hidden="true"
            />
            <span className={styles.value}>{valueInWords(value, indicator.unit, language)}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function largestFirst(groups: readonly GroupReading[]): { name: string; value: number; isFresh: boolean }[] {
  return groups
    .flatMap(({ name, reading }) =>
      reading.value === null || reading.value === 0
        ? []
        : [{ name, value: reading.value, isFresh: reading.state === "fresh" }],
    )
    .toSorted((a, b) => b.value - a.value || a.name.localeCompare(b.name));
}

import type { WallDefinition } from "../../../shared/city.ts";
import { useCity, useConnection, useGroups, useIndicator, type GroupReading } from "../../live/store.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import styles from "./areas-section.module.css";
import { Section } from "./section.tsx";

const shownAtMost = 5;

/** Where most of the shaded figure is: the map's shading in words and bars. */
export function AreasSection({ shade }: { shade: NonNullable<WallDefinition["map"]["shade"]> }) {
  const { t, text, language } = useWords();
  const city = useCity();
  const connected = useConnection().state === "connected";
  const indicator = useIndicator(shade.indicator);
  const groups = useGroups(shade.indicator, `area.${shade.level}`);
  const level = city?.areaLevels.find((one) => one.level === shade.level);
  if (indicator === null || level === undefined) return null;
  const known = largestFirst(groups);
  const most = known[0]?.value ?? 0;
  return (
    <Section
      shrinks
      title={text(indicator.title)}
      note={t("faces.wall.areas", { level: text(level.title).toLocaleLowerCase(language) })}
    >
      {known.length === 0 && (
        <p className={styles.none}>{t("faces.wall.areasUnknown", { title: text(indicator.title) })}</p>
      )}
      <ol>
        {known.slice(0, shownAtMost).map(({ name, value, isFresh }) => (
          <li key={name} className={styles.area} data-fresh={isFresh && connected}>
            <span className={styles.name}>{areaTitle(name)}</span>
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

/** Areas are named by their id until the areas' own names travel: `south-of-market` reads `South of market`. */
export function areaTitle(id: string): string {
  const spaced = id.replaceAll(/[-_]/g, " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

import type { AreaCollection } from "../../../shared/areas.ts";
import type { Language, WallDefinition } from "../../../shared/city.ts";
import { useCity, useConnection, useGroups, useIndicator, type GroupReading } from "../../live/store.ts";
import { useAreas } from "../../map/ground-data.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import styles from "./areas-section.module.css";
import { Section } from "./section.tsx";

const shownAtMost = 12;

/** Where most of the shaded figure is: the map's shading in words and bars. */
export function AreasSection({ shade }: { shade: NonNullable<WallDefinition["map"]["shade"]> }) {
  const { t, text, language } = useWords();
  const city = useCity();
  const connected = useConnection().state === "connected";
  const indicator = useIndicator(shade.indicator);
  const groups = useGroups(shade.indicator, `area.${shade.level}`);
  const areas = useAreas(shade.level);
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
            <span className={styles.name}>{areaTitle(name, areas, language)}</span>
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

/** The area's own name; until the areas are loaded, its id in readable letters. */
function areaTitle(id: string, areas: AreaCollection | null, language: Language): string {
  const area = areas?.features.find((feature) => feature.properties.id === id);
  if (area) return area.properties.name[language];
  const spaced = id.replaceAll(/[-_]/g, " ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

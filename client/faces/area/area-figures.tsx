import { seriesId } from "../../../shared/city.ts";
import type { Dossier } from "../../../shared/dossier.ts";
import type { Reading } from "../../../shared/protocol.ts";
import { offTarget } from "../../../shared/target.ts";
import type { Indicator } from "../../live/live-store.ts";
import { useCity, useReadings } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatTarget, valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import { Link } from "../link.tsx";
import styles from "./area.module.css";

/** More areas beside each other nobody can read. */
const areasAtMost = 8;

type Areas = Dossier["areas"];

/** The figures that are measured for the areas of a level, area by area, as they are now. */
export function AreaFigures({ areas }: { areas: Areas }) {
  const levels = useCity()?.areaLevels ?? [];
  return levels.map(({ level }) => {
    const ofLevel = areas.filter((area) => area.level === level).slice(0, areasAtMost);
    return ofLevel.length > 0 && <LevelFigures key={level} level={level} areas={ofLevel} />;
  });
}

function LevelFigures({ level, areas }: { level: string; areas: Areas }) {
  const { t, text } = useWords();
  const indicators = (useCity()?.indicators ?? []).filter(({ by }) => by.includes(`area.${level}`));
  if (indicators.length === 0) return null;
  return (
    <section>
      <h3>{t("dossier.figures")}</h3>
      <div className={styles.wide}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("dossier.columns.figure")}</th>
              {areas.map(({ id, name }) => (
                <th key={id} scope="col" className={styles.number}>
                  {text(name)}
                </th>
              ))}
              <th scope="col" className={styles.number}>
                {t("dossier.columns.target")}
              </th>
              <th scope="col">{t("dossier.columns.owner")}</th>
            </tr>
          </thead>
          <tbody>
            {indicators.map((indicator) => (
              <FigureRow key={indicator.id} {...{ indicator, level, areas }} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function FigureRow({ indicator, level, areas }: { indicator: Indicator; level: string; areas: Areas }) {
  const { text, language } = useWords();
  const departments = useCity()?.departments ?? [];
  const ids = areas.map(({ id }) => seriesId(indicator.id, `area.${level}:${id}`));
  const readings = useReadings(ids);
  const owner = departments.find(({ id }) => id === indicator.department);
  const { unit, target } = indicator;
  return (
    <tr>
      <th scope="row">
        <Link to={`/explorer?show=${encodeURIComponent(ids[0] ?? indicator.id)}`}>
          {text(indicator.title)}
        </Link>
      </th>
      {readings.map((reading, i) => (
        <td key={ids[i]} className={styles.number}>
          <Figure reading={reading} indicator={indicator} />
        </td>
      ))}
      <td className={styles.number}>{target === null ? "" : formatTarget(target, unit, language)}</td>
      <td>{owner && text(owner.title)}</td>
    </tr>
  );
}

function Figure({ reading, indicator }: { reading: Reading | null; indicator: Indicator }) {
  const { t, language } = useWords();
  if (reading?.value == null) return "–";
  const isOff = reading.state === "fresh" && offTarget(reading.value, indicator) !== null;
  return (
    <span data-stale={reading.state !== "fresh"}>
      {isOff && (
        <>
          <Shape name="warning" /> <span className="visually-hidden">{t("faces.wall.offTargetNow")}</span>
        </>
      )}
      {valueInWords(reading.value, indicator.unit, language)}
    </span>
  );
}

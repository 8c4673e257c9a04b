import { deepDrivers } from "../../../shared/score.ts";
import { inputsOf } from "../../../shared/city.ts";
import type { PartOf } from "../../../shared/wall.ts";
import { store, useIndicator, useReading, useReadings, type Indicator } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatNumber } from "../../words/format-number.ts";
import { gapInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import styles from "./score.module.css";
import { Section } from "./section.tsx";
import { Provenance, useOwner, useTileState } from "./tile.tsx";

const shownAtMost = 4;
/** Points below which a figure hardly pulls. */
const worthNaming = 0.5;

/** A composite score as the wall's largest figure, with what it is made of, what pulls it down, and its definition. */
export function Score({ part }: { part: PartOf<"score"> }) {
  const indicator = useIndicator(part.indicator);
  return indicator === null ? null : <KnownScore indicator={indicator} />;
}

function KnownScore({ indicator }: { indicator: Indicator }) {
  const words = useWords();
  const { t, text, language } = words;
  const reading = useReading(indicator.id);
  const state = useTileState(indicator);
  const owner = useOwner(indicator);
  const drivers = useDrivers(indicator);
  const parts = inputsOf(indicator).filter((id) => store.indicator(id)?.unit === "score");
  return (
    <Section title={text(indicator.title)} note={t("faces.score.onTarget")}>
      <div className={styles.hero} data-data={state.data}>
        <p className={styles.score} data-indicator={indicator.id}>
          {state.value === null ? "—" : formatNumber(state.value, 0, language)}
        </p>
        <div className={styles.beside}>
          {state.off !== null && state.value !== null && indicator.target !== null && (
            <p className={styles.gap}>
              <Shape name={state.off} /> {gapInWords(state.value, indicator.target, indicator.unit, language)}
            </p>
          )}
          <p className={styles.provenance}>
            <Provenance state={state} reading={reading} owner={owner} words={words} stacked />
          </p>
        </div>
      </div>
      {parts.length > 0 && (
        <ul>
          {parts.map((id) => (
            <PartScore key={id} id={id} />
          ))}
        </ul>
      )}
      <ul className={styles.drivers} data-data={state.data} aria-label={t("faces.score.pulledBy")}>
        {drivers.map(({ id, pull }) => (
          <Driver key={id} id={id} pull={pull} />
        ))}
        {drivers.length === 0 && state.value !== null && (
          <li className={styles.driver}>{t("faces.score.nothingPulls")}</li>
        )}
      </ul>
      <p className={styles.definition} data-definition>
        {text(indicator.definition)}
      </p>
    </Section>
  );
}

/** The figures that pull a score down most, with the points that each takes away. */
function useDrivers(indicator: Indicator): readonly { readonly id: string; readonly pull: number }[] {
  useReadings(figuresBelow(indicator.id));
  return deepDrivers(
    indicator.id,
    (id) => store.indicator(id) ?? undefined,
    (id) => store.reading(id)?.value ?? null,
  )
    .filter(({ pull }) => pull >= worthNaming)
    .slice(0, shownAtMost)
    .map(({ indicator: id, pull }) => ({ id, pull }));
}

/** Everything that a score is made of, through the scores in between. */
function figuresBelow(id: string): readonly string[] {
  const definition = store.indicator(id);
  return definition === null ? [] : inputsOf(definition).flatMap((input) => [input, ...figuresBelow(input)]);
}

function PartScore({ id }: { id: string }) {
  const indicator = useIndicator(id);
  return indicator === null ? null : <KnownPart indicator={indicator} />;
}

/** A part has its own state: transport may be stale while security is live. */
function KnownPart({ indicator }: { indicator: Indicator }) {
  const { t, language } = useWords();
  const { data, value } = useTileState(indicator);
  return (
    <li className={styles.part} data-data={data}>
      <span>{t(`domains.${indicator.domain}`)}</span>
      <span className={styles.bar} style={{ "--share": (value ?? 0) / 100 }} aria-hidden="true" />
      <span className={styles.value}>{value === null ? "—" : formatNumber(value, 0, language)}</span>
    </li>
  );
}

function Driver({ id, pull }: { id: string; pull: number }) {
  const { text, language } = useWords();
  const indicator = useIndicator(id);
  if (indicator === null) return null;
  return (
    <li className={styles.driver}>
      <span className={styles.name}>{text(indicator.title)}</span>
      <span className={styles.pull}>−{formatNumber(pull, 1, language)}</span>
    </li>
  );
}

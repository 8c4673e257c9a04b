import { useCity, type Indicator } from "../../live/store.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import { moved, withValue } from "./edit.ts";
import { ChoiceField, NumberField, TextField } from "./fields.tsx";
import { numberAt, textAt } from "./json-at.ts";
import styles from "./admin.module.css";
import { scenesOf, type NamingPart } from "./wall-parts.ts";

interface Editing {
  readonly draft: string;
  readonly onChange: (draft: string) => void;
}

/** How a wall is looked at, and which figures stand where on its scenes. */
export function WallForm({ draft, onChange }: Editing) {
  const { t } = useWords();
  const set = (path: (string | number)[], value: unknown): void => onChange(withValue(draft, path, value));
  const number = (path: (string | number)[], label: string) => (
    <NumberField
      label={label}
      value={numberAt(draft, path)}
      onChange={(value) => set(path, value ?? undefined)}
    />
  );
  return (
    <>
      {number(["viewing", "distanceMetres"], t("faces.admin.distance"))}
      {number(["viewing", "diagonalInches"], t("faces.admin.diagonal"))}
      {scenesOf(draft).map(({ index, parts }) => (
        <fieldset key={index} className={styles.scene}>
          <legend>{textAt(draft, ["scenes", index, "id"])}</legend>
          <TextField
            label={t("faces.admin.titleEn")}
            lang="en"
            value={textAt(draft, ["scenes", index, "title", "en"])}
            onChange={(value) => set(["scenes", index, "title", "en"], value)}
          />
          <TextField
            label={t("faces.admin.titleZh")}
            lang="zh-Hans"
            value={textAt(draft, ["scenes", index, "title", "zh"])}
            onChange={(value) => set(["scenes", index, "title", "zh"], value)}
          />
          {number(["scenes", index, "seconds"], t("faces.admin.seconds"))}
          {parts.map((part) => (
            <PartEditor key={part.path.join(".")} part={part} draft={draft} onChange={onChange} />
          ))}
        </fieldset>
      ))}
    </>
  );
}

function PartEditor({ part, draft, onChange }: Editing & { part: NamingPart }) {
  const words = useWords();
  const indicators = useCity()?.indicators ?? [];
  const { t } = words;
  const known = part.domain === null ? indicators : indicators.filter(({ domain }) => domain === part.domain);
  const shape = part.shape === null ? "" : ` ${part.shape}`;
  const place = t(`faces.admin.region.${part.region}`) + shape;
  const what = t(`faces.admin.part.${part.show}`);
  const title =
    part.domain === null
      ? t("faces.admin.partIn", { part: what, place })
      : t("faces.admin.partOfDomainIn", { part: what, domain: t(`domains.${part.domain}`), place });
  if (part.indicators === null)
    return (
      <ChoiceField
        label={title}
        value={part.indicator ?? ""}
        choices={choicesOf(known, words)}
        onChange={(id) => onChange(withValue(draft, [...part.path, "indicator"], id))}
      />
    );
  const list = part.indicators;
  const setList = (ids: readonly string[]): void =>
    onChange(withValue(draft, [...part.path, "indicators"], ids));
  const free = known.filter(({ id }) => !list.includes(id));
  return (
    <div className={styles.part} role="group" aria-label={title}>
      <p className={styles.partTitle}>{title}</p>
      <ol>
        {list.map((id, i) => (
          <Entry
            key={id}
            title={titleOf(id, indicators, words)}
            isFirst={i === 0}
            isLast={i === list.length - 1}
            onMove={(by) => setList(moved(list, i, i + by))}
            onRemove={() => setList(list.toSpliced(i, 1))}
          />
        ))}
      </ol>
      <ChoiceField
        label={t("faces.admin.add")}
        value=""
        choices={[{ value: "", title: "…" }, ...choicesOf(free, words)]}
        onChange={(id) => id !== "" && setList([...list, id])}
      />
    </div>
  );
}

function Entry(props: {
  title: string;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}) {
  const { title, isFirst, isLast, onMove, onRemove } = props;
  const { t } = useWords();
  return (
    <li className={styles.entry}>
      <span>{title}</span>
      <button type="button" disabled={isFirst} onClick={() => onMove(-1)}>
        {t("faces.admin.up")}
      </button>
      <button type="button" disabled={isLast} onClick={() => onMove(1)}>
        {t("faces.admin.down")}
      </button>
      <button type="button" onClick={onRemove}>
        {t("faces.admin.remove")}
      </button>
    </li>
  );
}

function titleOf(
  id: string,
  indicators: readonly Pick<Indicator, "id" | "title">[],
  { text }: UsedWords,
): string {
  const indicator = indicators.find((one) => one.id === id);
  return indicator ? text(indicator.title) : id;
}

function choicesOf(indicators: readonly Pick<Indicator, "id" | "title">[], words: UsedWords) {
  return indicators.map(({ id }) => ({ value: id, title: `${titleOf(id, indicators, words)} (${id})` }));
}

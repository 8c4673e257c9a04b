import type { AreaCollection } from "../../../shared/areas.ts";
import { parseSeriesId, seriesId } from "../../../shared/city.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useGroups } from "../../live/store.ts";
import { useAreas } from "../../map/ground-data.ts";
import { useWords } from "../../words/words.ts";
import { groupTitle } from "../group-title.ts";
import { OneOf } from "./choice.tsx";
import styles from "./explorer.module.css";
import { areaLevelOf, groupingTitle } from "./naming.ts";
import { mostFigures, type View } from "./view.ts";

const wholeCity = "";

/** Chooses whose values are shown: the city's, every group's of a dimension, or single groups against each other. */
export function GroupPicker({
  city,
  view,
  onChange,
}: {
  city: CityBody;
  view: View;
  onChange: (view: View) => void;
}) {
  const words = useWords();
  const { t, text } = words;
  const indicators = view.figures.flatMap(
    (id) => city.indicators.find((one) => one.id === parseSeriesId(id).indicator) ?? [],
  );
  const [first] = indicators;
  const dimensions = Array.from(new Set(indicators.flatMap(({ by }) => by)));
  if (!first || dimensions.length === 0)
    return <p className={styles.quiet}>{t("explorer.groups.noGroups")}</p>;
  return (
    <>
      <OneOf
        title={t("explorer.choose.groups")}
        chosen={view.by ?? wholeCity}
        options={[
          [wholeCity, t("explorer.groups.city")],
          ...dimensions.map(
            (by) => [by, t("explorer.groups.each", { grouping: groupingTitle(by, city, words) })] as const,
          ),
        ]}
        onChoose={(by) =>
          onChange({ ...view, by: by === wholeCity ? null : by, figures: withoutGroups(view.figures) })
        }
      />
      {first.by.map((by) => (
        <Single
          key={by}
          by={by}
          title={t("explorer.groups.pick", {
            title: `${text(first.title)}, ${groupingTitle(by, city, words)}`,
          })}
          indicator={first.id}
          {...{ city, view, onChange }}
        />
      ))}
    </>
  );
}

function withoutGroups(figures: readonly string[]): string[] {
  return Array.from(new Set(figures.map((id) => parseSeriesId(id).indicator)));
}

function Single(props: {
  by: string;
  title: string;
  indicator: string;
  city: CityBody;
  view: View;
  onChange: (view: View) => void;
}) {
  const { by, title, indicator, city, view, onChange } = props;
  const options = useGroupOptions(indicator, by, city).map(({ name, words }) => ({
    id: seriesId(indicator, `${by}:${name}`),
    words,
  }));
  const toggle = (id: string): void => {
    const others = view.figures.filter((one) => one !== id && (view.by === null || one !== indicator));
    const figures = view.figures.includes(id) ? others : [...others, id];
    onChange({ ...view, by: null, figures: figures.length === 0 ? [indicator] : figures });
  };
  if (options.length === 0) return null;
  return (
    <fieldset className={styles.options}>
      <legend>{title}</legend>
      {options.map(({ id, words }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={view.figures.includes(id)}
            disabled={view.figures.length >= mostFigures && !view.figures.includes(id)}
            onChange={() => toggle(id)}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

/** The groups of a figure with their titles, in the order of those. */
export function useGroupOptions(
  indicator: string,
  by: string,
  city: CityBody,
): readonly { readonly name: string; readonly words: string }[] {
  const { language } = useWords();
  const groups = useGroups(indicator, by);
  const areas: AreaCollection | null = useAreas(areaLevelOf(by)) ?? null;
  const titles = city.indicators.find(({ id }) => id === indicator)?.groupTitles ?? {};
  return groups
    .map(({ name }) => ({ name, words: groupTitle(name, by, { city, areas, titles }, language) }))
    .toSorted((a, b) => a.words.localeCompare(b.words, language));
}

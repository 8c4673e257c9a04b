import { parseSeriesId } from "../../../shared/city.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { comparisons } from "../../../shared/series.ts";
import { useWords } from "../../words/words.ts";
import { formatAgainst, parseAgainst, canCompare } from "./against.ts";
import { Choice, OneOf } from "./choice.tsx";
import styles from "./explorer.module.css";
import { useGroupOptions } from "./group-picker.tsx";
import { againstTitle, groupingTitle, useNamedAreas } from "./naming.ts";
import type { View } from "./view.ts";

interface Props {
  readonly city: CityBody;
  readonly view: View;
  readonly onChange: (view: View) => void;
}

/** Chooses what is set beside the figures: another time, the whole city, another group. What this chart cannot show is said. */
export function CompareChoice({ city, view, onChange }: Props) {
  const words = useWords();
  const { t } = words;
  const { compare } = view;
  const group = compare === null || typeof compare === "string" ? null : compare.group;
  const areas = useNamedAreas(null, group === null ? [] : [`compared{${group}}`]);
  const said =
    compare === null ? t("explorer.compare.none") : againstTitle(compare, city, areas, view, words);
  const isShown = compare === null || canCompare(view, compare);
  const isDisabled = (text: string): boolean => {
    const against = parseAgainst(text);
    return against !== null && !canCompare(view, against);
  };
  const choice = {
    chosen: compare === null ? "none" : formatAgainst(compare),
    isDisabled,
    onChoose: (text: string) => onChange({ ...view, compare: parseAgainst(text) }),
  };
  const indicator = city.indicators.find(({ id }) => id === parseSeriesId(view.figures[0]!).indicator);
  const by = indicator?.by ?? [];
  const firstChoices = ["none", ...comparisons, ...(by.length > 0 ? (["city"] as const) : [])] as const;
  return (
    <Choice
      name={t("explorer.choose.compare")}
      value={isShown ? said : t("explorer.compare.notHere", { compared: said })}
    >
      {(!isShown || firstChoices.some(isDisabled)) && (
        <p className={styles.quiet}>
          {t("explorer.compare.cannot", { chart: t(`explorer.charts.${view.chart}`) })}
        </p>
      )}
      <OneOf
        {...choice}
        title={t("explorer.choose.compare")}
        options={firstChoices.map((one) => [one, t(`explorer.compare.${one}`)] as const)}
      />
      {by.map((dimension) => (
        <Groups
          key={dimension}
          {...{ city, choice }}
          title={groupingTitle(dimension, city, words)}
          indicator={indicator!.id}
          by={dimension}
        />
      ))}
    </Choice>
  );
}

function Groups(props: {
  city: CityBody;
  indicator: string;
  by: string;
  title: string;
  choice: { chosen: string; isDisabled: (text: string) => boolean; onChoose: (text: string) => void };
}) {
  const { city, indicator, by, title, choice } = props;
  const options = useGroupOptions(indicator, by, city);
  if (options.length === 0) return null;
  return (
    <OneOf
      {...choice}
      title={title}
      options={options.map(({ name, words }) => [`${by}:${name}`, words] as const)}
    />
  );
}

import { useWords, type Words } from "../../words/words.ts";
import { Choice, OneOf } from "./choice.tsx";
import styles from "./explorer.module.css";
import { aheadParts } from "./outlook-request.ts";
import { aheads, type Ahead, type View } from "./view.ts";

/** Chooses what stands beside the measured lines: what is usual, and what is to come. */
export function OutlookChoice({ view, onChange }: { view: View; onChange: (view: View) => void }) {
  const { t } = useWords();
  const { usual, ahead } = view;
  return (
    <Choice name={t("explorer.choose.outlook")} value={outlookInWords(view, t)}>
      <fieldset className={styles.options}>
        <legend>{t("explorer.usual.legend")}</legend>
        <label>
          <input
            type="checkbox"
            data-first
            checked={usual}
            onChange={() => onChange({ ...view, usual: !usual })}
          />
          {t("explorer.usual.choice")}
        </label>
      </fieldset>
      <OneOf
        title={t("explorer.forecast.title")}
        chosen={ahead ?? "none"}
        options={[
          ["none", t("explorer.forecast.none")],
          ...aheads.map((one) => [one, aheadInWords(one, t)] as const),
        ]}
        onChoose={(chosen) => onChange({ ...view, ahead: chosen === "none" ? null : chosen })}
      />
    </Choice>
  );
}

function outlookInWords({ usual, ahead }: View, t: Words): string {
  if (ahead === null) return t(usual ? "explorer.outlook.usual" : "explorer.outlook.none");
  return t(usual ? "explorer.outlook.both" : "explorer.outlook.forecast", { ahead: aheadInWords(ahead, t) });
}

function aheadInWords(ahead: Ahead, t: Words): string {
  const { count, unit } = aheadParts(ahead);
  return t(`explorer.forecast.next.${unit}`, { count });
}
